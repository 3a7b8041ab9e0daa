import { LanewiseError } from '../errors.ts'
import { nearest } from '../nearest.ts'
import { ownVersion } from '../version.ts'
import { bench } from './bench.ts'
import { cluster } from './cluster.ts'
import { type Command, Complaint, EXIT, type Streams, UsageError } from './command.ts'
import { compare } from './compare.ts'
import { doctor } from './doctor.ts'
import { explain } from './explain.ts'
import { pool } from './pool.ts'
import { report } from './report.ts'
import { narrow } from './style.ts'
import { trace } from './trace.ts'
import { tune } from './tune.ts'
import { worker } from './worker.ts'

const COMMANDS: readonly Command[] = [doctor, tune, bench, compare, report, explain, trace, worker, cluster, pool]

/** Runs `lanewise` with these arguments: the exit code. Never rejects. */
export async function runCommand(args: readonly string[], streams: Streams): Promise<number> {
  const [first, ...rest] = args
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    say(overview(), streams)
    return EXIT.ok
  }
  if (first === '--version' || first === '-v') {
    streams.stdout.write(`${ownVersion()}\n`)
    return EXIT.ok
  }
  const command = COMMANDS.find(({ name }) => name === first)
  if (command === undefined) {
    const meant = nearest(
      first,
      COMMANDS.map(({ name }) => name),
    )
    return complain(
      `there is no command ${first}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
      'lanewise --help',
      streams,
    )
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    say(command.help, streams)
    return EXIT.ok
  }
  try {
    return await command.run(rest, streams)
  } catch (error) {
    if (isUsageError(error)) return complain(error.message, `lanewise ${command.name} --help`, streams)
    streams.stderr.write(`lanewise: ${describe(error)}\n`)
    return EXIT.failure
  }
}

function say(text: string, { stdout }: Streams): void {
  stdout.write(narrow(text, stdout.columns ?? Number.POSITIVE_INFINITY))
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length))
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}   ${summary}\n`)
  return `Usage: lanewise <command> [options]\n\n${lines.join('')}\nlanewise <command> --help says more; --version is this one's.\n`
}

function complain(what: string, help: string, { stderr }: Streams): number {
  stderr.write(`lanewise: ${what}\n${help} says how it is called\n`)
  return EXIT.usage
}

/** With its stack, unless it says by itself what to do. */
function describe(error: unknown): string {
  if (error instanceof Complaint || error instanceof LanewiseError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true
  return error instanceof Error && String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS_')
}
