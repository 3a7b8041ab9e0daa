import { appendFileSync } from 'node:fs'

/** One chunk that came back, as a line of the chunk log. `schema` changes when a field changes its meaning. */
export interface ChunkLine {
  readonly schema: 1
  /** Counts the maps of this process. */
  readonly map: number
  /** The function's name. */
  readonly fn: string
  readonly engine: string
  readonly worker: number
  /** Rows `[start, end)` were sent; `done` of them have an outcome, the others were given back or dropped. */
  readonly start: number
  readonly end: number
  readonly done: number
  /** Milliseconds: from the call of `map` to the answer, and that the worker spent in the chunk. */
  readonly atMs: number
  readonly execMs: number
  /** What `auto` thought that the chunk would last at most before it gave back; null: for ever. */
  readonly stopMs: number | null
}

/** Lines wait so long at most: one write a line would cost more than many a chunk. */
const LINES = 256

class ChunkLog {
  readonly #file: string
  #lines: string[] = []
  #maps = 0
  #isUnwritable = false

  constructor(file: string) {
    this.#file = file
    process.on('exit', () => this.flush())
  }

  /** A number for a new map. */
  nextMap(): number {
    return this.#maps++
  }

  add(line: ChunkLine): void {
    this.#lines.push(JSON.stringify(line))
    if (this.#lines.length >= LINES) this.flush()
  }

  flush(): void {
    if (this.#lines.length === 0) return
    const text = `${this.#lines.join('\n')}\n`
    this.#lines = []
    try {
      appendFileSync(this.#file, text)
    } catch (error) {
      if (this.#isUnwritable) return
      this.#isUnwritable = true
      process.emitWarning(`LANEWISE_CHUNK_LOG cannot be written: ${String(error)}`, 'LanewiseWarning')
    }
  }
}

/**
 * `LANEWISE_CHUNK_LOG=file` records every chunk there, a JSON object a line; undefined: it is not set.
 *
 * Lines are appended 256 at a time, when a map ends, and at the process's exit.
 */
export const chunkLog: ChunkLog | undefined = openLog(process.env.LANEWISE_CHUNK_LOG)

function openLog(file: string | undefined): ChunkLog | undefined {
  return file === undefined || file === '' ? undefined : new ChunkLog(file)
}
