import { describe, expect, it } from 'vitest'
import { bottleneckOf, sayBottleneck } from '../../src/cluster/bottleneck.ts'
import { Host } from '../../src/cluster/host.ts'
import type { Runner } from '../../src/cluster/runner.ts'
import { Submitter } from '../../src/cluster/submitter.ts'
import type { Gate, RunFacts } from '../../src/cluster/tally.ts'
import { random, TwinBroker, VirtualClock } from './twin.ts'

interface World {
  readonly chunks: number
  readonly rowsAChunk?: number
  readonly execMs: number
  readonly hosts?: number
  readonly slots?: number
  /** When the first host comes. */
  readonly hostsMs?: number
  /** Longest way of a message. */
  readonly latencyMs?: number
  /** What the thread of the submitter spends on a result. */
  readonly readMs?: number
  /** When the broker has room for so many tasks only. */
  readonly room?: number
  /** A row of the input comes each so many ms. */
  readonly inputMs?: number
  /** So many results may stand unread, and one is read each so many ms. */
  readonly reader?: { readonly buffersize: number; readonly ms: number }
  /** When the first host dies. */
  readonly deathMs?: number
}

/** One map through submitter, twin and hosts, as the executor would run it: where its time went. */
function factsOf(world: World): RunFacts {
  const { chunks, rowsAChunk = 1, execMs, hosts = 2, slots = 4, hostsMs = 0, latencyMs = 1, readMs = 0 } = world
  const clock = new VirtualClock()
  const broker = new TwinBroker(
    clock,
    random(7),
    { drop: 0, duplicate: 0, latencyMs },
    { leaseMs: 10_000, maxDeliver: 8 },
  )
  broker.room = world.room ?? Number.POSITIVE_INFINITY
  const runner: Runner = {
    begin(_task, done) {
      clock.after(execMs, () => done({ kind: 'result', items: rowsAChunk, execMs, sections: [] }))
      return { cancel() {}, kill() {} }
    },
  }
  let [next, over, read] = [0, 0, 0]
  let facts: RunFacts | undefined
  const gate = (): Gate | undefined => {
    if (next === chunks) return 'rows'
    if (world.reader !== undefined && next - read >= world.reader.buffersize) return 'reader'
    if (world.inputMs !== undefined && next * world.inputMs > clock.now()) return 'input'
    return submitter.hasRoom ? undefined : 'window'
  }
  const feed = (): void => {
    for (;;) {
      const closed = gate()
      if (closed !== undefined) {
        submitter.stands(run, closed)
        return
      }
      next++
      submitter.send(run, {
        items: rowsAChunk,
        sections: [],
        read: () => {
          clock.spend(readMs)
          return () => {
            if (++over === chunks) facts = submitter.factsOf(run)
          }
        },
        failed: () => expect.unreachable(),
      })
    }
  }
  const submitter = new Submitter(
    broker.submitter('c'),
    clock,
    { attempts: 3, noWorkersTimeoutMs: 1e9, pool: 'p', fetch: () => Promise.reject(new Error('nothing is fetched')) },
    { feed, hopeless: () => expect.unreachable() },
  )
  clock.after(hostsMs, () => {
    for (let i = 0; i < hosts; i++) {
      const name = `host-${i}`
      const host = new Host(broker.host(name), clock, runner, { name, slots, leaseMs: 10_000, lanewise: 'test' })
      if (i > 0 || world.deathMs === undefined) continue
      clock.after(world.deathMs, () => {
        host.end()
        broker.remove(name)
      })
    }
  })
  const { inputMs, reader } = world
  const again = (ms: number, fn: () => void): void => {
    const round = (): void => {
      fn()
      submitter.pump()
      if (facts === undefined) clock.after(ms, round)
    }
    clock.after(ms, round)
  }
  if (inputMs !== undefined) again(inputMs, () => {})
  if (reader !== undefined) {
    again(reader.ms, () => {
      read = Math.min(read + 1, over)
    })
  }
  // As where a program begins with its map: hosts are heard when it has.
  const run = submitter.open({ fn: new Uint8Array(8), extensions: [] })
  submitter.pump()
  while (facts === undefined && clock.step(1e7));
  submitter.end()
  if (facts === undefined) throw new Error(`${over} of ${chunks} chunks came back`)
  return facts
}

