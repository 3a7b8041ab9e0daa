import { greater, lesser, scalb } from './operations.ts'
import { nearest } from './split.ts'

/** log 2 in two parts: the first has 42 bits, so that its product with an integer of 11 is exact. */
export const LN2_HEAD = 0.6931471805598903
export const LN2_TAIL = 5.497923018708371e-14

/**
 * e^x.
 * Accuracy: 0.78 ULP.
 * Source:   fdlibm 5.3, e_exp.c (Sun Microsystems, 1993), its last sum kept in two parts; coefficients of our own.
 */
export function exp(x: number): number {
  const y = greater(-746, lesser(710, x))
  const n = nearest(y * Math.LOG2E)
  const hi = y - n * LN2_HEAD
  const lo = n * LN2_TAIL
  return scalb(expReduced(hi, lo), n)
}

/** e^(hi - lo), lo ≪ hi, |hi - lo| ≤ ½ log 2. */
export function expReduced(hi: number, lo: number): number {
  const s = 1 + hi
  return s + (1 - s + hi + (expQuotient(hi - lo) - lo))
}

/** e^r - 1 - r = r c / (2 - c) for |r| ≤ ½ log 2. */
export function expQuotient(r: number): number {
  const z = r * r
  const w = z * z
  const c =
    r -
    z *
      (0.1666666666666666 +
        z * -0.0027777777777549455 +
        w * (0.00006613756467149246 + z * -0.0000016534055071922833 + w * 4.143582762077838e-8))
  return (r * c) / (2 - c)
}
