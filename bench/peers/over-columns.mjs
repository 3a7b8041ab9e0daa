import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/**
 * Programs in other languages that run kernels over columns of doubles, in a folder of their own.
 *
 * A program is given the name of a kernel, rows, columns, and a file of the columns with room for the results behind them. For each line that comes it runs
 * the kernel once, writes the results to the file, and answers with the milliseconds that the loop took.
 */
export class OverColumns {
  folder = mkdtempSync(join(tmpdir(), 'lanewise-bench-'))
  /** @type {(() => Promise<void>)[]} */
  #closers = []

  /**
   * A kernel that stays open over these columns.
   *
   * @param {readonly [string, ...string[]]} command
   * @param {string} name
   * @param {readonly Float64Array[]} columns
   */
  open([program, ...args], name, columns) {
    const rows = columns[0]?.length ?? 0
    const file = join(this.folder, `${this.#closers.length}.f64`)
    const bytes = columns.map((column) => new Uint8Array(column.buffer, column.byteOffset, column.byteLength))
    writeFileSync(file, Buffer.concat([...bytes, Buffer.alloc(8 * rows)]))
    const child = spawn(program, [...args, name, `${rows}`, `${columns.length}`, file], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    this.#closers.push(
      () =>
        new Promise((resolve) => {
          child.once('close', () => resolve())
          child.stdin.end()
        }),
    )
    return {
      /** Milliseconds of the loop. */
      async run() {
        child.stdin.write('\n')
        const { value, done } = await answers.next()
        if (done) throw new Error(`${name} by ${program} ended; what is above says why`)
        return Number(value)
      },
      results() {
        const whole = readFileSync(file)
        return new Float64Array(whole.buffer, whole.byteOffset + 8 * rows * columns.length, rows)
      },
    }
  }

  async close() {
    await Promise.all(this.#closers.map((close) => close()))
    rmSync(this.folder, { recursive: true })
  }
}
