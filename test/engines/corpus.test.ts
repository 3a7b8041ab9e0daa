import { afterAll, describe, expect, it } from 'vitest'
import { InlineExecutor } from '../../src/executors/inline.ts'
import { ThreadPoolExecutor } from '../../src/executors/threads.ts'
import { type Kernel, type KernelOptions, kernel } from '../../src/kernel/kernel.ts'
import { meant } from '../kernel/corpus/entry.ts'
import { themes } from '../kernel/corpus/themes.ts'
import { plainFunction } from '../kernel/support/plain.ts'
import { drawsFrom } from '../kernel/support/random-number.ts'
import { isNative } from './support/native.ts'
import { bits, numbers, sharedNumbers, TYPES } from './support/values.ts'

const inline = new InlineExecutor()
const threads = new ThreadPoolExecutor({ maxWorkers: 2 })
afterAll(() => Promise.all([inline.shutdown(), threads.shutdown()]))

/** Past a vector, and odd. */
const ROWS = 37

const WAYS = [
  { pool: inline, engine: 'js' },
  { pool: inline, engine: 'wasm' },
  { pool: threads, engine: 'js' },
  { pool: threads, engine: 'wasm' },
  ...(isNative ? [{ pool: threads, engine: 'native' as const }] : []),
] as const

describe.each(Object.entries(themes))('%s', (_, entries) => {
  it.each(entries.map((entry) => [entry.name, entry] as const))(
    '%s takes and gives arrays of every type',
    async (_, entry) => {
      const made = kernel(entry.fn, { with: entry.with } as KernelOptions) as Kernel
      const plain = plainFunction(String(entry.fn), entry.with)
      const draws = drawsFrom(3)
      // Numbers that make sense to it, and those that make none to anything.
      const rows = Array.from({ length: ROWS }, () => meant(entry, draws))
      const columns = entry.domains.map((_, i) =>
        Array.from({ length: ROWS }, (_, row) => (row % 3 === 2 ? numbers(ROWS, i)[row] : rows[row]?.[i]) as number),
      )
      for (const [i, type] of TYPES.entries()) {
        const inputs = columns.map((column, at) => new TYPES[(i + at) % TYPES.length]!(column))
        const wanted = Array.from({ length: ROWS }, (_, row) =>
          Number(plain(...inputs.map((input) => input[row] as number))),
        )
        const { pool, engine } = WAYS[i % WAYS.length]!
        expect(bits(await pool.map(made, ...inputs, { engine })), `${type.name} in, ${engine}`).toEqual(bits(wanted))
        const out = sharedNumbers(type, ROWS)
        await pool.map(made, ...inputs, { engine, out })
        expect(bits(out), `${type.name} out, ${engine}`).toEqual(bits(new type(wanted)))
      }
    },
  )
})
