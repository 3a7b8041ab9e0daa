import { LN2_HEAD, LN2_TAIL } from './exp.ts'
import { logExponent, logMantissa, logSeries } from './log.ts'
import { lesser, pow2 } from './operations.ts'

/**
 * log(1 + x), to its own size where x is small.
 *
 * As `log` of u = 1 + x rounded; what that loses, c, adds c / u.
 * Accuracy: 0.74 ULP.
 * Source:   fdlibm 5.3, s_log1p.c (Sun Microsystems, 1993), its first terms kept in two parts.
 */
export function log1p(x: number): number {
  const u = 1 + x
  const lost = x > 1 ? 1 - (u - x) : x - (u - 1)
  const k = logExponent(u)
  const f = k === 0 ? x : logMantissa(u) - 1
  // Beyond 2^64 nothing is lost, and the power would not be one.
  const c = k === 0 ? 0 : lost * pow2(-lesser(64, k))
  const s = f / (2 + f)
  const h = 0.5 * f * f
  const g = f - h
  const tail = f - g - h
  // 1 / m by s: (1 - s) / (1 + s), near enough.
  const w = 1 - s
  const correction = c * w * (1 - s * w)
  const kh = k * LN2_HEAD
  const sum = kh + g
  const error = kh - sum + g
  const y = sum + (error + (tail + (s * (h + logSeries(s * s)) + (k * LN2_TAIL + correction))))

  const aboveMinusOne = u === 0 ? -Infinity : y
  const known = u >= 0 ? aboveMinusOne : NaN
  const finite = x === Infinity ? x : known
  return Math.abs(x) < 5.551115123125783e-17 ? x : finite
}
