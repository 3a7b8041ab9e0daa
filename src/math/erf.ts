import { expReduced, LN2_HEAD, LN2_TAIL } from './exp.ts'
import { lesser, pow2, signbit } from './operations.ts'
import { polynomial7, polynomial8 } from './polynomial.ts'
import { nearest, productRest, squareRest, sumRest } from './split.ts'

/** erf x = x + x P(x²) for |x| ≤ 1: that P. */
function erfSeries(z: number): number {
  const z2 = z * z
  const z4 = z2 * z2
  const far = polynomial8(
    z,
    z2,
    z4,
    0.005223977629095658,
    -0.0008548327189606624,
    0.00012055337777810952,
    -0.000014925738504204218,
    0.000001646308709483387,
    -1.637063829093387e-7,
    1.4786548418167036e-8,
    -1.1830590465705277e-9,
  )
  const middle = 0.11283791670958743 + -0.02686617064561954 * z + z2 * (far + z4 * z4 * 6.684830822627492e-11)
  return 0.1283791670955126 + (-0.37612638903183876 * z + z2 * middle)
}

/** (1 + 2x) e^(x²) erfc x = 1.23… + t P(t), t = (x - 4) / (x + 4), for 0 ≤ x ≤ 28: that P. */
function tailSeries(t: number): number {
  const t2 = t * t
  const t4 = t2 * t2
  const low = polynomial8(
    t,
    t2,
    t4,
    -0.13962111684056253,
    0.015379652102619714,
    0.06809705425469428,
    -0.10103906603629995,
    0.0937328349982913,
    -0.06633036581233191,
    0.03716751553842409,
    -0.01619773405649687,
  )
  const middle = polynomial8(
    t,
    t2,
    t4,
    0.005031969969758284,
    -0.000757773296638402,
    -0.0001992566515086633,
    0.00015062170661458377,
    -0.000024399355589843572,
    -0.000011222113007545094,
    0.0000057100175514018005,
    2.9398144352811735e-7,
  )
  const high = polynomial7(
    t,
    t2,
    t4,
    -8.257515588501902e-7,
    7.438400081811893e-8,
    1.1021586865521024e-7,
    -1.770611117745041e-8,
    -1.408128246369978e-8,
    1.762000399630131e-9,
    1.2272600353427667e-9,
  )
  const t8 = t4 * t4
  return low + t8 * (middle + t8 * high)
}

/**
 * `factor` times erfc(x + dx) for 0 ≤ x ≤ 28; the square of x + dx in two parts, since an error in it would grow by its size.
 *
 * What 1 + 2x loses is small enough to be a part of the exponent: 1 / (1 + ε) = e^-ε.
 */
function complement(x: number, dx: number, square: number, rest: number, factor: number): number {
  const t = (x - 4) / (x + 4)
  const tail = 1.2329951186255526 + (t * tailSeries(t) - 4.625318921008717e-17)
  const twice = x + x
  const d = 1 + twice
  const dl = sumRest(1, twice) + 2 * dx
  const quotient = tail / d
  const n = nearest(square * -Math.LOG2E)
  const power = expReduced(-square - n * LN2_HEAD, n * LN2_TAIL + (rest + dl * (quotient * 0.87)))
  const p = power * (factor * quotient)
  // In two steps, the first exact, so that subnormal results are rounded once.
  const half = nearest(n * 0.5)
  return p * pow2(half) * pow2(n - half)
}

/** Up to here 1 - erf x is the nearer one. */
const NEAR = 0.3125

/**
 * The error function, 2 / √π times the integral of e^(-t²) from 0 to x.
 * Accuracy: 1.4 ULP.
 * Source:   a polynomial of our own up to 1, then 1 - erfc x as `erfc` has it.
 */
export function erf(x: number): number {
  const size = Math.abs(x)
  let y = size + size * erfSeries(size * size)
  if (!(size < 1)) {
    const a = lesser(6, size)
    y = 1 - complement(a, 0, a * a, squareRest(a), 1)
  }
  return signbit(x) ? -y : y
}

/**
 * 1 - erf x, to its own size where x is large.
 * Accuracy: 3 ULP where the result is normal.
 * Source:   M. M. Shepherd, J. G. Laframboise, "Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x < ∞" (1981), for the form; coefficients of
 *           our own.
 */
export function erfc(x: number): number {
  const size = Math.abs(x)
  let y = 1 - (x + x * erfSeries(size * size))
  if (!(size < NEAR)) {
    const a = lesser(28, size)
    const c = complement(a, 0, a * a, squareRest(a), 1)
    y = x < 0 ? 2 - c : c
  }
  return y
}

/** What 1 / √2 loses as a double. */
const ROOT_HALF_TAIL = -4.833646656726457e-17

/**
 * The share of a standard normal distribution that is below x: erfc(-x / √2) / 2.
 * Accuracy: 3 ULP where the result is normal.
 * Source:   as `erfc`; the exponent is taken of x itself, whose square is exact in two parts.
 */
export function normcdf(x: number): number {
  const size = Math.abs(x)
  const z = x * Math.SQRT1_2
  let y = 0.5 + 0.5 * (z + z * erfSeries(z * z))
  if (!(Math.abs(z) < NEAR)) {
    const a = lesser(40, size)
    const rest = productRest(a, Math.SQRT1_2) + a * ROOT_HALF_TAIL
    const c = complement(a * Math.SQRT1_2, rest, 0.5 * (a * a), 0.5 * squareRest(a), 0.5)
    y = x < 0 ? c : 1 - c
  }
  return y
}
