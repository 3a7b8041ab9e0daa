import { LN2_HEAD, LN2_TAIL } from './exp.ts'
import { greater, lesser, pow2, signbit } from './operations.ts'
import { polynomial5 } from './polynomial.ts'
import { nearest, pairQuotient } from './split.ts'

/**
 * One kernel: x = n log 2 + r + rl, and e^±r = 1 + even ± (r + odd), even = r² / 2 + …, odd = r³ / 6 + …
 *
 * sinh and cosh of a ≥ 0 are then, halved once more so that nothing overflows before the end,
 *
 *   A = 2^(n - 2), B = 2^-(n + 2):   (A ∓ B) (1 + even) + (A ± B) (r + rl + odd),   upper signs: sinh
 *
 * each of whose largest sums is kept in two parts.
 */

function steps(x: number): number {
  return nearest(x * Math.LOG2E)
}

function reduced(x: number, n: number): number {
  return x - n * LN2_HEAD - n * LN2_TAIL
}

function reducedTail(x: number, n: number): number {
  const hi = x - n * LN2_HEAD
  const lo = n * LN2_TAIL
  return hi - (hi - lo) - lo
}

/** even - r² / 2, from z = r². */
function evenRest(z: number): number {
  const z2 = z * z
  return (
    z2 *
    polynomial5(
      z,
      z2,
      z2 * z2,
      0.041666666666666664,
      0.0013888888888889746,
      0.000024801587307568594,
      2.755729360233379e-7,
      2.090730172301445e-9,
    )
  )
}

function odd(r: number): number {
  const z = r * r
  const z2 = z * z
  return (
    r *
    z *
    polynomial5(
      z,
      z2,
      z2 * z2,
      0.16666666666666669,
      0.008333333333328882,
      0.00019841269866586442,
      0.0000027557264541386247,
      2.5101834576981515e-8,
    )
  )
}

/** 2^-(n + 2), capped where it no longer counts. */
function small(n: number): number {
  return pow2(-lesser(64, n) - 2)
}

/** sinh a / 2 as a pair that is not normalised. */
function sinhHead(A: number, B: number, r: number): number {
  return A - B + (A * r + B * r)
}

function sinhTail(A: number, B: number, r: number, rl: number): number {
  const z = r * r
  const even = 0.5 * z + evenRest(z)
  const M = A - B
  const P = A + B
  const u = A * r
  const v = B * r
  const w = u + v
  const sum = M + w
  return M - sum + w + (u - w + v + (A - M - B) + (M * even + P * odd(r) + rl * P))
}

/** cosh a / 2. */
function coshHead(A: number, B: number, r: number): number {
  return A + B + (A * r - B * r)
}

function coshTail(A: number, B: number, r: number, rl: number): number {
  const z = r * r
  const even = 0.5 * z + evenRest(z)
  const M = A - B
  const P = A + B
  const u = A * r
  const v = B * r
  const w = u - v
  const sum = P + w
  return P - sum + w + (u - w - v + (A - P + B) + (P * even + M * odd(r) + rl * M))
}

/**
 * Hyperbolic sine.
 * Accuracy: 0.79 ULP.
 */
export function sinh(x: number): number {
  const size = Math.abs(x)
  const a = lesser(710.5, size)
  const n = steps(a)
  const r = reduced(a, n)
  const A = pow2(n - 2)
  const B = small(n)
  const half = sinhHead(A, B, r) + sinhTail(A, B, r, reducedTail(a, n))
  const y = size < 3.725290298461914e-9 ? size : half + half
  return signbit(x) ? -y : y
}

/**
 * Hyperbolic cosine.
 * Accuracy: 0.69 ULP.
 */
export function cosh(x: number): number {
  const a = lesser(710.5, Math.abs(x))
  const n = steps(a)
  const r = reduced(a, n)
  const A = pow2(n - 2)
  const B = small(n)
  const half = coshHead(A, B, r) + coshTail(A, B, r, reducedTail(a, n))
  return half + half
}

/**
 * Hyperbolic tangent.
 * Accuracy: 0.75 ULP.
 */
export function tanh(x: number): number {
  const size = Math.abs(x)
  const a = lesser(20, size)
  const n = steps(a)
  const r = reduced(a, n)
  const rl = reducedTail(a, n)
  const A = pow2(n - 2)
  const B = small(n)
  const sh = sinhHead(A, B, r)
  const st = sinhTail(A, B, r, rl)
  const ch = coshHead(A, B, r)
  const ct = coshTail(A, B, r, rl)
  const s = sh + st
  const c = ch + ct
  const t = pairQuotient(s, sh - s + st, c, ch - c + ct)
  const y = size < 3.725290298461914e-9 ? size : t
  return signbit(x) ? -y : y
}

/**
 * e^x - 1, to its own size where x is small.
 * Accuracy: 0.91 ULP.
 */
export function expm1(x: number): number {
  const a = greater(-40, lesser(710, x))
  const n = steps(a)
  const r = reduced(a, n)
  const z = r * r
  const A = pow2(n - 1)
  const B = A - 0.5
  const u = A * r
  const S = B + u
  const h = A * (0.5 * z)
  const T = S + h
  const errors = A - B - 0.5 + (B - S + u)
  const half = T + (errors + (S - T + h + A * (reducedTail(a, n) + (evenRest(z) + odd(r)))))
  return Math.abs(x) < 5.551115123125783e-17 ? x : half + half
}
