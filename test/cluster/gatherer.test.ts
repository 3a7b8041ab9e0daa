import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { range, repeat } from '../../src/index.ts'
import { begun, hasBegun, numbers } from './watched.ts'
import { calls, server, World } from './world.ts'

const BYTES = 400_000 // travels in its frame
const wait = new Int32Array(new SharedArrayBuffer(4))

describe.skipIf(server === undefined)('a caller who reads slowly', { timeout: 60_000 }, () => {
  it('is sent no more than its buffer holds, and all of it in the end', async () => {
    await using world = await World.open()
    await using pool = world.executor()
    const file = join(world.folder, 'begun')
    const [rows, buffersize] = [60, 6]
    const result = pool.map(calls.heavy, repeat(file), repeat(BYTES), range(rows), { chunksize: 1, buffersize })
    const got: number[] = []
    for await (const bytes of result) {
      got.push(bytes[0] as number)
      const most = Math.min(rows, got.length + buffersize)
      await hasBegun(file, most - 1) // the hosts are ahead by all that they may be
      expect(begun(file).length).toBeLessThanOrEqual(most)
      expect(pool.stats().bytesReceived).toBeLessThanOrEqual(most * (BYTES + 1000))
    }
    expect(got).toEqual(numbers(rows))
    expect(begun(file).sort((a, b) => a - b)).toEqual(numbers(rows))
  })

  it('and does not come to acknowledge results within their lease: they are run again, and dropped', async () => {
    await using world = await World.open({ leaseMs: 1000 })
    await using pool = world.executor()
    const file = join(world.folder, 'begun')
    const rows = 60
    const got: number[] = []
    for await (const bytes of pool.map(calls.heavy, repeat(file), repeat(BYTES), range(rows), { chunksize: 1 })) {
      got.push(bytes[0] as number)
      if (got.length !== 10) continue
      // Nothing else happens in this thread, until what it did not take was begun once more.
      while (new Set(begun(file)).size === begun(file).length) Atomics.wait(wait, 0, 0, 20)
    }
    expect(got).toEqual(numbers(rows))
    expect(pool.stats().duplicates).toBeGreaterThan(0)
  })
})
