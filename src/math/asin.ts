import { signbit } from './operations.ts'
import { polynomial13 } from './polynomial.ts'
import { snap } from './split.ts'

const HALF_TURN_TAIL = 1.2246467991473532e-16
const QUARTER_TURN_TAIL = 6.123233995736766e-17

/** asin s = s + s P(s²) for s ≤ ½: that P, from z = s². */
function arcsineSeries(z: number): number {
  const z2 = z * z
  return (
    z *
    polynomial13(
      z,
      z2,
      z2 * z2,
      0.16666666666666669,
      0.07499999999998082,
      0.04464285714685709,
      0.030381944106381387,
      0.022372174069959457,
      0.017352368660156253,
      0.01397154424765112,
      0.011476140459759343,
      0.010341531193179179,
      0.005380898167102211,
      0.017600526836562748,
      -0.015151681737279462,
      0.02895526597292831,
    )
  )
}

/** What the series is taken of: x², and beyond ½ the square of the sine of half the angle that is missing. */
function arcSquare(size: number): number {
  return size > 0.5 ? (1 - size) * 0.5 : size * size
}

/** The angle of the size |x| up to ½; beyond, the missing one: with `arcTail` a pair. */
function arcHead(size: number): number {
  const f = snap(Math.sqrt(arcSquare(size)), 7.450580596923828e-9)
  return size > 0.5 ? f + f : size
}

function arcTail(size: number): number {
  const z = arcSquare(size)
  const s = Math.sqrt(z)
  const f = snap(s, 7.450580596923828e-9)
  const c = (z - f * f) / (s + f + 9.332636185032189e-302)
  const series = arcsineSeries(z)
  const lo = s * series + c
  return size > 0.5 ? lo + lo : size * series
}

/**
 * The angle of [-π / 2, π / 2] whose sine is x; NaN beyond ±1.
 * Accuracy: 0.73 ULP.
 * Source:   fdlibm 5.3, e_asin.c (Sun Microsystems, 1993), by a polynomial of our own in place of the quotient of two.
 */
export function asin(x: number): number {
  const size = Math.abs(x)
  const isBig = size > 0.5
  // Each once, in front of the choice: they are inlined wherever they stand.
  const head = arcHead(size)
  const tail = arcTail(size)
  const h = isBig ? -head : head
  const l = isBig ? -tail : tail
  const base = isBig ? Math.PI / 2 : 0
  const sum = base + h
  const error = base - sum + h
  const angle = Math.abs(sum + (error + ((isBig ? QUARTER_TURN_TAIL : 0) + l)))
  return signbit(x) ? -angle : angle
}

/**
 * The angle of [0, π] whose cosine is x; NaN beyond ±1.
 * Accuracy: 0.65 ULP.
 * Source:   as `asin`.
 */
export function acos(x: number): number {
  const size = Math.abs(x)
  const isBig = size > 0.5
  const isBelow = x < 0
  const adds = isBig !== isBelow
  const head = arcHead(size)
  const tail = arcTail(size)
  const h = adds ? head : -head
  const l = adds ? tail : -tail
  const end = isBelow ? Math.PI : 0
  const endTail = isBelow ? HALF_TURN_TAIL : 0
  const base = isBig ? end : Math.PI / 2
  const sum = base + h
  const error = base - sum + h
  return sum + (error + ((isBig ? endTail : QUARTER_TURN_TAIL) + l))
}
