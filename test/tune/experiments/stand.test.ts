import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { Stand } from '../../../src/tune/experiments/stand.ts'

const stands: Stand[] = []
afterEach(() => {
  for (const stand of stands.splice(0)) stand.leave()
})

async function open(workload: string, engine: string): Promise<Stand> {
  const stand = await Stand.open(workload, engine)
  stands.push(stand)
  return stand
}

describe('a stand', () => {
  it.each(['threads', 'boxed', 'processes', 'js', 'wasm', 'native'])(
    'runs and verifies a workload on %s',
    async (engine) => {
      const stand = await open('collatz', engine)
      const run = { workers: 2, chunksize: 25, items: 100 } as const
      const measured = await stand.run(run, 60_000)
      expect(measured?.run.chunks).toBe(4)
      expect(measured?.run.makespanMs).toBeGreaterThan(0)
      expect(measured?.lines).toEqual([])
      expect(await stand.runPlainly(100, 60_000)).toBeGreaterThan(0)
    },
  )

  it('tells of chunks and of their order where that is asked for', async () => {
    const stand = await open('clustered', 'threads')
    const run = { workers: 2, chunksize: 10, items: 95, traces: true, reading: {} } as const
    const measured = await stand.run(run, 60_000)
    expect(measured?.lines.length).toBe(10)
    expect(measured?.delivered.at(-1)?.[1]).toBe(95)
  })

  it('reads in the way that is asked for', async () => {
    const stand = await open('triangle', 'threads')
    for (const reading of [{ buffersize: 8 }, { slowUs: 50 }, { perMs: 50 }]) {
      const measured = await stand.run({ workers: 2, chunksize: 'auto', items: 60, reading, traces: true }, 60_000)
      expect(measured?.delivered.at(-1)?.[1], JSON.stringify(reading)).toBe(60)
    }
  })

  it('has the same results when it is disturbed', async () => {
    const stand = await open('sparse', 'threads')
    for (const disturbance of ['straggler', 'hybrid', 'hog', 'garbage', 'cold'] as const) {
      const run = { workers: 2, chunksize: 5, items: 40, disturbance } as const
      for (let i = 0; i < 2; i++) expect((await stand.run(run, 60_000))?.run.chunks, disturbance).toBe(8)
    }
  })

  it('leaves out a part of auto, and has all results', async () => {
    const stand = await open('late-spike', 'threads')
    for (const without of ['give-back', 'taper', 'probe', 'prefetch', 'speed'] as const) {
      const measured = await stand.run({ workers: 2, chunksize: 'auto', items: 400, without }, 60_000)
      expect(measured?.run.chunks, without).toBeGreaterThan(0)
      if (without === 'give-back') expect(measured?.run.givenBack).toBe(0)
    }
  })

  it('says of a run that takes too long only that it was stopped, and goes on', async () => {
    const stand = await open('triangle', 'threads')
    const run = { workers: 1, chunksize: 1, items: 20_000 } as const
    expect(await stand.run(run, 1)).toBeUndefined()
    expect((await stand.run({ ...run, items: 20 }, 60_000))?.run.chunks).toBe(20)
  })

  it('finds how many items a time is enough for', async () => {
    const stand = await open('triangle', 'threads')
    const few = await stand.itemsFor(0.1, 2)
    expect(few).toBeGreaterThanOrEqual(1)
    expect(await stand.itemsFor(200, 2)).toBeGreaterThan(few)
  })

  it('refuses a workload that is not there, and one that the engine cannot run', async () => {
    await expect(Stand.open('colatz', 'threads')).rejects.toThrow(
      "colatz on threads: a workload must be one of those that are there, got 'colatz'; did you mean collatz?",
    )
    await expect(Stand.open('json', 'wasm')).rejects.toThrow(
      'json on wasm: json is no kernel, which wasm runs; use threads',
    )
  })

  it('says so when its process ends', async () => {
    const program = fileURLToPath(new URL('fixtures/ends-at-once.mjs', import.meta.url))
    await expect(Stand.open('collatz', 'gone', program)).rejects.toThrow('the process of collatz on gone ended')
  })
})
