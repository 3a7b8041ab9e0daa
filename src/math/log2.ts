import { logExponent, logMantissa, logSeries, logSpecial } from './log.ts'
import { head } from './split.ts'

/** log m = hi + lo, hi of 26 bits; f = m - 1. */
function head26(f: number): number {
  return head(f - 0.5 * f * f)
}

function tail26(f: number): number {
  const s = f / (2 + f)
  const h = 0.5 * f * f
  return f - head26(f) - h + s * (h + logSeries(s * s))
}

/** 1 / log 2 and 1 / log 10 in two parts, the first of 26 bits. */
const PER_LN2 = 1.4426950216293335
const PER_LN2_TAIL = 1.9259629911266175e-8
const PER_LN10 = 0.4342944771051407
const PER_LN10_TAIL = 4.798111141615973e-9

/** log10 2: its product with an exponent is exact. */
const LOG10_2 = 0.30102999566395283
const LOG10_2_TAIL = 2.8363394551044964e-14

/**
 * Logarithm to the base 2; exact for powers of 2.
 * Accuracy: 0.87 ULP.
 * Source:   FreeBSD msun, e_log2.c and k_log.h (2011), with splits of 26 bits in place of masked words.
 */
export function log2(x: number): number {
  const k = logExponent(x)
  const f = logMantissa(x) - 1
  const hi = head26(f)
  const lo = tail26(f)
  const vh = hi * PER_LN2
  const vl = (lo + hi) * PER_LN2_TAIL + lo * PER_LN2
  const sum = k + vh
  return logSpecial(x, sum + (vl + (k - sum + vh)))
}

/**
 * Logarithm to the base 10.
 * Accuracy: 0.76 ULP.
 * Source:   FreeBSD msun, e_log10.c, likewise.
 */
export function log10(x: number): number {
  const k = logExponent(x)
  const f = logMantissa(x) - 1
  const hi = head26(f)
  const lo = tail26(f)
  const vh = hi * PER_LN10
  const kh = k * LOG10_2
  const vl = k * LOG10_2_TAIL + (lo + hi) * PER_LN10_TAIL + lo * PER_LN10
  const sum = kh + vh
  return logSpecial(x, sum + (vl + (kh - sum + vh)))
}
