import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Command, Complaint, EXIT, type Streams, UsageError } from './command.ts'
import { freePort, listening } from './port.ts'

/** Starts a server and two hosts on this machine, to try things out; all of it ends with the command. */
export const cluster: Command = {
  name: 'cluster',
  summary: 'starts a NATS server and two hosts here, to try NatsExecutor',
  help: `Usage: lanewise cluster --dev [options]

Starts nats-server on a free port of this machine, and two workers, and prints the line that makes an executor of them. All of it ends with Ctrl-C, or when
this command ends in any other way. Nothing of it can be reached from outside.

  --dev            it is for development: no credentials, nothing kept
  --modules DIR    the package whose functions are run (default: this folder)
  --slots N        of each worker (default auto: one a core)
  --help           this text

It looks for nats-server in LANEWISE_NATS_SERVER and on PATH.
`,
  async run(args, { stdout, stderr }: Streams): Promise<number> {
    const { values } = parseArgs({
      args: [...args],
      options: {
        dev: { type: 'boolean', default: false },
        modules: { type: 'string', default: '.' },
        slots: { type: 'string', default: 'auto' },
      },
    })
    if (!values.dev) {
      throw new UsageError(
        'cluster takes --dev, got none; for a real one start nats-server, and lanewise worker on each machine',
      )
    }
    const program = findServer()
    const folder = mkdtempSync(join(tmpdir(), 'lanewise-cluster-'))
    const children: ChildProcess[] = []
    const stop = new AbortController()
    const told = (): void => stop.abort()
    process.on('SIGINT', told)
    process.on('SIGTERM', told)
    try {
      const port = await freePort()
      const url = `nats://127.0.0.1:${port}`
      const server = start(program, ['-js', '-a', '127.0.0.1', '-p', String(port), '-sd', join(folder, 'store')])
      children.push(server)
      await listening(port, server)
      const keys = writeKeys(folder)
      const hosts = [0, 1].map(() => {
        const options = ['--insecure', '--servers', url, '--modules', resolve(values.modules), '--slots', values.slots]
        const main = process.argv[1] ?? ''
        const child = start(process.execPath, [main, 'worker', ...options, '--allow-source', keys.public])
        child.stderr?.setEncoding('utf8').on('data', (text: string) => stderr.write(text))
        return child
      })
      children.push(...hosts)
      await Promise.all(hosts.map(isReady))
      stdout.write(
        "import { NatsExecutor } from 'lanewise/nats'\n" +
          `const pool = new NatsExecutor({ servers: '${url}', signingKey: ${JSON.stringify(keys.private)} })\n`,
      )
      stderr.write('lanewise cluster: it runs until Ctrl-C\n')
      const ended = children.map(async (child) => await once(child, 'exit'))
      await Promise.race([...ended, ...(stop.signal.aborted ? [] : [once(stop.signal, 'abort')])])
      if (stop.signal.aborted) return EXIT.ok
      throw new Complaint('a part of the cluster ended by itself; what it said is above')
    } finally {
      process.off('SIGINT', told)
      process.off('SIGTERM', told)
      await Promise.all(children.map(end))
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** Where nats-server is. Errors: Complaint, with the ways to get one. */
export function findServer(env: NodeJS.ProcessEnv = process.env): string {
  const { LANEWISE_NATS_SERVER: named, PATH = '' } = env
  const isFile = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isFile() === true
  if (named !== undefined && named !== '') {
    if (isFile(named)) return named
    throw new Complaint(`LANEWISE_NATS_SERVER must be the program nats-server, and there is none at ${named}`)
  }
  const name = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server'
  const places = [...PATH.split(delimiter).filter((folder) => folder !== ''), '/usr/sbin', '/usr/local/sbin']
  const found = places.map((folder) => join(folder, name)).find(isFile)
  if (found !== undefined) return found
  throw new Complaint(
    'there is no nats-server on PATH; install it by apt install nats-server, brew install nats-server or go install github.com/nats-io/nats-server/v2@latest, ' +
      'or name it in LANEWISE_NATS_SERVER',
  )
}

/**
 * Runs a program below a process that ends it when this one is gone, in whatever way: that sees the end of its channel, where a program that is not Node's
 * sees nothing.
 */
const KEEPER = `
const { spawn } = require('node:child_process')
const [file, ...args] = process.argv.slice(1)
const child = spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit'] })
const end = () => child.kill('SIGTERM')
process.on('disconnect', end)
process.on('SIGTERM', end)
process.on('SIGINT', () => {}) // Ctrl-C reaches all of us: our owner says when
child.on('error', (error) => { console.error(error.message); process.exit(1) })
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGTERM' ? 0 : 1)))
`

function start(file: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['-e', KEEPER, file, ...args], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

/** Errors: Complaint, if it ends before. */
async function isReady(child: ChildProcess): Promise<void> {
  await new Promise<void>((ready, failed) => {
    let said = ''
    child.stderr?.on('data', (text: string) => {
      said += text
      if (/ has \d+ slots/.test(said)) ready()
    })
    child.once('exit', () => failed(new Complaint('a worker ended before it was ready; what it said is above')))
  })
}

function writeKeys(folder: string): { public: string; private: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const files = { public: join(folder, 'signing.pub.pem'), private: join(folder, 'signing.pem') }
  writeFileSync(files.public, publicKey.export({ type: 'spki', format: 'pem' }))
  writeFileSync(files.private, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  return files
}
