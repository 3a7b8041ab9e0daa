import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { isOnPath } from '../../../scripts/setup/programs.mjs'
import { CannotMeasure } from '../../harness/case.mjs'

const source = fileURLToPath(new URL('kernels.c', import.meta.url))

/** What a C programmer gives the compiler, by what he asks of it. @type {Record<string, readonly string[]>} */
export const C_FLAGS = {
  // Bit for bit what is written: nothing contracted or re-associated.
  'C, strict': ['-O3', '-march=native', '-ffp-contract=off'],
  // With glibc this calls the vector functions of libmvec, accurate to 4 ULP.
  'C, fast-math': ['-O3', '-march=native', '-mprefer-vector-width=512', '-ffast-math'],
}

/**
 * The kernels of kernels.c, compiled in a folder of their own.
 *
 * Errors: CannotMeasure where there is no compiler that takes these flags.
 *
 * @param {readonly string[]} flags
 */
export function compileC(flags) {
  if (!isOnPath('cc')) throw new CannotMeasure('cc is not on PATH; install a C compiler to have this case')
  const folder = mkdtempSync(join(tmpdir(), 'lanewise-c-'))
  const program = join(folder, 'kernels')
  try {
    execFileSync('cc', [...flags, '-o', program, source, '-lm'], { stdio: 'pipe' })
  } catch (cause) {
    rmSync(folder, { recursive: true })
    throw new CannotMeasure(`cc does not compile ${source} with ${flags.join(' ')}`, { cause })
  }
  /** @type {(() => Promise<void>)[]} */
  const closers = []

  return {
    /**
     * A kernel that stays open over these columns: each call runs it once.
     *
     * @param {string} name
     * @param {readonly Float64Array[]} columns
     */
    open(name, columns) {
      const rows = columns[0]?.length ?? 0
      const file = join(folder, `${closers.length}.f64`)
      const bytes = columns.map((column) =>
        Buffer.from(new Uint8Array(column.buffer, column.byteOffset, column.byteLength)),
      )
      writeFileSync(file, Buffer.concat([...bytes, Buffer.alloc(8 * rows)]))
      const child = spawn(program, [name, `${rows}`, `${columns.length}`, file], { stdio: ['pipe', 'pipe', 'inherit'] })
      const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      closers.push(
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
          if (done) throw new Error(`${name} in C ended; what is above says why`)
          return Number(value)
        },
        results() {
          const whole = readFileSync(file)
          return new Float64Array(whole.buffer, whole.byteOffset + 8 * rows * columns.length, rows)
        },
      }
    },
    async close() {
      await Promise.all(closers.map((close) => close()))
      rmSync(folder, { recursive: true })
    },
  }
}
