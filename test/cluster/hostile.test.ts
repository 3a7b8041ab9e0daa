import { describe, expect, it } from 'vitest'
import { readOutcomes } from '../../src/cluster/chunks.ts'
import { decodeFrame, encodeFrame, KIND } from '../../src/cluster/frame.ts'
import { Host } from '../../src/cluster/host.ts'
import type { HostEvents, HostLink, SubmitterEvents, SubmitterLink } from '../../src/cluster/link.ts'
import { readManifest, seal } from '../../src/cluster/manifest.ts'
import { Submitter } from '../../src/cluster/submitter.ts'
import { packFailures, packValues } from '../../src/cluster/values.ts'
import { random, VirtualClock } from './twin.ts'

const ROUNDS = 100_000
const run = new Uint8Array(16)

/** Bytes that were damaged in a few places, or cut. */
function damage(bytes: Uint8Array, chance: () => number): Uint8Array {
  const damaged = bytes.slice(0, chance() < 0.05 ? Math.floor(chance() * bytes.length) : bytes.length)
  for (let flips = 1 + chance() * 3; flips >= 1 && damaged.length > 0; flips--) {
    damaged[Math.floor(chance() * damaged.length)] = chance() < 0.3 ? 0xff : Math.floor(chance() * 256)
  }
  return damaged
}

/** Frames as hosts send them, of every form of values. */
const results = [
  [packValues([1, 2, 3], 0, 3)],
  [packValues(['a', { b: [1n, new Date(0)] }, new Uint8Array(9)], 0, 3)],
  [packValues([1, () => 2, 3], 0, 3), packFailures(new Map([[2, new RangeError('no')]]))],
].map((sections) => encodeFrame({ kind: KIND.result, run, chunk: 0, items: 3, sections, token: new Uint8Array(5) }))

/** Runs what may throw, but not long and not for ever; without the cost of stacks. */
function quietly(work: () => void): void {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    work()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

describe('damaged bytes', { timeout: 120_000 }, () => {
  it(`are refused by an error of the reader, or read as outcomes of rows that there are, in ${ROUNDS} ways`, () => {
    const chance = random(11)
    let refused = 0
    quietly(() => {
      for (let i = 0; i < ROUNDS; i++) {
        try {
          const frame = decodeFrame(damage(results[i % results.length]!, chance))
          const { items, failures } = readOutcomes(frame, frame.sections, 100, 3)
          if (items > 3) throw new TypeError(`${items} of 3 rows`)
          for (const row of failures?.keys() ?? [])
            if (row < 100 || row >= 103) throw new TypeError(`row ${row} of 100 to 102`)
        } catch (error) {
          if (!(error instanceof Error)) throw error
          if (/of 3 rows$|of 100 to 102$/.test(error.message) && error instanceof TypeError) throw error
          refused++
        }
      }
    })
    expect(refused).toBeGreaterThan(ROUNDS / 20)
  })

  it('never disturb a submitter, whose call still gets its first good result', () => {
    const chance = random(12)
    const clock = new VirtualClock()
    let events!: SubmitterEvents
    let sent!: Uint8Array
    const link: SubmitterLink = {
      client: 'c',
      listen: (given) => {
        events = given
      },
      busy: () => {},
      publish: (_run, bytes) => {
        sent = bytes
      },
      settle: () => {},
      purge: () => {},
      control: () => {},
      look: () => {},
    }
    const settings = { attempts: 3, noWorkersTimeoutMs: 1e9, pool: 'p', fetch: () => new Promise<Uint8Array>(() => {}) }
    const submitter = new Submitter(link, clock, settings, { feed: () => {}, hopeless: () => {} })
    const outcomes: unknown[] = []
    const open = submitter.open({ fn: new Uint8Array(8), extensions: [] })
    submitter.send(open, {
      items: 3,
      sections: [],
      read: (frame, sections) => {
        const { values } = readOutcomes(frame, sections, 0, 3)
        return () => void outcomes.push(values)
      },
      failed: (reason) => void outcomes.push(reason),
    })
    const good = encodeFrame({
      kind: KIND.result,
      run: open.id,
      chunk: 0,
      items: 3,
      sections: [packValues([1, 2, 3], 0, 3)],
    })
    quietly(() => {
      // In the head and what describes the rest; damaged numbers are numbers, which nobody can tell from good ones.
      for (let i = 0; i < 20_000; i++) {
        const bytes = good.slice()
        bytes.set(damage(good.subarray(0, 6), chance))
        if (Buffer.compare(bytes, good) !== 0) events.frame(bytes)
        events.beacon(damage(new TextEncoder().encode('{"host":"h","slots":2,"free":1}'), chance))
      }
    })
    expect(outcomes).toEqual([])
    expect(sent.length).toBeGreaterThan(0)
    events.frame(good)
    expect(outcomes).toEqual([Float64Array.of(1, 2, 3)])
    submitter.end()
  })

  it('never disturb a host', () => {
    const chance = random(13)
    let events!: HostEvents
    const nothing = (): void => {}
    const link: HostLink = {
      listen: (given) => {
        events = given
      },
      pull: nothing,
      extend: nothing,
      giveBack: nothing,
      drop: nothing,
      answer: nothing,
      beacon: nothing,
    }
    const settings = { name: 'h', slots: 1, leaseMs: 1000, lanewise: 'test' }
    const runner = { begin: () => ({ cancel: nothing, kill: nothing }) }
    const host = new Host(link, new VirtualClock(), runner, settings)
    const task = encodeFrame({ kind: KIND.task, run, chunk: 0, items: 1 })
    quietly(() => {
      for (let i = 0; i < 20_000; i++) {
        events.task({
          client: 'c',
          run: Buffer.from(run).toString('hex'),
          bytes: damage(task, chance),
          token: run,
          deliveries: 1,
        })
        events.control(damage(new TextEncoder().encode('{"client":"c","cancel":["00"]}'), chance))
      }
    })
    expect(host.counts.malformed).toBeGreaterThan(1000)
  })

  it('are no manifest', () => {
    const chance = random(14)
    const { bytes } = seal({
      kind: 'function',
      ref: { kind: 'builtin', id: 'x', name: 'sqrt', path: ['Math', 'sqrt'] },
      raise: true,
      retries: 0,
      itemTimeout: undefined,
      spread: false,
      repeats: [],
    })
    let refused = 0
    quietly(() => {
      for (let i = 0; i < 20_000; i++) {
        try {
          readManifest(damage(bytes, chance))
        } catch (error) {
          if (!(error instanceof Error)) throw error
          refused++
        }
      }
    })
    expect(refused).toBeGreaterThan(1000)
  })
})
