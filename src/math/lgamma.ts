import { LN2_TAIL } from './exp.ts'
import { logExponent, logHead, logMantissa, logTail } from './log.ts'
import { polynomial8 } from './polynomial.ts'
import { nearest, productRest } from './split.ts'

/** From here on Stirling's series. Larger: more factors below. Smaller: more terms. */
const LARGE = 6.25

/** ½ log 2π - ½. */
const STIRLING = 0.4189385332046727

/** log Γ(2 + d) for d of [-¾, ¼], whose zeros are at 0 and -1. */
function nearTwo(d: number): number {
  const d2 = d * d
  const d4 = d2 * d2
  const d8 = d4 * d4
  const low = polynomial8(
    d,
    d2,
    d4,
    -0.10031730167435396,
    0.03296500062115722,
    -0.012384192193356404,
    0.00499864116461244,
    -0.0021081308355338823,
    0.000915376921121772,
    -0.0004057073327117393,
    0.00018255287785487248,
  )
  const middle = polynomial8(
    d,
    d2,
    d4,
    -0.00008309606331290928,
    0.00003816166694584053,
    -0.000017666623841240185,
    0.000008295289897872176,
    -0.0000036152640732597926,
    0.0000018577469975778805,
    -0.000002040949765400285,
    -0.000002749883373204766,
  )
  const high = -0.000004170682715680091 + -0.000002585595076233165 * d + -8.572186260001753e-7 * d2
  return d * (1 + d) * (0.42278433509846713 + d * (low + d8 * (middle + d8 * high)))
}

/** What Stirling's formula leaves of log Γ(x), x ≥ 6.25, from w = 1 / x. */
function stirlingSeries(w: number): number {
  const u = w * w
  const u2 = u * u
  return (
    w *
    polynomial8(
      u,
      u2,
      u2 * u2,
      0.08333333333333333,
      -0.0027777777777692604,
      0.0007936507890367035,
      -0.0005952369626023333,
      0.0008416016819167758,
      -0.0019061858685252716,
      0.005902810208094923,
      -0.01652906390019752,
    )
  )
}

/** log(`factor` |sin πx| / π) in two parts. */
function coldReflection(x: number, factor: number): [number, number] {
  const r = x - nearest(x)
  const z = r * r
  const z2 = z * z
  const series = polynomial8(
    z,
    z2,
    z2 * z2,
    -1.6449340668482264,
    0.8117424252833462,
    -0.19075182412167535,
    0.026147847807943447,
    -0.0023460809132988605,
    0.00014842791661816342,
    -0.00000697226742325718,
    2.4518340700585633e-7,
  )
  const y = factor * Math.abs(r + r * (z * series))
  const k = logExponent(y)
  const f = logMantissa(y) - 1
  return [logHead(k, f), logTail(k, f, k * LN2_TAIL)]
}

/**
 * The logarithm of |Γ(x)|; infinite at 0, -1, -2, ….
 *
 *   -¼ < x < 6.25   log Γ(2 + d), d the rest of x to the nearest of 0, 1, 2, … 6 (down to -¾), and the logarithm of the factors between:
 *                   of x (x + 1) or x taken away, of (x - 1) … (x - 4) added
 *   x ≥ 6.25        x (log x - 1) - ½ (log x - 1) + ½ log 2π - ½ + …, the product exact
 *   x ≤ -¼          -log(|x sin πx| / π) - log Γ(-x), where both are smaller as one logarithm
 *
 * Accuracy: 3 ULP; below 0 that, or 1e-15, whichever is more.
 * Source:   Stirling's series and Euler's reflection formula; polynomials of our own.
 */
export function lgamma(x: number): number {
  const reflects = x <= -0.25
  const v = reflects ? -x : x
  const isLarge = v >= LARGE
  let hi = 0
  let lo = 0
  let factor = v
  let y = 0
  if (isLarge) {
    const k = logExponent(v)
    const f = logMantissa(v) - 1
    const h = logHead(k, f)
    const t = logTail(k, f, k * LN2_TAIL)
    const log = h + t
    const l = log - 1
    hi = v * l
    // The head of a v beyond 2^996 would overflow; there, the rest of the product no longer counts.
    const rest = v < 1e270 ? productRest(v, l) : 0
    lo = rest + (v * (h - log + t) + (STIRLING - 0.5 * l + stirlingSeries(1 / v)))
    y = hi + lo
  } else {
    const steps = Math.floor(v - 1.25)
    lo = nearTwo(v - (steps + 2))
    const two = (steps >= 1 ? v - 1 : 1) * (steps >= 2 ? v - 2 : 1)
    const factors = two * ((steps >= 3 ? v - 3 : 1) * (steps >= 4 ? v - 4 : 1))
    const below = steps === -1 ? v : Math.abs(v) * (1 + v)
    const isBelow = steps < 0
    const product = isBelow ? below : factors
    const k = logExponent(product)
    const f = logMantissa(product) - 1
    const h = logHead(k, f)
    const t = logTail(k, f, k * LN2_TAIL)
    y = isBelow ? lo - t - h : lo + t + h
    factor = isBelow ? 1 : v * factors
  }
  if (reflects) {
    const [h, t] = coldReflection(v, factor)
    y = -(hi + h + (lo + t))
  }
  const isPole = x <= 0 && Math.floor(x) === x
  return isPole || x === Infinity ? Infinity : y
}
