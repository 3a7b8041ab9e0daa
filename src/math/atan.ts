import { greater, signbit } from './operations.ts'
import { polynomial11 } from './polynomial.ts'
import { head } from './split.ts'

/** Angles with the tangents ½, 1, 3/2 and ∞, in two parts. */
const HALF = 0.4636476090008061
const HALF_TAIL = 2.2698777452961687e-17
const ONE = Math.PI / 4
const ONE_TAIL = 3.061616997868383e-17
const THREE_HALVES = 0.98279372324732905
const THREE_HALVES_TAIL = 1.3903311031230998e-17
const QUARTER_TURN_TAIL = 6.123233995736766e-17
const HALF_TURN_TAIL = 1.2246467991473532e-16

/** atan t = t + t P(t²) for |t| ≤ 7/16: that P, from z = t². */
function arctangentSeries(z: number): number {
  const z2 = z * z
  return (
    z *
    polynomial11(
      z,
      z2,
      z2 * z2,
      -0.33333333333333326,
      0.199999999999888,
      -0.14285714283279943,
      0.11111110907998618,
      -0.09090900422589929,
      0.07692091456650996,
      -0.0666328541799966,
      0.05848049182194602,
      -0.050353341186499055,
      0.037858455916485456,
      -0.017581136877201683,
    )
  )
}

/**
 * The angle of (-π / 2, π / 2) whose tangent is x.
 *
 * atan y = atan c + atan((y - c) / (1 + c y)), c of 0, ½, 1, 3/2, ∞ by which of 7/16, 11/16, 19/16, 39/16 y is beyond.
 * Accuracy: 0.86 ULP.
 * Source:   fdlibm 5.3, s_atan.c (Sun Microsystems, 1993); coefficients of our own.
 */
export function atan(x: number): number {
  const y = Math.abs(x)
  const from1 = y >= 0.4375
  const from2 = y >= 0.6875
  const from3 = y >= 1.1875
  const from4 = !(y < 2.4375)
  const c = from3 ? 1.5 : from2 ? 1 : from1 ? 0.5 : 0
  const hi = from4 ? Math.PI / 2 : from3 ? THREE_HALVES : from2 ? ONE : from1 ? HALF : 0
  const lo = from4 ? QUARTER_TURN_TAIL : from3 ? THREE_HALVES_TAIL : from2 ? ONE_TAIL : from1 ? HALF_TAIL : 0
  const t = (from4 ? -1 : y - c) / (from4 ? y : 1 + c * y)
  const angle = Math.abs(hi + (t + (lo + t * arctangentSeries(t * t))))
  return signbit(x) ? -angle : angle
}

/**
 * The angle of (x, y), from -π to π; signs of zeros count as in ECMAScript.
 *
 * As `atan`, with the quotient (y - c x) / (x + c y) and what it leaves: y / x itself is never rounded.
 * Accuracy: 0.81 ULP.
 */
export function atan2(y: number, x: number): number {
  let b = Math.abs(y)
  let a = Math.abs(x)
  const larger = greater(a, b)
  const sum = a + b
  // So that no part of the remainder is lost below the smallest double or beyond the largest one.
  let scale =
    larger < 2.037035976334486e90 ? 4.149515568880993e180 : larger > 8.452712498170644e270 ? 6.223015277861142e-61 : 1
  if (!(sum > 0 && sum < Infinity)) {
    const [b1, a1, scale1] = coldAngle(b, a, scale)
    b = b1
    a = a1
    scale = scale1
  }
  a *= scale
  b *= scale

  const from1 = b >= 0.4375 * a
  const from2 = b >= 0.6875 * a
  const from3 = b >= 1.1875 * a
  const from4 = !(b < 2.4375 * a)
  const ca = from2 ? a : 0.5 * a
  const cb = from2 ? b : 0.5 * b
  const n1 = from1 ? b - ca : b
  const d1 = from1 ? a + cb : a
  const n = from4 ? -a : from3 ? n1 - 0.5 * a : n1
  const d = from4 ? b : from3 ? a + 1.5 * b : d1
  const hi = from4 ? Math.PI / 2 : from3 ? THREE_HALVES : from2 ? ONE : from1 ? HALF : 0
  const lo = from4 ? QUARTER_TURN_TAIL : from3 ? THREE_HALVES_TAIL : from2 ? ONE_TAIL : from1 ? HALF_TAIL : 0

  const v = 1 / d
  const t = n * v
  const z = t * t
  const th = head(t)
  const dh = head(d)
  const remainder = (n - th * dh - th * (d - dh) - (t - th) * d) * v * (1 - z)
  const tail = remainder + t * arctangentSeries(z)

  // The angle to the left of the y-axis is π less.
  const isLeft = signbit(x)
  const h = isLeft ? -hi : hi
  const base = isLeft ? Math.PI : 0
  const total = base + h
  const error = base - total + h
  const angle = Math.abs(
    total +
      ((isLeft ? -t : t) + ((isLeft ? -tail : tail) + (error + ((isLeft ? HALF_TURN_TAIL : 0) + (isLeft ? -lo : lo))))),
  )
  return signbit(y) ? -angle : angle
}

/** |y|, |x| and their scale where both are 0, or one is infinite or NaN: the point on the same ray that the rest can do with. */
function coldAngle(b: number, a: number, scale: number): [number, number, number] {
  const isFar = (a === Infinity || b === Infinity) && !Number.isNaN(a) && !Number.isNaN(b)
  const isOrigin = a + b === 0
  const x = isOrigin ? 1 : a
  return [isFar ? (b === Infinity ? 1 : 0) : b, isFar ? (a === Infinity ? 1 : 0) : x, isFar || isOrigin ? 1 : scale]
}
