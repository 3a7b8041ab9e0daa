import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { timerNamed } from '../../bench/engines/timer.mjs'

/** So many rounds of arithmetic, some 3 ns each. */
function spin(rounds: number): number {
  let x = 0.5
  for (let i = 0; i < rounds; i++) x = 3.7 * x * (1 - x)
  return x
}

describe.each(['rounds', 'benchmark', 'tinybench'])('the timer %s', (name) => {
  it('puts work in order that differs tenfold: what it takes, not what its call does', async () => {
    const timer = await timerNamed(name)
    const sizes = [100_000, 1_000_000, 10_000_000]
    const times: number[] = []
    for (const rounds of sizes) {
      // The best of some tries: only what disturbs makes one longer.
      const tries: number[] = []
      for (let i = 0; i < 3; i++) {
        const { ms, result } = await timer.time(async () => {
          await turn()
          return spin(rounds)
        })
        expect(result).toBe(spin(rounds))
        tries.push(ms)
      }
      times.push(Math.min(...tries))
    }
    expect([...times].sort((a, b) => a - b)).toEqual(times)
  })

  it('takes functions that are not async too', async () => {
    const timer = await timerNamed(name)
    const { result, ms, cpuMs } = await timer.time(() => spin(1000))
    expect(result).toBe(spin(1000))
    expect([ms >= 0, cpuMs >= 0]).toEqual([true, true])
  })

  it('rejects with what the work throws or rejects with', async () => {
    const timer = await timerNamed(name)
    const thrown = (): number => {
      throw new Error('thrown')
    }
    await expect(timer.time(thrown)).rejects.toThrow('thrown')
    await expect(timer.time(() => Promise.reject(new Error('rejected')))).rejects.toThrow('rejected')
  })
})

it('refuses a timer that is not there', async () => {
  await expect(timerNamed('stopwatch')).rejects.toThrow(
    "there is no timer 'stopwatch'; use rounds, benchmark, tinybench",
  )
})
