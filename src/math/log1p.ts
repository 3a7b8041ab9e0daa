import { LN2_TAIL } from './exp.ts'
import { logExponent, logHead, logMantissa, logTail } from './log.ts'
import { lesser, pow2 } from './operations.ts'

/**
 * log((1 + x + rest) 2^powers), rest ≪ x, without the special cases.
 *
 * As `log` of u = 1 + x rounded; what that loses, c, adds c / u.
 */
export function logOnePlus(x: number, rest: number, powers: number): number {
  const u = 1 + x
  const lost = x > 1 ? 1 - (u - x) : x - (u - 1)
  const k = logExponent(u)
  const f = k === 0 ? x : logMantissa(u) - 1
  // Beyond 2^64 nothing is lost, and the power would not be one.
  const c = k === 0 ? rest : (lost + rest) * pow2(-lesser(64, k))
  // 1 / m by s = (m - 1) / (m + 1): (1 - s) / (1 + s), near enough.
  const s = f / (2 + f)
  const w = 1 - s
  const correction = c * w * (1 - s * w)
  const n = k + powers
  return logHead(n, f) + logTail(n, f, n * LN2_TAIL + correction)
}

/**
 * log(1 + x), to its own size where x is small.
 * Accuracy: 0.74 ULP.
 * Source:   fdlibm 5.3, s_log1p.c (Sun Microsystems, 1993), its first terms kept in two parts.
 */
export function log1p(x: number): number {
  const u = 1 + x
  const aboveMinusOne = u === 0 ? -Infinity : logOnePlus(x, 0, 0)
  const known = u >= 0 ? aboveMinusOne : NaN
  const finite = x === Infinity ? x : known
  return Math.abs(x) < 5.551115123125783e-17 ? x : finite
}
