import { clock } from '../clock.ts'
import { loopWasm } from '../generated/wasm.ts'
import type { NumberArray } from '../inputs/number-array.ts'
import type { Captures } from '../kernel/code.ts'
import type { WasmInstance } from '../kernel/instance.ts'
import { SLOT, SLOT_BYTES, STOP } from '../memory/control.ts'
import { Claims } from '../observe/claims.ts'
import { type BlockRunner, instanceOf, runnerOf } from './block-runner.ts'
import { groupOf, type KernelColumn, type WorkerCode } from './engine.ts'
import { Recent } from './recent.ts'
import { type Fold, LEAF_ROWS } from './reduce.ts'

/** Sends a worker into a map. */
export interface JoinMessage {
  /** The control block; the same one in every message to a worker. */
  readonly control: WebAssembly.Memory
  readonly slot: number
  readonly generation: number
  /** The worker's number in the map. */
  readonly seat: number
  readonly code: WorkerCode
  readonly captures: Captures
  readonly columns: readonly KernelColumn[]
  readonly out: NumberArray
  readonly rows: number
  readonly fold: Fold | undefined
  /** Somebody looks on: the worker hands over what it claimed. */
  readonly isObserved: boolean
}

/** Who is told of what happens in a map. */
export interface JoinHost {
  /** Rows came back that others could run. */
  cameBack(): void
  /** Chunks are over, where the map is observed: see src/observe/claims.ts. */
  claimed(claims: Float64Array<ArrayBuffer>): void
}

/** Kernels whose instances a worker keeps. Larger: 64 KiB and more of memory each; smaller: 0.1 to 0.3 ms to make one again. */
const MOST_KERNELS = 16

type Join = (slot: number, generation: number, seat: number, grain: number, group: number, isObserved: boolean) => void

/** The chunk loop with what it calls. Its imports are bound when it is made, so they pass on to the map at hand. */
interface Loop {
  readonly join: Join
  readonly instance: WasmInstance | undefined
  runner: BlockRunner | undefined
  cameBack: () => void
  claims: Claims | undefined
}

/** By engine and kernel. All maps that run texts share a loop: their code is bound by the runner. */
const loops = new Recent<Loop>(MOST_KERNELS)

/**
 * Works in a kernel map until there is nothing left to claim, or it stops. Called by a worker's own loop.
 * Errors: what a kernel's code throws, which stops the map.
 */
export function joinKernelMap(message: JoinMessage, host: JoinHost): void {
  const { control, slot, generation, seat, code, fold, isObserved } = message
  const claims = isObserved ? new Claims((numbers) => host.claimed(numbers)) : undefined
  let loop: Loop | undefined
  try {
    loop = loops.get(loopId(code), () => makeLoop(control, code)) // which runs code of users, where an instance has to be made
    loop.cameBack = () => host.cameBack()
    loop.claims = claims
    loop.runner = runnerOf(code, loop.instance, message)
    loop.join(slot * SLOT_BYTES, generation, seat, fold === undefined ? 1 : LEAF_ROWS, groupOf(code), isObserved)
  } catch (error) {
    loops.delete(loopId(code)) // what has trapped left its memory in the middle of something
    // It did not get to leave by itself.
    const words = new Int32Array(control.buffer, slot * SLOT_BYTES)
    Atomics.compareExchange(words, SLOT.stop.at / 4, STOP.none, STOP.broken)
    Atomics.add(words, SLOT.left.at / 4, 1)
    Atomics.notify(words, SLOT.left.at / 4)
    throw error
  } finally {
    if (loop !== undefined) {
      loop.runner = undefined // and with it the arrays
      loop.claims = undefined
    }
    claims?.end()
  }
}

function loopId({ engine, id }: WorkerCode): string {
  return `${engine} ${id}`
}

let loopModule: WebAssembly.Module | undefined

function makeLoop(control: WebAssembly.Memory, code: WorkerCode): Loop {
  const instance = instanceOf(code)
  // A function of WASM is called directly, in 3 to 4 ns; by way of JavaScript it takes 24.
  const vectors = code.engine === 'wasm' ? instance?.run : undefined
  loopModule ??= new WebAssembly.Module(Buffer.from(loopWasm, 'base64'))
  const loop: { -readonly [K in keyof Loop]: Loop[K] } = {
    join: () => {},
    instance,
    runner: undefined,
    cameBack: () => {},
    claims: undefined,
  }
  const { exports } = new WebAssembly.Instance(loopModule, {
    env: { memory: control },
    kernel: { run: vectors ?? ((rows: number) => loop.runner?.run(rows)) },
    host: {
      stageIn: (row: number, rows: number) => loop.runner?.stageIn(row, rows),
      stageOut: (row: number, rows: number) => loop.runner?.stageOut(row, rows),
      cameBack: () => loop.cameBack(),
      chunkOver: (...claim: Parameters<Claims['add']>) => loop.claims?.add(...claim),
      now: clock,
    },
  })
  loop.join = exports.join as Join
  return loop
}
