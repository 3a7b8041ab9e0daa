import { describe, expect, it } from 'vitest'
import { Rounds } from '../../src/cluster/rounds.ts'
import { VirtualClock } from './twin.ts'

describe('rounds', () => {
  it('come every so many ms, each in its own time, until they are ended', () => {
    const clock = new VirtualClock()
    const rounds = new Rounds(clock)
    const calls: string[] = []
    rounds.every(20, () => calls.push(`a ${clock.now()}`))
    rounds.every(30, () => calls.push(`b ${clock.now()}`))
    while (clock.step(50));
    expect(calls).toEqual(['a 20', 'b 30', 'a 40'])
    rounds.end()
    while (clock.step(1000));
    expect(calls).toHaveLength(3)
  })

  it('may be ended by one of them, which is the last', () => {
    const clock = new VirtualClock()
    const rounds = new Rounds(clock)
    let calls = 0
    rounds.every(10, () => {
      calls++
      rounds.end()
    })
    rounds.every(10, () => calls++)
    while (clock.step(1000));
    expect(calls).toBe(1)
  })
})
