import { exponent, mantissa, pow2, signbit } from './operations.ts'
import { head, nearest } from './split.ts'

/** Up to here a quadrant is found by subtraction: 1.5 * 2^20, the number of quadrants has 20 bits. */
export const NEAR = 1572864

/** π / 2 in four parts, the first three of 33 bits, so that the products with a number of quadrants are exact. */
const PART1 = 1.5707963267341256
const PART2 = 6.077100506303966e-11
const PART3 = 2.0222662487111665e-21
const PART4 = 8.4784276603689e-32

/** The number of quadrants next to x: x = n * π / 2 + quadrantHead(x, n) + quadrantTail(x, n), for |x| ≤ NEAR. */
export function quadrants(x: number): number {
  return nearest(x * 0.6366197723675814)
}

/** Each difference is exact: where a part is the larger one, the other is so near to it that 53 bits hold the difference. */
export function quadrantHead(x: number, n: number): number {
  return x - n * PART1 - n * PART2 - n * PART3
}

/** What `quadrantHead` leaves; their sum is not normalised. */
export function quadrantTail(x: number, n: number): number {
  const r0 = x - n * PART1
  const w1 = n * PART2
  const r1 = r0 - w1
  const w2 = n * PART3
  const r2 = r1 - w2
  return r0 - r1 - w1 + (r1 - r2 - w2) - n * PART4
}

const DIGIT = 16777216
const UNIT = 5.9604644775390625e-8

/**
 * Quadrants of a number beyond NEAR: [n modulo 4, r, what r leaves]; NaN in the place of r for infinities and NaN.
 *
 *   |x| = X * 2^(48 j), X in [1, 2^48), as digits x0 … x4 of 24 bits:  X = x0 * 2^24 + x1 + x2 * 2^-24 + …
 *   2 / π = 0.P1 P2 P3 … in digits of 24 bits; each constant below holds two of them, P(2t) and P(2t + 1).
 *   The window e0 … e6 holds P(2j - 4) … P(2j + 9): five choices move it there. What stands before it gives multiples of 4 quadrants.
 *   Column k of the product, q(k), has the weight 2^(-24 k): five products below 2^48, so that it is exact. Carries go to the nearest, so
 *   that q0 is the number of quadrants, and the rest is between -½ and ½ of one.
 *   Nine columns leave an error of 2^-166; the smallest rest that a double has is 2^-62.
 *
 * A table would be shorter, but a subroutine of a kernel has none.
 * Source: M. Payne, R. Hanek, "Radian reduction for trigonometric functions" (1983).
 */
