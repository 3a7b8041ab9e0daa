import { type Checks, oneOf, readOptions } from '../checks.ts'
import { chunksizeOf, type MapOptions, type MapSettings, mapChecks, splitArguments } from './options.ts'

/** How a count runs. None of these changes what it gives, but for `timeout` and `signal`, which depend on time. */
export type CountOptions = Pick<MapOptions, 'timeout' | 'chunksize' | 'buffersize' | 'engine' | 'signal' | 'onProgress'>

/** How a reduction runs, and what it gives. */
export interface ReduceOptions extends CountOptions {
  /** What the results become together. Of no rows: 0, 1, Infinity, -Infinity, NaN. */
  op: 'sum' | 'prod' | 'min' | 'max' | 'mean'
}

export interface ParsedReduction {
  readonly inputs: readonly unknown[]
  readonly op: ReduceOptions['op'] | 'count'
  /** Those of the map below. */
  readonly settings: MapSettings
}

type Settings = Pick<MapSettings, keyof CountOptions>

const { chunksize, buffersize, timeout, engine, signal, onProgress } = mapChecks
const countChecks: Checks<Settings> = { chunksize, buffersize, timeout, engine, signal, onProgress }
const reduceChecks: Checks<Settings & Pick<ReduceOptions, 'op'>> = {
  op: oneOf('sum', 'prod', 'min', 'max', 'mean'),
  ...countChecks,
}

const noThrow = 'a kernel does not throw, and stops by timeout or signal; leave it out'
const refused = {
  out: 'it gives one number; leave it out, or use map for the results of the rows',
  unordered: 'one fixed order gives the same bits everywhere, and rows are computed in any; leave it out',
  errors: noThrow,
  itemTimeout: noThrow,
  retries: noThrow,
}

/**
 * Splits what stands behind the kernel in a call of `reduce` or `count` into inputs and options, as `parseMapArguments` does, and checks those.
 *
 * Errors: as `parseMapArguments`; TypeError for options of `map` that have no meaning here, and for `reduce` without `op`.
 */
export function parseReduceArguments(owner: 'reduce' | 'count', rest: readonly unknown[]): ParsedReduction {
  const { inputs, options } = splitArguments(rest)
  const { op, ...settings } = owner === 'reduce' ? readReduceOptions(options) : readCountOptions(options)
  const defaults = { unordered: false, errors: 'raise', out: undefined, itemTimeout: undefined, retries: 0 } as const
  return { inputs, op, settings: { ...settings, ...defaults, chunksize: chunksizeOf(settings), spread: false } }
}

function readReduceOptions(options: unknown): Settings & Pick<ReduceOptions, 'op'> {
  return readOptions(options, reduceChecks, 'reduce', refused)
}

function readCountOptions(options: unknown): Settings & { op: 'count' } {
  const op = 'it counts results that are truthy; leave it out, or use reduce'
  return { op: 'count', ...readOptions(options, countChecks, 'count', { ...refused, op }) }
}
