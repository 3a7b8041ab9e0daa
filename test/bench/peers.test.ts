import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Stand } from '../../src/tune/experiments/stand.ts'

const pools = fileURLToPath(new URL('../../bench/experiments/pool-stand.mjs', import.meta.url))
const python = fileURLToPath(new URL('../../bench/experiments/python-stand.mjs', import.meta.url))
const packages = fileURLToPath(new URL('../../bench/peers/node_modules', import.meta.url))

const whyNoPools = existsSync(packages) ? undefined : 'the peers are installed by the first npm run bench'
const whyNoPython = spawnSync('python3', ['--version']).status === 0 ? undefined : 'python3 is not on PATH'
for (const why of [whyNoPools, whyNoPython]) if (why !== undefined) console.log(`some peers are skipped: ${why}`)

/** Runs some rows in chunks of `chunksize`; the stand compares them with a plain loop. */
async function run(program: string, workload: string, engine: string, chunksize: number) {
  const stand = await Stand.open(workload, engine, program)
  try {
    return await stand.run({ workers: 2, chunksize, items: 90 }, 60_000)
  } finally {
    await stand.close()
  }
}

describe.skipIf(whyNoPools !== undefined)('the stand of another pool', () => {
  it.each(['piscina', 'piscina, tuned', 'tinypool', 'workerpool', 'poolifier'])('runs chunks in %s', async (pool) => {
    expect((await run(pools, 'collatz', pool, 40))?.run).toMatchObject({ chunks: 3, makespanMs: expect.any(Number) })
  })

  it.each(['sparse', 'black-scholes', 'json'])(
    'runs a workload of several inputs, or of texts: %s',
    async (workload) => {
      expect((await run(pools, workload, 'tinypool', 50))?.run.chunks).toBe(2)
    },
  )

  it('refuses a pool that is not there', async () => {
    await expect(Stand.open('collatz', 'tinypol', pools)).rejects.toThrow('there is no pool tinypol; there are piscina')
  })
})

describe.skipIf(whyNoPython !== undefined)('the stand of Python', () => {
  it.each(['polynomial', 'primes', 'collatz', 'mandelbrot', 'clustered'])(
    'gives the results of the plain loop, to the bit: %s',
    async (workload) => {
      expect((await run(python, workload, 'python', 40))?.run).toMatchObject({
        chunks: 3,
        makespanMs: expect.any(Number),
      })
    },
  )

  it('ends a map that takes too long, and goes on with the next one', async () => {
    const stand = await Stand.open('clustered', 'python', python)
    try {
      expect(await stand.run({ workers: 2, chunksize: 1, items: 200_000 }, 200)).toBeUndefined()
      expect((await stand.run({ workers: 2, chunksize: 10, items: 20 }, 60_000))?.run.chunks).toBe(2)
    } finally {
      await stand.close()
    }
  })

  it.for([
    ['joblib', 'clustered'],
    ['numba', 'primes'],
  ] as const)(
    'runs %s, warmed up before the first map is timed',
    { timeout: 60_000 },
    async ([engine, workload], { skip }) => {
      if (spawnSync('python3', ['-c', `import ${engine}`]).status !== 0) skip(`python3 has no ${engine}`)
      expect((await run(python, workload, engine, 40))?.run).toMatchObject({
        chunks: 3,
        makespanMs: expect.any(Number),
      })
    },
  )

  it('says what has to be installed', async () => {
    if (spawnSync('python3', ['-c', 'import joblib']).status === 0) return // then there is nothing to say
    await expect(Stand.open('collatz', 'joblib', python)).rejects.toThrow('pip install joblib to have it')
  })
})
