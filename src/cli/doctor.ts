import { parseArgs } from 'node:util'
import { ownVersion } from '../version.ts'
import { type Command, EXIT, type Streams, UsageError } from './command.ts'
import { examineServers } from './doctor-servers.ts'
import { type EngineReport, type Examination, examine } from './examine.ts'
import { type Paint, painter, wrap } from './style.ts'

/** Says what lanewise finds on this machine: which engines work, which does not and why, and how many processors there are. */
export const doctor: Command = {
  name: 'doctor',
  summary: 'what lanewise finds here: processors, engines, and why one is not there',
  help: `Usage: lanewise doctor [--json] [--no-color]
       lanewise doctor --servers URLS [--json] [options]

Looks at this machine and tries each engine on a few rows; or looks at a NATS server: its version and limits, the round trip, a pool and the hosts alive.

  --json            one object for machines
  --no-color        plain text
  --servers URLS    nats://host:port, several with commas between; with it the options of lanewise pool that say who one is, and
  --pool NAME       (default: default)
  --help            this text

Exits with 0 if all is well, and with 1 if something that is there, or that LANEWISE_ENGINE asks for, does not work.
An engine that is merely not installed is well: the others serve.
`,
  async run(args, { stdout }: Streams): Promise<number> {
    const { values } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        color: { type: 'boolean', default: true },
        servers: { type: 'string' },
        ...Object.fromEntries(BROKER.map((name) => [name, { type: 'string' as const }])),
      },
      allowNegative: true,
    })
    if (values.servers !== undefined) return await examineServers(values, stdout)
    const stray = BROKER.find((name) => name in values)
    if (stray !== undefined) throw new UsageError(`--${stray} is of a server, and there is none; name it by --servers`)
    const found = await examine(ownVersion())
    if (values.json) stdout.write(`${JSON.stringify(found)}\n`)
    else stdout.write(print(found, painter(stdout, values.color), stdout.columns ?? Number.POSITIVE_INFINITY))
    return found.problems.length === 0 ? EXIT.ok : EXIT.failure
  },
}

/** Options that are of a broker. */
const BROKER = ['pool', 'prefix', 'credentials', 'user', 'tls-ca', 'tls-cert', 'tls-key']

const INDENT = ' '.repeat(18)

/** The examination as text, no line of it wider than `width`, but for words that are. */
export function print(found: Examination, paint: Paint, width: number): string {
  const { processors, engines, problems } = found
  const yes = (holds: boolean): string => (holds ? paint('green', 'yes') : paint('red', 'no'))
  const lines = [
    paint('bold', `lanewise ${found.lanewise} on Node ${found.node}, ${found.platform} ${found.arch}`),
    '',
    `  processors      ${describeProcessors(processors)}`,
    `  shared memory   ${yes(found.sharedMemory)}`,
    `  WASM SIMD       ${yes(found.simd.wasm)}`,
    `  relaxed SIMD    ${found.simd.relaxed ? 'yes' : 'no'}, not used yet`,
    '',
    paint('bold', 'engines'),
    '',
    ...engines.flatMap((engine) => describeEngine(engine, paint, width)),
    '',
    ...wrap(verdict(found), width),
    ...problems.flatMap((problem) => wrap(problem, width - 2).map((line, i) => `${i === 0 ? '- ' : '  '}${line}`)),
  ]
  return `${lines.join('\n')}\n`
}

function describeProcessors({ available, total, cgroup, native }: Examination['processors']): string {
  const limits = [
    cgroup === null ? undefined : `its control group allows ${cgroup}`,
    native === null || native === available ? undefined : `the addon counts ${native}`,
  ].filter((limit) => limit !== undefined)
  return [`${available} of ${total}`, ...limits].join(', ')
}

function describeEngine(
  { name, works, isMissing, from, reasons, isa, isas = [] }: EngineReport,
  paint: Paint,
  width: number,
): string[] {
  const state = works
    ? paint('green', 'works')
    : isMissing
      ? paint('yellow', from === undefined ? 'not installed' : 'not for this processor')
      : paint('red', 'does not work')
  const notes = [
    ...(from === undefined ? [] : [from]),
    ...(isa === undefined ? [] : [`makes code for ${isa}, of ${isas.join(', ')}`]),
    ...reasons,
    ...(isMissing && from === undefined ? HOW_TO_INSTALL : []),
  ]
  const indented = notes.flatMap((note) => wrap(note, width - INDENT.length)).map((line) => paint('dim', INDENT + line))
  return [`  ${name.padEnd(INDENT.length - 2)}${state}`, ...indented]
}

const HOW_TO_INSTALL = [
  'To have it: in a clone, npm run setup builds it, where there is Rust.',
  'Installed from npm, it comes with the package for this platform; npm forgets that where the lock file was made on another one: delete node_modules and package-lock.json, and install again.',
]

function verdict({ engine, override, problems }: Examination): string {
  const runs = engine === null ? 'Kernels cannot run here.' : `Kernels run on ${engine}.`
  const but = override === null ? '' : ` But LANEWISE_ENGINE is ${override}, and overrides all.`
  return `${runs}${but} ${problems.length === 0 ? 'All is well.' : 'Something is wrong:'}`
}
