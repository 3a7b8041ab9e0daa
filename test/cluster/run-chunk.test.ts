import { afterAll, describe, expect, it } from 'vitest'
import type { Section } from '../../src/cluster/frame.ts'
import type { FunctionManifest } from '../../src/cluster/manifest.ts'
import { Refusal } from '../../src/cluster/resolve.ts'
import { runFunction } from '../../src/cluster/run-chunk.ts'
import { packValues } from '../../src/cluster/values.ts'
import { InlineExecutor } from '../../src/index.ts'

const pool = new InlineExecutor()
afterAll(async () => await pool.shutdown())

function manifest(more: Partial<FunctionManifest>): FunctionManifest {
  const ref = { kind: 'builtin', id: 'x', name: 'x', path: ['x'] } as const
  return { kind: 'function', ref, raise: true, retries: 0, itemTimeout: undefined, spread: false, repeats: [], ...more }
}

const sections = (...inputs: unknown[][]): Section[] => inputs.map((values) => packValues(values, 0, values.length))
const { signal } = new AbortController()

/** Fails for 13. */
function add(a: number, b: number): number {
  if (a === 13) throw new RangeError('13 is none')
  return a + b
}

describe.each([
  { spread: false, columns: sections([1, 13, 3], [10, 20, 30]) },
  {
    spread: true,
    columns: sections([
      [1, 10],
      [13, 20],
      [3, 30],
    ]),
  },
])('a chunk, spread: $spread', ({ spread, columns }) => {
  it('ends at the first row that fails, where errors are raised', async () => {
    const { values, failures } = await runFunction(pool, add, manifest({ spread }), columns, 3, signal)
    expect(values).toEqual([11, undefined])
    expect(Array.from(failures, ([row, error]) => `${row}: ${error}`)).toEqual(['1: RangeError: 13 is none'])
  })

  it('goes on behind it, where they are not', async () => {
    const { values, failures } = await runFunction(pool, add, manifest({ spread, raise: false }), columns, 3, signal)
    expect(values).toEqual([11, undefined, 33])
    expect(Array.from(failures, ([row, error]) => `${row}: ${error}`)).toEqual(['1: RangeError: 13 is none'])
  })
})

it('rows of arguments that come as several inputs are refused', async () => {
  const columns = sections([[1, 2]], [[3, 4]])
  const ran = runFunction(pool, add, manifest({ spread: true }), columns, 1, signal)
  await expect(ran).rejects.toThrow(Refusal)
  await expect(ran).rejects.toThrow('rows of arguments are one input of a task, got 2')
})
