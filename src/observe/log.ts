import { appendFileSync } from 'node:fs'
import type { ChunkLine } from './chunk-line.ts'

/** Lines wait so long at most: one write a line would cost more than many a chunk. */
const LINES = 256

class ChunkLog {
  readonly #file: string
  #lines: string[] = []
  #isUnwritable = false

  constructor(file: string) {
    this.#file = file
    process.on('exit', () => this.flush())
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
