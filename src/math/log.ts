import { LN2_HEAD, LN2_TAIL } from './exp.ts'
import { exponent, mantissa } from './operations.ts'
import { polynomial7 } from './polynomial.ts'

const SMALLEST_NORMAL = 2.2250738585072014e-308

/** The upper word of √½: asks `exponent` and `mantissa` for m in [√½, √2). */
const ROOT_HALF = 0x3fe6a09e

/** x, or x * 2^54 where x is subnormal. */
function normal(x: number): number {
  return x < SMALLEST_NORMAL ? x * 18014398509481984 : x
}

/** The k of x = m * 2^k, m in [√½, √2); x > 0. */
export function logExponent(x: number): number {
  return exponent(normal(x), ROOT_HALF) - (x < SMALLEST_NORMAL ? 54 : 0)
}

/** And that m. */
export function logMantissa(x: number): number {
  return mantissa(normal(x), ROOT_HALF)
}

/** log((1 + s) / (1 - s)) = s (2 + R) for m in [√½, √2), s = (m - 1) / (m + 1): that R from z = s². */
export function logSeries(z: number): number {
  const z2 = z * z
  return (
    z *
    polynomial7(
      z,
      z2,
      z2 * z2,
      0.666666666666667,
      0.3999999999989969,
      0.2857142862601479,
      0.22222211120869997,
      0.18182890401365007,
      0.15331674492192968,
      0.14617065489342299,
    )
  )
}

/** What a logarithm of x is where x is not a positive number; else r. */
export function logSpecial(x: number, r: number): number {
  const aboveZero = x === 0 ? -Infinity : r
  const known = x >= 0 ? aboveZero : NaN
  return x === Infinity ? x : known
}

/** log((1 + f) 2^k) in two parts: k log 2 + f - f² / 2, rounded; */
export function logHead(k: number, f: number): number {
  return k * LN2_HEAD + (f - 0.5 * f * f)
}

/** and what that leaves, with what is missing in `k * LN2_HEAD` and to f: `missing`. */
export function logTail(k: number, f: number, missing: number): number {
  const s = f / (2 + f)
  const h = 0.5 * f * f
  const g = f - h
  const tail = f - g - h
  const kh = k * LN2_HEAD
  const sum = kh + g
  const error = kh - sum + g
  return error + (tail + (s * (h + logSeries(s * s)) + missing))
}

/**
 * log x, the natural one.
 * Accuracy: 0.72 ULP.
 * Source:   fdlibm 5.3, e_log.c (Sun Microsystems, 1993), its first terms kept in two parts; coefficients of our own.
 */
export function log(x: number): number {
  const k = logExponent(x)
  const f = logMantissa(x) - 1
  return logSpecial(x, logHead(k, f) + logTail(k, f, k * LN2_TAIL))
}