export function coldQuadrant(x: number): [number, number, number] {
  const size = Math.abs(x)
  const k = exponent(size, 0x3ff00000)
  const j = Math.floor(k * (1 / 48))
  const by16 = j >= 16
  const a0 = by16 ? 145545901242664 : 0
  const a1 = by16 ? 65008500735966 : 0
  const a2 = by16 ? 6150660501265 : 10680707
  const a3 = by16 ? 153218838241133 : 121282428742140
  const a4 = by16 ? 59918269270793 : 43258138146013
  const a5 = by16 ? 201551108859550 : 212048484342076
  const a6 = by16 ? 105459389638586 : 74286861537635
  const a7 = by16 ? 219815989050173 : 188973121364407
  const a8 = by16 ? 7945547567762 : 40055842426322
  const a9 = by16 ? 257749499752735 : 246317602236937
  const a10 = by16 ? 155430711329584 : 230425481846251
  const a11 = by16 ? 78050216356848 : 31547233615592
  const a12 = by16 ? 0 : 143168258358084
  const a13 = by16 ? 0 : 146138886842036
  const a14 = by16 ? 0 : 104995864809942
  const a15 = by16 ? 0 : 63236199806108
  const a16 = by16 ? 0 : 145545901242664
  const a17 = by16 ? 0 : 65008500735966
  const a18 = by16 ? 0 : 6150660501265
  const a19 = by16 ? 0 : 153218838241133
  const a20 = by16 ? 0 : 59918269270793
  const a21 = by16 ? 0 : 201551108859550
  const j8 = by16 ? j - 16 : j
  const by8 = j8 >= 8
  const b0 = by8 ? a8 : a0
  const b1 = by8 ? a9 : a1
  const b2 = by8 ? a10 : a2
  const b3 = by8 ? a11 : a3
  const b4 = by8 ? a12 : a4
  const b5 = by8 ? a13 : a5
  const b6 = by8 ? a14 : a6
  const b7 = by8 ? a15 : a7
  const b8 = by8 ? a16 : a8
  const b9 = by8 ? a17 : a9
  const b10 = by8 ? a18 : a10
  const b11 = by8 ? a19 : a11
  const b12 = by8 ? a20 : a12
  const b13 = by8 ? a21 : a13
  const j4 = by8 ? j8 - 8 : j8
  const by4 = j4 >= 4
  const c0 = by4 ? b4 : b0
  const c1 = by4 ? b5 : b1
  const c2 = by4 ? b6 : b2
  const c3 = by4 ? b7 : b3
  const c4 = by4 ? b8 : b4
  const c5 = by4 ? b9 : b5
  const c6 = by4 ? b10 : b6
  const c7 = by4 ? b11 : b7
  const c8 = by4 ? b12 : b8
  const c9 = by4 ? b13 : b9
  const j2 = by4 ? j4 - 4 : j4
  const by2 = j2 >= 2
  const d0 = by2 ? c2 : c0
  const d1 = by2 ? c3 : c1
  const d2 = by2 ? c4 : c2
  const d3 = by2 ? c5 : c3
  const d4 = by2 ? c6 : c4
  const d5 = by2 ? c7 : c5
  const d6 = by2 ? c8 : c6
  const d7 = by2 ? c9 : c7
  const j1 = by2 ? j2 - 2 : j2
  const by1 = j1 >= 1
  const e0 = by1 ? d1 : d0
  const e1 = by1 ? d2 : d1
  const e2 = by1 ? d3 : d2
  const e3 = by1 ? d4 : d3
  const e4 = by1 ? d5 : d4
  const e5 = by1 ? d6 : d5
  const e6 = by1 ? d7 : d6

  const p0 = Math.floor(e0 * UNIT)
  const p1 = e0 - p0 * DIGIT
  const p2 = Math.floor(e1 * UNIT)
  const p3 = e1 - p2 * DIGIT
  const p4 = Math.floor(e2 * UNIT)
  const p5 = e2 - p4 * DIGIT
  const p6 = Math.floor(e3 * UNIT)
  const p7 = e3 - p6 * DIGIT
  const p8 = Math.floor(e4 * UNIT)
  const p9 = e4 - p8 * DIGIT
  const p10 = Math.floor(e5 * UNIT)
  const p11 = e5 - p10 * DIGIT
  const p12 = Math.floor(e6 * UNIT)
  const p13 = e6 - p12 * DIGIT

  const X = mantissa(size, 0x3ff00000) * pow2(k - 48 * j)
  const x0 = Math.floor(X * UNIT)
  const X1 = X - x0 * DIGIT
  const x1 = Math.floor(X1)
  const X2 = (X1 - x1) * DIGIT
  const x2 = Math.floor(X2)
  const X3 = (X2 - x2) * DIGIT
  const x3 = Math.floor(X3)
  const x4 = (X3 - x3) * DIGIT

  let q0 = x0 * p5 + x1 * p4 + x2 * p3 + x3 * p2 + x4 * p1
  let q1 = x0 * p6 + x1 * p5 + x2 * p4 + x3 * p3 + x4 * p2
  let q2 = x0 * p7 + x1 * p6 + x2 * p5 + x3 * p4 + x4 * p3
  let q3 = x0 * p8 + x1 * p7 + x2 * p6 + x3 * p5 + x4 * p4
  let q4 = x0 * p9 + x1 * p8 + x2 * p7 + x3 * p6 + x4 * p5
  let q5 = x0 * p10 + x1 * p9 + x2 * p8 + x3 * p7 + x4 * p6
  let q6 = x0 * p11 + x1 * p10 + x2 * p9 + x3 * p8 + x4 * p7
  let q7 = x0 * p12 + x1 * p11 + x2 * p10 + x3 * p9 + x4 * p8
  let q8 = x0 * p13 + x1 * p12 + x2 * p11 + x3 * p10 + x4 * p9
  const carry8 = nearest(q8 * UNIT)
  q8 -= carry8 * DIGIT
  q7 += carry8
  const carry7 = nearest(q7 * UNIT)
  q7 -= carry7 * DIGIT
  q6 += carry7
  const carry6 = nearest(q6 * UNIT)
  q6 -= carry6 * DIGIT
  q5 += carry6
  const carry5 = nearest(q5 * UNIT)
  q5 -= carry5 * DIGIT
  q4 += carry5
  const carry4 = nearest(q4 * UNIT)
  q4 -= carry4 * DIGIT
  q3 += carry4
  const carry3 = nearest(q3 * UNIT)
  q3 -= carry3 * DIGIT
  q2 += carry3
  const carry2 = nearest(q2 * UNIT)
  q2 -= carry2 * DIGIT
  q1 += carry2
  const carry1 = nearest(q1 * UNIT)
  q1 -= carry1 * DIGIT
  q0 += carry1

  const y1 = q1 * 5.9604644775390625e-8
  const y2 = q2 * 3.5527136788005009e-15
  const y3 = q3 * 2.117582368135751e-22
  const y4 = q4 * 1.262177448353619e-29
  const y5 = q5 * 7.52316384526264e-37
  const y6 = q6 * 4.484155085839415e-44
  const y7 = q7 * 2.6727647100921956e-51
  const y8 = q8 * 1.5930919111324523e-58
  const hi = y8 + y7 + y6 + y5 + y4 + y3 + y2 + y1
  const lo = y1 - hi + y2 + y3 + y4 + y5 + y6 + y7 + y8

  // Times π / 2, in two parts.
  const hh = head(hi)
  const product = hh * 1.5707963109016418
  const rest = (hi - hh) * 1.5707963109016418 + (hi * 1.5893254773528196e-8 + lo * (Math.PI / 2))
  const r = product + rest
  const tail = product - r + rest

  const below = signbit(x)
  const n = q0 - 4 * Math.floor(q0 * 0.25)
  return [below ? 4 - n : n, (below ? -r : r) + (x - x), below ? -tail : tail]
}
