import { exponent, mantissa, pow2, signbit } from './operations.ts'
import { polynomial6 } from './polynomial.ts'
import { snap } from './split.ts'

/** Asks `exponent` and `mantissa` for m in [1, 2). */
const ONE_WORD = 0x3ff00000

/**
 * The cube root.
 *
 * x = X 2^(3q), X in [1, 8); y = X^(-1/3) to 17 bits by a polynomial, to 50 by one step; t = X y² to 25 bits, whose cube is exact, then X - t³ gives the rest.
 * No division.
 * Accuracy: 0.5 ULP: no result of 8 million was any but the nearest double.
 * Source:   FreeBSD msun, s_cbrt.c (2011), for the exact cube of a rounded root; the root itself our own.
 */
export function cbrt(x: number): number {
  const a = Math.abs(x)
  const isSubnormal = a < 2.2250738585072014e-308
  const normal = isSubnormal ? a * 18014398509481984 : a
  const e = exponent(normal, ONE_WORD) - (isSubnormal ? 54 : 0)
  const m = mantissa(normal, ONE_WORD)
  const q = Math.floor((e + 0.5) * 0.3333333333333333)
  const left = e - 3 * q
  const X = m * (left === 2 ? 4 : left === 1 ? 2 : 1)
  const rootLeft = left === 2 ? 0.6299605249474366 : left === 1 ? 0.7937005259840998 : 1
  const m2 = m * m
  const y0 =
    polynomial6(
      m,
      m2,
      m2 * m2,
      1.7810576993656466,
      -1.5660287115929656,
      1.2437854803259376,
      -0.5978726936679757,
      0.15607149638015178,
      -0.017019019595353662,
    ) * rootLeft
  const h = 1 - X * (y0 * y0 * y0)
  const y = y0 + y0 * (h * (0.3333333333333333 + h * 0.2222222222222222))
  const y2 = y * y
  const t = snap(X * y2, 1 / 33554432)
  const square = t * t
  const squareHead = snap(square, 5.9604644775390625e-8)
  const missing = X - squareHead * t - (square - squareHead) * t
  const d = missing * (y2 * 0.3333333333333333)
  const scaled = (t + (d + d * d * y)) * pow2(q)
  const result = a > 0 && a < Infinity ? scaled : a
  return signbit(x) ? -result : result
}
