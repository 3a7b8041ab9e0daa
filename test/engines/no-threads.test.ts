import { expect, it, vi } from 'vitest'
import { InlineExecutor } from '../../src/executors/inline.ts'
import { ThreadPoolExecutor } from '../../src/executors/threads.ts'
import { range } from '../../src/inputs/range.ts'
import { axpy } from './support/axpy.ts'

// An addon whose pool cannot start a thread.
vi.mock('../../src/native/load.ts', () => {
  class Session {
    submit(): never {
      throw Object.assign(new Error('no thread could be started: too many'), { code: 'ERR_LANEWISE_NO_THREADS' })
    }

    takeSettled(): number[] {
      return []
    }

    release(): null {
      return null
    }
  }
  const binding = { Session, isas: () => ['avx512', 'avx2'], compile: () => ({}) }
  return { loadNative: () => ({ binding, from: 'here' }) }
})

const rows = 100_000
const expected = Float64Array.from({ length: rows }, (_, i) => 2 * i + i)

it('goes on with wasm where the native engine has no thread, and says why', async () => {
  for (const pool of [new ThreadPoolExecutor({ maxWorkers: 2 }), new InlineExecutor()]) {
    const result = pool.map(axpy(2), Float64Array.from(range(rows)), range(rows))
    expect(await result).toEqual(expected)
    expect(result.stats).toMatchObject({ engine: 'wasm', why: 'no thread could be started for the native engine' })
    expect(pool.mapSync(axpy(2), Float64Array.from(range(rows)), range(rows))).toEqual(expected)
    // Enough rows for a fold.
    expect(await pool.reduce(axpy(2), range(300_000), range(300_000), { op: 'max' })).toBe(3 * 299_999)
    await pool.shutdown()
  }
})

it('fails where the native engine was asked for by name', async () => {
  await using pool = new ThreadPoolExecutor({ maxWorkers: 2, engine: 'native' })
  await expect(pool.map(axpy(2), range(rows), range(rows))).rejects.toMatchObject({ code: 'ERR_LANEWISE_NO_THREADS' })
})
