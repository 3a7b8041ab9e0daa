import { beforeAll, describe, expect, it } from 'vitest'
import { SLOT, WORKER, WORKERS_AT } from '../../src/memory/control.ts'
import { ControlBlock, type Slot } from '../../src/memory/slots.ts'
import { traces } from './traces.ts'
import { compileTwin, newTwin } from './twin.ts'

// crates/pool/tests/traces.rs does the same with the twin in Rust.

let module: WebAssembly.Module
beforeAll(async () => {
  module = await compileTwin()
}, 120_000)

/** A slot whose words say what a recorded line says. */
class Words {
  readonly memory: WebAssembly.Memory
  readonly address: number
  readonly #ints: Int32Array
  readonly #longs: BigInt64Array
  readonly #reals: Float64Array

  constructor(workers: number) {
    const block = new ControlBlock()
    this.memory = block.memory
    let slot: Slot | undefined
    block.acquire((free) => {
      slot = free
    })
    if (slot === undefined) throw new Error('a new block has a slot')
    slot.begin({ rows: 0, workers, chunksize: undefined, deadline: Number.POSITIVE_INFINITY, longestMs: 100 })
    this.address = slot.address
    this.#ints = new Int32Array(this.memory.buffer, slot.address)
    this.#longs = new BigInt64Array(this.memory.buffer, slot.address)
    this.#reals = new Float64Array(this.memory.buffer, slot.address)
  }

  measured(timeMs: number, items: number): void {
    this.#reals[(WORKERS_AT + WORKER.time.at) / 8] = timeMs
    this.#reals[(WORKERS_AT + WORKER.items.at) / 8] = items
  }

  left(remaining: number, length: number | null): void {
    const end = length ?? remaining
    this.#ints[SLOT.moving.at / 4] = length === null ? 1 : 0
    this.#longs[SLOT.end.at / 8] = BigInt(end)
    this.#longs[SLOT.next.at / 8] = BigInt(end - remaining)
  }
}

describe('the rule in AssemblyScript beside the reference', () => {
  const ofPull = traces.filter(({ header }) => header.engine === 'pull')

  it('is checked with one worker and several, with returns, and with an input whose length is not known', () => {
    expect(ofPull.some(({ header }) => header.workers === 1)).toBe(true)
    expect(ofPull.some(({ header }) => header.workers > 4 && header.returns > 10)).toBe(true)
    expect(ofPull.some(({ lines }) => lines.some((line) => line[0] === 'next' && line[3] === null))).toBe(true)
  })

  it.each(ofPull)('decides every chunk of $header.name to the bit', ({ header, lines }) => {
    const { workers } = header
    const words = new Words(workers)
    const twins = Array.from({ length: workers }, () => newTwin(module, words.memory))
    for (const twin of twins) twin.enterRule(words.address)
    const keep = 1 - 1 / Math.max(16, 4 * workers)
    let [timeMs, items] = [0, 0]
    for (const line of lines) {
      if (line[0] === 'prefetch') continue
      const twin = twins[line[1]]
      if (twin === undefined) throw new Error(`there is no worker ${line[1]}`)
      if (line[0] === 'report') {
        const [, , done, execMs] = line
        twin.followPace(words.address, BigInt(done), execMs)
        timeMs = timeMs * keep + execMs
        items = items * keep + done
        words.measured(timeMs, items)
      } else {
        const [, worker, remaining, length] = line
        words.left(remaining, length)
        const rows = Number(twin.nextRows(words.address))
        const stopMs: unknown = twin.stopMs.value
        expect(['next', worker, remaining, length, rows, stopMs === Number.POSITIVE_INFINITY ? null : stopMs]).toEqual(
          line,
        )
      }
    }
  })
})
