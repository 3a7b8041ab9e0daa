import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { build } from 'esbuild'

/** Nothing that a program started may outlive it by more: a user who starts it again would find two. The slowest of 105 on two busy cores took 0.06 s. */
const ORPHAN_MS = 2_000
/** A program that prints nothing for so long hangs. Larger: a hang is told after vitest's own limit, with nothing said. Smaller: a busy machine is one. */
const HANG_MS = 20_000

/** How a program ended. */
export interface End {
  /** Its exit code, or the signal that ended it, or `hung`. */
  readonly by: number | string
  readonly printed: string[]
  readonly said: string
  /** Processes of its pools that were still there two seconds later; `someone` holds its output open. */
  readonly left: (number | 'someone')[]
}

/** The programs beside this file, bundled with lanewise into a folder of their own: plain Node, none of vitest's transforms. */
export class Programs implements Disposable {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async bundle(...names: string[]): Promise<Programs> {
    const folder = mkdtempSync(join(tmpdir(), 'lanewise-teardown-'))
    await build({
      entryPoints: [
        ...names.map((name) => ({ in: join(import.meta.dirname, `${name}-program.ts`), out: name })),
        { in: join(import.meta.dirname, '../../../src/index.ts'), out: 'lanewise' },
      ],
      bundle: true,
      splitting: true,
      platform: 'node',
      target: 'node20.19',
      format: 'esm',
      outExtension: { '.js': '.mjs' },
      outdir: folder,
    })
    return new Programs(folder)
  }

  start(name: string, ...args: string[]): Program {
    return new Program(join(this.#folder, `${name}.mjs`), args)
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** A program that runs: a line on its input tells it to go on; its calls print `begun` with the process that they run in. */
export class Program {
  readonly end: Promise<End>
  readonly #child: ChildProcess
  readonly #lines: string[] = []
  readonly #watchers = new Set<() => void>()

  constructor(path: string, args: string[]) {
    const child = spawn(process.execPath, [path, ...args], { stdio: 'pipe' })
    this.#child = child
    child.stdin.on('error', () => {}) // it may end before it has read all
    let rest = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      this.#lines.push(...lines)
      for (const look of this.#watchers) look()
    })
    this.end = this.#ended(text(child.stderr))
    void this.end.then(() => {
      for (const look of this.#watchers) look()
    })
  }

  /** The other processes in which calls have begun. */
  get workers(): number[] {
    const pids = this.#begun().map((line) => Number(line.slice('begun '.length)))
    return [...new Set(pids)].filter((pid) => pid !== this.#child.pid)
  }

  /** Waits until so many calls have begun. */
  begun(count: number): Promise<void> {
    return this.#until(() => this.#begun().length >= count, `${count} calls have begun`)
  }

  /** Waits until it has printed `line` so many times. */
  printed(line: string, times = 1): Promise<void> {
    return this.#until(() => this.#lines.filter((each) => each === line).length >= times, `it has printed ${line}`)
  }

  tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`)
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  #begun(): string[] {
    return this.#lines.filter((line) => line.startsWith('begun '))
  }

  /** Waits for an event of the output; a program that ends first says why. */
  #until(isSo: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (isSo()) {
          this.#watchers.delete(look)
          resolve()
        }
      }
      this.#watchers.add(look)
      void this.end.then((end) => reject(new Error(`ended before ${what}: ${JSON.stringify(end)}`)))
      look()
    })
  }

  async #ended(said: Promise<string>): Promise<End> {
    const child = this.#child
    let hung = false
    const limit = globalThis.setTimeout(() => {
      hung = true
      child.kill('SIGKILL')
    }, HANG_MS)
    child.stdout?.on('data', () => limit.refresh())
    // Whoever inherited its output has ended when that is closed, those that have never said a word too.
    const closed = new Promise<true>((resolve) => child.once('close', () => resolve(true)))
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.once('exit', (...how) => resolve(how))
    })
    clearTimeout(limit)
    const isClosed = await Promise.race([closed, setTimeout(ORPHAN_MS, false, { ref: false })])
    const left = [...(isClosed ? [] : (['someone'] as const)), ...(await stillAlive(this.workers))]
    for (const pid of left) if (typeof pid === 'number') process.kill(pid, 'SIGKILL')
    if (!isClosed) child.stdout?.destroy()
    if (!isClosed) child.stderr?.destroy()
    return {
      by: hung ? 'hung' : (code ?? signal ?? 'nothing'),
      printed: this.#lines,
      said: await said.catch(String),
      left,
    }
  }
}

/** Which of these processes are still there two seconds later. */
export async function stillAlive(pids: readonly number[]): Promise<number[]> {
  const end = performance.now() + ORPHAN_MS
  let alive = pids.filter(isAlive)
  while (alive.length > 0 && performance.now() < end) {
    await setTimeout(10)
    alive = alive.filter(isAlive)
  }
  return alive
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // One that has ended keeps its number until its new parent asks; in a container nobody may.
    return process.platform !== 'linux' || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
