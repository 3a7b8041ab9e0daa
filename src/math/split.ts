/** Added and taken away again, it rounds a number below 2^51 in size to the nearest integer: 1.5 * 2^52. */
const ROUNDER = 6755399441055744

/** x to the nearest integer, the even one of two; |x| < 2^51. */
export function nearest(x: number): number {
  return x + ROUNDER - ROUNDER
}

/**
 * x rounded to 26 bits, so that the product of two heads is exact, and so is x - head(x); |x| < 2^996.
 * Source: T. J. Dekker, "A floating-point technique for extending the available precision" (1971), Veltkamp's splitting.
 */
export function head(x: number): number {
  const c = x * 134217729
  return c - (c - x)
}

/** x y - the rounded x * y, exactly. Source: Dekker (1971). */
export function productRest(x: number, y: number): number {
  const xh = head(x)
  const yh = head(y)
  const xl = x - xh
  const yl = y - yh
  return xh * yh - x * y + xh * yl + xl * yh + xl * yl
}

/** p² - p * p, the product rounded, exactly. Source: Dekker (1971). */
export function squareRest(p: number): number {
  const ph = head(p)
  const pl = p - ph
  return ph * ph - p * p + 2 * ph * pl + pl * pl
}

/** √(sum + rest) - `root`, the rounded √sum; 0 where both are. Source: Dekker (1971), the square root. */
export function rootRest(sum: number, rest: number, root: number): number {
  const rh = head(root)
  const rl = root - rh
  const missing = sum - rh * rh - 2 * rh * rl - rl * rl
  return (missing + rest) / (root + root + 9.332636185032189e-302)
}

/** a + b - the rounded a + b, exactly, whichever is larger. Source: D. E. Knuth, "The Art of Computer Programming", volume 2, 4.2.2, theorem B. */
export function sumRest(a: number, b: number): number {
  const sum = a + b
  const second = sum - a
  return a - (sum - second) + (b - second)
}

/** x rounded to a multiple of `unit`, a power of two: cheaper than `head` where the size of x is known to be below 2^51 units. */
export function snap(x: number, unit: number): number {
  return x + ROUNDER * unit - ROUNDER * unit
}

/** n - q d, near enough to correct q, which is n / d up to some places. Source: Dekker (1971), the quotient, by split products. */
export function quotientRest(n: number, q: number, d: number): number {
  const qh = head(q)
  const dh = head(d)
  return n - qh * dh - qh * (d - dh) - (q - qh) * d
}

/**
 * (nh + nl) / (dh + dl) with one division. Both pairs must be normalised: the sum of each rounds to its first part.
 * Source: Dekker (1971), the quotient.
 */
export function pairQuotient(nh: number, nl: number, dh: number, dl: number): number {
  const v = 1 / dh
  const q = nh * v
  return q + (quotientRest(nh, q, dh) + (nl - q * dl)) * v
}
