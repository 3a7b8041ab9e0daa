import { logOnePlus } from './log1p.ts'
import { signbit } from './operations.ts'
import { quotientRest, rootRest, squareRest } from './split.ts'

/** From here on √(x² ± 1) is as good as x: 2^28. */
const BIG = 268435456

/** Below it, x is as good as asinh x and atanh x: 2^-28. */
const SMALL = 3.725290298461914e-9

/**
 * Inverse hyperbolic sine.
 *
 * log(1 + t), t = x + (√(1 + x²) - 1) = x + x² / (1 + √(1 + x²)), as a pair for x > 0; log 2x where x is big.
 * Accuracy: 0.69 ULP.
 * Source:   fdlibm 5.3, s_asinh.c (Sun Microsystems, 1993), for the formula; in two parts throughout.
 */
export function asinh(x: number): number {
  const size = Math.abs(x)
  const isBig = size > BIG
  const square = size * size
  const rest = squareRest(size)
  const sum = 1 + square
  const lost = square > 1 ? 1 - (sum - square) : square - (sum - 1)
  const root = Math.sqrt(sum)
  // d + dl = 1 + √(1 + x²), q + ql = x² / (d + dl).
  const d = 1 + root
  const dl = root - d + 1 + rootRest(sum, lost + rest, root)
  const q = square / d
  const ql = (quotientRest(square, q, d) + (rest - q * dl)) / d
  const t = size + q
  const tail = size - t + q + ql
  const y = logOnePlus(isBig ? size - 1 : t, isBig ? 0 : tail, isBig ? 1 : 0)
  const finite = size < Infinity ? y : size
  const result = size < SMALL ? size : finite
  return signbit(x) ? -result : result
}

/**
 * Inverse hyperbolic cosine; NaN below 1.
 *
 * log(1 + t), t = u + √(2u + u²), u = x - 1, as a pair; log 2x where x is big.
 * Accuracy: 0.70 ULP.
 * Source:   fdlibm 5.3, e_acosh.c (Sun Microsystems, 1993), for the formula; in two parts throughout.
 */
export function acosh(x: number): number {
  const isBig = x > BIG
  const u = x - 1
  const square = u * u
  const twice = u + u
  const sum = twice + square
  const lost = square > twice ? twice - (sum - square) : square - (sum - twice)
  const root = Math.sqrt(sum)
  const t = root + u
  const tail = root - t + u + rootRest(sum, lost + squareRest(u), root)
  const y = logOnePlus(isBig ? u : t, isBig ? 0 : tail, isBig ? 1 : 0)
  const finite = x < Infinity ? y : x
  return x >= 1 ? finite : NaN
}

/**
 * Inverse hyperbolic tangent; infinite at ±1, NaN beyond.
 *
 * log(1 + t) / 2, t = 2x / (1 - x), as a pair for x > 0.
 * Accuracy: 0.72 ULP.
 * Source:   fdlibm 5.3, e_atanh.c (Sun Microsystems, 1993), for the formula; in two parts throughout.
 */
export function atanh(x: number): number {
  const size = Math.abs(x)
  const twice = size + size
  const d = 1 - size
  const dl = 1 - d - size
  const t = twice / d
  const tail = (quotientRest(twice, t, d) - t * dl) / d
  const y = 0.5 * logOnePlus(t, tail, 0)
  const inside = size < 1 ? y : NaN
  const known = size === 1 ? Infinity : inside
  const result = size < SMALL ? size : known
  return signbit(x) ? -result : result
}
