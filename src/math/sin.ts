import { bit } from './operations.ts'
import { polynomial5, polynomial6 } from './polynomial.ts'
import { coldQuadrant, NEAR, quadrantHead, quadrants, quadrantTail } from './quadrant.ts'

/** sin r's polynomial behind r + S1 r³, from z = r². */
export function sineSeries(z: number): number {
  const z2 = z * z
  return polynomial5(
    z,
    z2,
    z2 * z2,
    0.008333333333331293,
    -0.0001984126983705946,
    0.0000027557316210531966,
    -2.5051148883446816e-8,
    1.59191104554696e-10,
  )
}

/** cos r's polynomial behind 1 - z / 2, from z = r². */
export function cosineSeries(z: number): number {
  const z2 = z * z
  return polynomial6(
    z,
    z2,
    z2 * z2,
    0.041666666666666664,
    -0.0013888888888887055,
    0.000024801587298450532,
    -2.755731715365367e-7,
    2.0876126951295866e-9,
    -1.1381484734949248e-11,
  )
}

/** -1/6. */
export const S1 = -0.16666666666666666

/**
 * sin(x + turns * π / 2), `turns` an integer.
 * Source: fdlibm 5.3, k_sin.c and k_cos.c (Sun Microsystems, 1993); coefficients of our own.
 */
function sine(x: number, turns: number): number {
  let n = quadrants(x)
  let r = quadrantHead(x, n)
  let tail = quadrantTail(x, n)
  if (!(Math.abs(x) <= NEAR)) {
    const [n4, far, rest] = coldQuadrant(x)
    n = n4
    r = far
    tail = rest
  }
  const q = n + turns
  const z = r * r
  const v = z * r
  const sinR = r - (z * (0.5 * tail - v * sineSeries(z)) - tail - v * S1)
  const h = 0.5 * z
  const w = 1 - h
  const cosR = w + (1 - w - h + (z * z * cosineSeries(z) - r * tail))
  const y = bit(q, 0) ? cosR : sinR
  return bit(q, 1) ? -y : y
}

/**
 * sin x, x in radians.
 * Accuracy: 0.81 ULP, over all of the numbers.
 */
export function sin(x: number): number {
  return sine(x, 0)
}

/**
 * cos x, x in radians.
 * Accuracy: 0.82 ULP, over all of the numbers.
 */
export function cos(x: number): number {
  return sine(x, 1)
}
