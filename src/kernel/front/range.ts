import type { Range } from './core.ts'

/** Integers up to here are exact, and so are sums and products that stay within. */
const EXACT = 2 ** 53
const I32 = 2 ** 31

export const I32_RANGE: Range = { low: -I32, high: I32 - 1, minusZero: false }
export const U32_RANGE: Range = { low: 0, high: 2 * I32 - 1, minusZero: false }
export const TRUTH_RANGE: Range = { low: 0, high: 1, minusZero: false }

/** A range; undefined where its numbers need not be exact. */
export function range(low: number, high: number, minusZero = false): Range | undefined {
  return low >= -EXACT && high <= EXACT ? { low: low + 0, high: high + 0, minusZero } : undefined
}

/** Of one number. */
export function rangeOf(x: number): Range | undefined {
  return Number.isSafeInteger(x) ? { low: x + 0, high: x + 0, minusZero: Object.is(x, -0) } : undefined
}

export function isWithin(inner: Range | undefined, outer: Range): boolean {
  return inner !== undefined && inner.low >= outer.low && inner.high <= outer.high
}

export function holdsZero({ low, high }: Range): boolean {
  return low <= 0 && high >= 0
}

/** Numbers of one or the other. */
export function hull(a: Range, b: Range): Range {
  return {
    low: Math.min(a.low, b.low),
    high: Math.max(a.high, b.high),
    minusZero: a.minusZero || b.minusZero,
  }
}

export function meetRanges(a: Range | undefined, b: Range | undefined): Range | undefined {
  if (!a || !b) return a ?? b
  return {
    low: Math.max(a.low, b.low),
    high: Math.min(a.high, b.high),
    minusZero: a.minusZero && b.minusZero,
  }
}

export function sum(a: Range, b: Range): Range | undefined {
  return range(a.low + b.low, a.high + b.high, a.minusZero && b.minusZero)
}

export function negated(a: Range): Range | undefined {
  return range(-a.high, -a.low, holdsZero(a))
}

export function difference(a: Range, b: Range): Range | undefined {
  // −0 − 0 is −0, and 0 − 0 is 0.
  return range(a.low - b.high, a.high - b.low, a.minusZero && holdsZero(b))
}

export function product(a: Range, b: Range): Range | undefined {
  const corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]
  const isSigned = (x: Range, y: Range) => holdsZero(x) && (y.low < 0 || y.minusZero || x.minusZero)
  return range(Math.min(...corners), Math.max(...corners), isSigned(a, b) || isSigned(b, a))
}

/** a % b, which has the sign of a and stays below both. */
export function remainder(a: Range, b: Range): Range | undefined {
  if (holdsZero(b)) return undefined
  const most = Math.max(Math.abs(b.low), Math.abs(b.high)) - 1
  const low = a.low < 0 ? Math.max(a.low, -most) : 0
  const high = a.high > 0 ? Math.min(a.high, most) : 0
  return range(low, high, a.low < 0 || a.minusZero)
}

/** a & b of numbers as int32. */
export function conjunction(a: Range, b: Range): Range {
  const bounds = [a, b].filter(({ low }) => low >= 0).map(({ high }) => high)
  return bounds.length > 0 ? { low: 0, high: Math.min(...bounds), minusZero: false } : I32_RANGE
}

/** a | b, a ^ b of numbers as int32: no more bits than either has. */
export function union(a: Range, b: Range): Range {
  if (a.low < 0 || b.low < 0) return I32_RANGE
  const bits = 32 - Math.clz32(Math.max(a.high, b.high))
  return { low: 0, high: 2 ** bits - 1, minusZero: false }
}

// Where a variable grows round by round its bound is moved far at once, so that few rounds of inference do.
const BOUNDS = [1, 255, 65_535, I32 - 1, I32, 2 * I32 - 1, 2 * I32, 2 ** 52 - 1, EXACT]

/** What `before` may become, once it has grown to `after`. */
export function widen(before: Range, after: Range): Range | undefined {
  const low = after.low < before.low ? -next(-after.low) : after.low
  const high = after.high > before.high ? next(after.high) : after.high
  return range(low, high, after.minusZero)
}

function next(x: number): number {
  return x <= 0 ? 0 : (BOUNDS.find((bound) => bound >= x) ?? Number.POSITIVE_INFINITY)
}