describe('what slows a run down', () => {
  it('is hosts, where their slots work nearly all the time', () => {
    const facts = factsOf({ chunks: 400, execMs: 100 })
    expect(bottleneckOf(facts)).toBe('hosts')
    expect(sayBottleneck(facts)).toMatch(/^hosts: 8 slots worked 9\d % of the time; with more of them it is faster$/)
  })

  it('is hosts, where none is heard for most of the time', () => {
    const facts = factsOf({ chunks: 20, execMs: 100, hostsMs: 5000 })
    expect(bottleneckOf(facts)).toBe('hosts')
    expect(sayBottleneck(facts)).toMatch(/^hosts: none was heard for 50\d\d ms of 5\d\d\d ms$/)
  })

  it('is rows, where there are fewer chunks than slots', () => {
    expect(sayBottleneck(factsOf({ chunks: 3, execMs: 1000 }))).toMatch(
      /^rows: 3 rows in 3 chunks kept 8 slots busy 3\d % of the time; fewer slots would do$/,
    )
    expect(sayBottleneck(factsOf({ chunks: 9, rowsAChunk: 100, execMs: 1000 }))).toMatch(
      /^rows: 900 rows in 9 chunks kept 8 slots busy 5\d % of the time; smaller chunks would share them better$/,
    )
  })

  it('is chunks, where they are short and their way is not', () => {
    const facts = factsOf({ chunks: 2000, execMs: 2, latencyMs: 8 })
    expect(bottleneckOf(facts)).toBe('chunks')
    expect(sayBottleneck(facts)).toMatch(
      /^chunks: of 2 ms each, with \d+(?:\.\d)? ms of a slot lost beside it; larger ones/,
    )
  })

  it('is the submitter, where its thread has no time', () => {
    const facts = factsOf({ chunks: 400, execMs: 100, readMs: 40 })
    expect(bottleneckOf(facts)).toBe('submitter')
    expect(sayBottleneck(facts)).toMatch(
      /^submitter: its thread was busy 9\d % of the time, 9\d % with packing and reading; chunks that/,
    )
  })

  it('is the submitter, where its thread does other things', () => {
    const facts = factsOf({ chunks: 200, execMs: 100, latencyMs: 300 })
    expect(sayBottleneck({ ...facts, activeMs: facts.ms })).toMatch(
      /^submitter: its thread was busy 100 % of the time, 0 % with packing and reading; results wait for what else/,
    )
  })

  it('is the broker, where chunks are long, the thread has time, and their way is longer', () => {
    const facts = factsOf({ chunks: 200, execMs: 100, latencyMs: 300 })
    expect(bottleneckOf(facts)).toBe('broker')
    expect(sayBottleneck(facts)).toMatch(
      /^broker: chunks of 100 ms lost \d+ ms of a slot each on their way, .* busy 0 %/,
    )
  })

  it('is the broker, where it has no room', () => {
    const facts = factsOf({ chunks: 100, execMs: 100, room: 2 })
    expect(bottleneckOf(facts)).toBe('broker')
    expect(sayBottleneck(facts)).toMatch(
      /^broker: it had no room for tasks \d+ % of the time; too many programs share the pool, use another$/,
    )
  })

  it('is the reader, where results stand unread', () => {
    const facts = factsOf({ chunks: 100, execMs: 100, reader: { buffersize: 4, ms: 200 } })
    expect(bottleneckOf(facts)).toBe('reader')
    expect(sayBottleneck(facts)).toMatch(
      /^reader: results were not read as fast as they came, so that slots stood \d+ %/,
    )
  })

  it('is the input, where rows come slowly', () => {
    const facts = factsOf({ chunks: 100, execMs: 100, inputMs: 100 })
    expect(bottleneckOf(facts)).toBe('input')
    expect(sayBottleneck(facts)).toMatch(/^input: rows did not come as fast as slots wanted them, which stood \d+ %/)
  })

  it('says what was lost on the way beside it', () => {
    expect(sayBottleneck(factsOf({ chunks: 100, execMs: 500, deathMs: 1700 }))).toMatch(
      /; \d chunks were lost on the way, and went once more$/,
    )
  })

  it('is nothing, where nothing was sent', () => {
    const nothing = { ...factsOf({ chunks: 1, execMs: 1 }), chunks: 0 }
    expect(bottleneckOf(nothing)).toBeUndefined()
    expect(sayBottleneck(nothing)).toBeUndefined()
  })
})
