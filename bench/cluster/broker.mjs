import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { loadSource } from '../../scripts/load-source.mjs'
import { CannotMeasure } from '../harness/case.mjs'

/** @type {typeof import('../../src/cli/port.ts')} */
const { freePort, listening } = await loadSource('src/cli/port.ts')

/** What Linux counts the time of processes in. */
const TICK_MS = 10

/** A server of this process, on a port of its own, that ends with it. */
class Server {
  /** @type {string} */
  address
  #child
  #folder

  /**
   * @param {string} address
   * @param {import('node:child_process').ChildProcess} child
   * @param {string} folder
   */
  constructor(address, child, folder) {
    this.address = address
    this.#child = child
    this.#folder = folder
    process.once('exit', () => this.#kill())
  }

  /** The most memory that it ever had, in MiB; undefined where the system does not say. */
  get mostMemory() {
    try {
      const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')) ?? []
      return kib === undefined ? undefined : Number(kib) / 1024
    } catch {
      return undefined // not Linux
    }
  }

  /** Its time on any core so far, in ms; undefined where the system does not say. */
  get cpuMs() {
    try {
      const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      return (Number(fields[11]) + Number(fields[12])) * TICK_MS
    } catch {
      return undefined // not Linux
    }
  }

  async close() {
    const gone = once(this.#child, 'exit')
    this.#kill()
    await gone
    rmSync(this.#folder, { recursive: true, force: true }) // what it wrote in its last moment
  }

  #kill() {
    this.#child.kill('SIGKILL')
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** A NATS server with JetStream, as it comes. Errors: CannotMeasure where there is none. */
export function startNats() {
  const file = programOf('LANEWISE_NATS_SERVER', 'nats-server')
  return start('nats', file, (port, folder) => ['-js', '-a', '127.0.0.1', '-p', String(port), '-sd', folder])
}

/** A Redis server that keeps what it has in memory alone. Errors: CannotMeasure where there is none. */
export function startRedis() {
  const file = programOf('LANEWISE_REDIS_SERVER', 'redis-server')
  const args = ['--save', '', '--appendonly', 'no', '--bind', '127.0.0.1', '--port']
  return start('redis', file, (port, folder) => [...args, String(port), '--dir', folder])
}

/**
 * @param {string} scheme
 * @param {string} file
 * @param {(port: number, folder: string) => string[]} argsFor
 */
async function start(scheme, file, argsFor) {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'lanewise-bench-'))
  const child = spawn(file, argsFor(port, folder), { stdio: 'ignore' })
  const server = new Server(`${scheme}://127.0.0.1:${port}`, child, folder)
  await listening(port, child)
  return server
}

/**
 * @param {string} variable that may name it
 * @param {string} name
 */
function programOf(variable, name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  const found = [process.env[variable] ?? '', ...folders.map((folder) => join(folder, name))].find(
    (file) => file !== '' && existsSync(file),
  )
  if (found === undefined) throw new CannotMeasure(`there is no ${name} on PATH, nor in ${variable}`)
  return found
}
