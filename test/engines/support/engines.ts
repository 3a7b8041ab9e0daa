import { KernelArrays } from '../../../src/engines/arrays.ts'
import type { KernelEnd, KernelJob, KernelMap } from '../../../src/engines/engine.ts'
import { InlineMap } from '../../../src/engines/inline.ts'
import { NativeMap } from '../../../src/engines/native.ts'
import { type Fold, leavesOf } from '../../../src/engines/reduce.ts'
import { CapturedTables } from '../../../src/engines/tables.ts'
import type { NumberArray } from '../../../src/inputs/number-array.ts'
import { collectRows } from '../../../src/inputs/rows.ts'
import { type KernelParts, kernelParts } from '../../../src/kernel/parts.ts'
import { machineCodeOf, type NativeCode } from '../../../src/native/machine-code.ts'
import { isNative } from './native.ts'
import type { Workers } from './workers.ts'

/** Each way to run a kernel map: an engine, and whose threads. */
export type Way = 'js in workers' | 'wasm in workers' | 'native' | 'js inline' | 'wasm inline'

export const WAYS: readonly Way[] = [
  'js in workers',
  'wasm in workers',
  'js inline',
  'wasm inline',
  ...(isNative ? (['native'] as const) : []),
]

export interface RunOptions {
  out?: NumberArray
  chunksize?: number
  workers?: number
  timeoutMs?: number
  borrow?: boolean
  /** Results are folded, one a leaf. */
  fold?: Fold
}

export interface Running {
  map: KernelMap
  arrays: KernelArrays
  end: Promise<KernelEnd>
}

/** Starts a map over inputs as `map` takes them. */
export function start(
  workers: Workers,
  way: Way,
  kernel: unknown,
  inputs: unknown[],
  options: RunOptions = {},
): Running {
  const { code, uniforms, tables } = kernelParts(kernel) as KernelParts
  const captures = { uniforms, tables: way === 'native' ? new CapturedTables(tables).doubles(false) : tables }
  const rows = collectRows(inputs, { borrow: true })
  const columns = Array.from({ length: rows.columns }, (_, i) => rows.column(i))
  const arrays = new KernelArrays(code, columns, rows.length, options.out, {
    borrow: options.borrow ?? false,
    ...(options.fold !== undefined && { results: leavesOf(rows.length) }),
  })
  const job: KernelJob = {
    code,
    captures,
    columns: arrays.columns,
    out: arrays.results(way !== 'js in workers' && way !== 'wasm in workers'),
    rows: rows.length,
    fold: options.fold,
    chunksize: options.chunksize,
    workers: options.workers ?? 2,
    timeoutMs: options.timeoutMs ?? Number.POSITIVE_INFINITY,
    isInPlace: arrays.isInPlace,
    isBlocking: false,
  }
  if (way === 'js in workers') return { arrays, ...workers.start('js', job) }
  if (way === 'wasm in workers') return { arrays, ...workers.start('wasm', job) }
  let settle: (end: KernelEnd) => void = () => {}
  const end = new Promise<KernelEnd>((resolve) => {
    settle = resolve
  })
  const map =
    way === 'native'
      ? new NativeMap(machineCodeOf(code) as NativeCode, job, settle)
      : new InlineMap(way === 'js inline' ? 'js' : 'wasm', job, settle)
  map.start()
  return { map, arrays, end }
}

/** Runs a map to its end: all results. */
export async function run(
  workers: Workers,
  way: Way,
  kernel: unknown,
  inputs: unknown[],
  options: RunOptions = {},
): Promise<NumberArray> {
  const { arrays, end, map } = start(workers, way, kernel, inputs, options)
  const { kind, ...rest } = await end
  if (kind === 'failed') throw (rest as { reason: unknown }).reason
  if (kind === 'stopped') throw new Error(`stopped: ${JSON.stringify(rest)}`)
  arrays.give(options.fold === undefined ? map.ready() : leavesOf(map.ready()))
  arrays.release()
  return arrays.whole
}
