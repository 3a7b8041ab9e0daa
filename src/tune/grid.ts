import { nearest } from '../nearest.ts'
import { show } from '../show.ts'
import type { Configuration, TuneEngine } from './result.ts'

/** One or many chunk sizes: `'sweep'`, `'auto'`, a number, `'N/4P'`, `'16..1024'`. */
export type ChunkSpec = number | string

/** What runs the rows, and with how many workers: one pool. */
export interface Station {
  readonly engine: TuneEngine
  readonly workers: number
}

/** N/(jP) for these j: where chunks fill whole rounds of all workers, and the makespan has its steps. */
const MOST_ROUNDS = 16

/**
 * Checks chunk sizes.
 *
 * Errors: TypeError for what is no array of numbers and strings; RangeError for a number that is no chunksize, and for words that are none.
 */
export function checkChunks(value: unknown, name: string): readonly ChunkSpec[] {
  if (!Array.isArray(value)) throw new TypeError(`${name} must be an array, got ${show(value)}; use ['sweep']`)
  if (value.length === 0) throw new RangeError(`${name} must have an element, got []; leave it out for ['sweep']`)
  for (const spec of value as readonly unknown[]) {
    if (typeof spec === 'number' ? Number.isSafeInteger(spec) && spec >= 1 : isWord(spec)) continue
    const near = typeof spec === 'string' ? nearest(spec, ['sweep', 'auto']) : undefined
    const next = near === undefined ? "use 'sweep', 'auto', 962, 'N/4P' or '16..1024'" : `did you mean '${near}'?`
    throw new (typeof spec === 'number' || typeof spec === 'string' ? RangeError : TypeError)(
      `each of ${name} must be a chunk size, got ${show(spec)}; ${next}`,
    )
  }
  return [...(value as ChunkSpec[])]
}

/** The configurations of a station, each once: auto first, then chunk sizes from small to large. */
export function configurationsOf(
  { engine, workers }: Station,
  items: number,
  specs: readonly ChunkSpec[],
): Configuration[] {
  const sizes = new Set(specs.flatMap((spec) => sizesOf(spec, items, workers)))
  const fixed = [...sizes].filter((size) => size !== 'auto').sort((a, b) => a - b)
  return [...(sizes.has('auto') ? (['auto'] as const) : []), ...fixed].map((chunksize) => ({
    engine,
    workers,
    chunksize,
    items,
    label: labelOf(chunksize, items, workers),
  }))
}

/**
 * In which order sizes are tried where there is no time for all: N/4P, then always the one that lies farthest from those before it, by ratio. Auto's
 * is 0: it is tried in any case.
 */
export function ranksOf(configurations: readonly Configuration[], first: number): number[] {
  const sizes = configurations.map(({ chunksize }) => (chunksize === 'auto' ? undefined : Math.log(chunksize)))
  const gaps = sizes.map((size) => (size === undefined ? -1 : 1 / (1 + Math.abs(size - Math.log(first)))))
  const ranks = configurations.map(() => 0)
  for (let rank = 1; rank <= sizes.length; rank++) {
    const at = gaps.indexOf(Math.max(...gaps))
    const size = sizes[at]
    if (size === undefined || (gaps[at] as number) < 0) break
    ranks[at] = rank
    for (const [i, other] of sizes.entries()) {
      if (other === undefined || (gaps[i] as number) < 0) continue
      const gap = Math.abs(other - size)
      gaps[i] = rank === 1 ? gap : Math.min(gaps[i] as number, gap)
    }
    gaps[at] = -1
  }
  return ranks
}

/** A chunk size for a share of N/P: 'N/4P' is `perWorker(items, workers, 4)`. */
export function perWorker(items: number, workers: number, rounds: number): number {
  return Math.max(1, Math.ceil(items / (rounds * workers)))
}

/** Sizes from `low` to `high`, both of them among these, in steps of √2. */
export function geometric(low: number, high: number): number[] {
  const sizes = new Set<number>()
  for (let step = 0; low * 2 ** (step / 2) < high; step++) sizes.add(Math.round(low * 2 ** (step / 2)))
  return [...sizes, high].filter((size, i, all) => all.indexOf(size) === i)
}

function sizesOf(spec: ChunkSpec, items: number, workers: number): (number | 'auto')[] {
  if (typeof spec === 'number') return [Math.min(spec, Math.max(1, items))]
  if (spec === 'auto') return ['auto']
  if (spec === 'sweep') {
    const whole = Array.from({ length: MOST_ROUNDS }, (_, i) => perWorker(items, workers, i + 1))
    return ['auto', ...geometric(1, perWorker(items, workers, 1)), ...whole]
  }
  const [, low, high] = BETWEEN.exec(spec) ?? []
  if (low !== undefined && high !== undefined) {
    const most = Math.max(1, items)
    return geometric(Math.min(Number(low), most), Math.min(Number(high), most))
  }
  return [perWorker(items, workers, Number(SHARE.exec(spec)?.[1] || 1))]
}

const BETWEEN = /^([1-9]\d{0,14})\.\.([1-9]\d{0,14})$/
const SHARE = /^N\/([1-9]\d{0,5})?P$/

function isWord(spec: unknown): boolean {
  if (typeof spec !== 'string') return false
  if (spec === 'sweep' || spec === 'auto' || SHARE.test(spec)) return true
  const [, low, high] = BETWEEN.exec(spec) ?? []
  return low !== undefined && Number(low) <= Number(high)
}

/** Those that some library has as its default get a name. */
function labelOf(chunksize: number | 'auto', items: number, workers: number): string {
  if (chunksize === 'auto' || chunksize === 1) return String(chunksize)
  if (chunksize === perWorker(items, workers, 1)) return 'N/P'
  if (chunksize === perWorker(items, workers, 4)) return 'N/4P'
  return String(chunksize)
}
