import { greater, lesser } from './operations.ts'
import { rootRest, squareRest } from './split.ts'

/** Brings `size`, the largest of some numbers, to where sums of a few squares neither overflow nor lose bits. */
export function hypotScale(size: number): number {
  return size > 3.273390607896142e150
    ? 2.409919865102884e-181
    : size < 3.8725919148493183e-121
      ? 4.149515568880993e180
      : 1
}

export function hypotUnscale(size: number): number {
  return size > 3.273390607896142e150
    ? 4.149515568880993e180
    : size < 3.8725919148493183e-121
      ? 2.409919865102884e-181
      : 1
}

/** √(sum + rest), rest ≪ sum. */
export function rootOfPair(sum: number, rest: number): number {
  const root = Math.sqrt(sum)
  return root + rootRest(sum, rest, root)
}

/**
 * √(x² + y²), without overflow on the way; infinite where one is, even beside NaN.
 * Accuracy: 0.75 ULP; 0.501 where the result is normal.
 * Source:   musl, hypot.c (2014), for the scaling and the exact squares; the root's remainder our own.
 */
export function hypot(x: number, y: number): number {
  const u = Math.abs(x)
  const v = Math.abs(y)
  const a = greater(v, u)
  const b = lesser(u, v)
  const p = a * hypotScale(a)
  const q = b * hypotScale(a)
  const A = p * p
  const B = q * q
  const sum = A + B
  const error = A - sum + B
  const r = rootOfPair(sum, error + (squareRest(p) + squareRest(q))) * hypotUnscale(a)
  return u === Infinity || v === Infinity ? Infinity : r
}
