/**
 * Polynomials of 5 to 13 coefficients, the constant one first, by Estrin's scheme: short chains, so that a processor can work on several products at once.
 * The shape is part of the definition of every function that uses one: another order of the same sums rounds otherwise.
 *
 * x2 is x * x, x4 is x2 * x2.
 * Source: G. Estrin, "Organization of computer systems: the fixed plus variable structure computer" (1960).
 */

function cubic(x: number, x2: number, a: number, b: number, c: number, d: number): number {
  return a + b * x + (c + d * x) * x2
}

export function polynomial5(
  x: number,
  x2: number,
  x4: number,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
): number {
  return cubic(x, x2, a, b, c, d) + e * x4
}

export function polynomial6(
  x: number,
  x2: number,
  x4: number,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
): number {
  return cubic(x, x2, a, b, c, d) + (e + f * x) * x4
}

export function polynomial7(
  x: number,
  x2: number,
  x4: number,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
): number {
  return cubic(x, x2, a, b, c, d) + (e + f * x + g * x2) * x4
}

export function polynomial8(
  x: number,
  x2: number,
  x4: number,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
): number {
  return cubic(x, x2, a, b, c, d) + cubic(x, x2, e, f, g, h) * x4
}

export function polynomial11(
  x: number,
  x2: number,
  x4: number,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
  i: number,
  j: number,
  k: number,
): number {
  return polynomial8(x, x2, x4, a, b, c, d, e, f, g, h) + (i + j * x + k * x2) * (x4 * x4)
}

export function polynomial13(
  x: number,
  x2: number,
  x4: number,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
  i: number,
  j: number,
  k: number,
  l: number,
  m: number,
): number {
  return polynomial8(x, x2, x4, a, b, c, d, e, f, g, h) + polynomial5(x, x2, x4, i, j, k, l, m) * (x4 * x4)
}
