import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'
import { invariant } from '../../src/invariant.ts'
import { PAGES, SLOT } from '../../src/memory/control.ts'
import { ControlBlock } from '../../src/memory/slots.ts'
import type { Claiming } from './pull-simulator.ts'

/** The rule and the slot of the chunk loop in AssemblyScript, by themselves. Those of one worker: the rule's state is the module's. */
export interface Twin {
  enterRule(slot: number): void
  nextRows(slot: number): bigint
  followPace(slot: number, rows: bigint, ms: number): void
  keptShare(): number
  claim(slot: number, seat: number, most: bigint): number
  giveBack(slot: number, seat: number, from: bigint, to: bigint): number
  measure(slot: number, seat: number, rows: bigint, ms: number, keep: number): void
  /** Of the chunk that was sized last. */
  readonly stopMs: WebAssembly.Global
  /** Of the last claim. */
  readonly claimedFrom: WebAssembly.Global
  readonly claimedTo: WebAssembly.Global
}

/** Compiles assembly/twin.ts, as scripts/build-assembly.mjs does with the loop. */
export async function compileTwin(): Promise<WebAssembly.Module> {
  const folder = mkdtempSync(join(tmpdir(), 'lanewise-twin-'))
  const file = join(folder, 'twin.wasm')
  try {
    const { error, stderr } = await asc.main([
      'assembly/twin.ts',
      ...['--outFile', file, '-O3', '--runtime', 'stub', '--noAssert', '--importMemory', '--sharedMemory'],
      ...['--initialMemory', String(PAGES), '--maximumMemory', String(PAGES), '--enable', 'threads'],
    ])
    if (error !== null) throw new Error(stderr.toString(), { cause: error })
    return new WebAssembly.Module(readFileSync(file))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export function newTwin(module: WebAssembly.Module, memory: WebAssembly.Memory): Twin {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  return exports as WebAssembly.Exports & Twin
}

const NS_A_MS = 1e6

/** Claims from a slot of the control block, by the code that workers run: one instance a worker, one memory for all. */
export class SlotClaims implements Claiming {
  readonly #slot: number
  readonly #twins: readonly Twin[]
  readonly #words: Int32Array
  readonly #cuttable: boolean[] = []
  #out = 0 // chunks that can be cut

  constructor(module: WebAssembly.Module, rows: number, workers: number) {
    const block = new ControlBlock()
    let address = 0
    block.acquire((slot) => {
      slot.begin({ rows, workers, chunksize: undefined, deadline: Number.POSITIVE_INFINITY, longestMs: 100 })
      address = slot.address
    })
    this.#slot = address
    this.#words = new Int32Array(block.memory.buffer, address)
    this.#twins = Array.from({ length: workers }, () => newTwin(module, block.memory))
    for (const twin of this.#twins) twin.enterRule(address)
  }

  claim(worker: number): { start: number; end: number; stopNs: number } | undefined {
    const twin = this.#twins[worker] as Twin
    const rows = twin.nextRows(this.#slot)
    if (twin.claim(this.#slot, worker, rows) === 0) return undefined
    const [start, end] = [Number(twin.claimedFrom.value), Number(twin.claimedTo.value)]
    // Without room for what it would give back, a worker keeps it. Those that are out may need all the room there is.
    const hasRoom = Atomics.load(this.#words, SLOT.returned.at / 4) + this.#out < this.#twins.length
    this.#cuttable[worker] = hasRoom
    if (!hasRoom) return { start, end, stopNs: Number.POSITIVE_INFINITY }
    this.#out++
    return { start, end, stopNs: Number(twin.stopMs.value) * NS_A_MS }
  }

  over(worker: number, { start, end }: { start: number; end: number }, from: number, execNs: number): void {
    const twin = this.#twins[worker] as Twin
    if (this.#cuttable[worker] === true) this.#out--
    if (from < end) {
      const hadRoom = twin.giveBack(this.#slot, worker, BigInt(from), BigInt(end))
      invariant(hadRoom !== 0, 'no worker gives back twice before somebody takes it up')
    }
    const [rows, ms] = [BigInt(from - start), execNs / NS_A_MS]
    twin.followPace(this.#slot, rows, ms)
    twin.measure(this.#slot, worker, rows, ms, twin.keptShare())
  }
}
