import { type Fixed, fixed, magnitude, root, shift } from './fixed.ts'
import { bitsFor, div, ELEMENTARY, expOf, logOf, mul, pi, type Reference, sinCos } from './reference.ts'

/** √π. */
function rootPi(bits: number): bigint {
  return root(pi(bits) << BigInt(bits), 2)
}

/** e^(-v²). */
function gauss(v: bigint, bits: number): Fixed {
  return expOf(-mul(v, v, bits), bits)
}

/** erf v by 2 / √π e^(-v²) times the sum of v (2 v²)^n / (1 · 3 · … (2n + 1)): no term is below 0. */
function erfSeries(v: bigint, bits: number): bigint {
  const square = 2n * mul(v, v, bits)
  let term = v
  let sum = v
  for (let n = 3n; term !== 0n && term !== -1n; n += 2n) {
    term = mul(term, square, bits) / n
    sum += term
  }
  const { value, bits: scaled } = gauss(v, bits)
  return div(2n * mul(sum, value, scaled), rootPi(bits), bits)
}

/** erfc v by its continued fraction, v ≥ 3: v + ½ / (v + 1 / (v + 3/2 / (v + …))). */
function erfcFraction(v: bigint, bits: number): Fixed {
  const x = Number(shift(v, 20 - bits)) / 2 ** 20
  let below = v
  for (let n = BigInt(Math.ceil((50 / x) ** 2) + 12); n > 0n; n--) below = v + div(n << BigInt(bits - 1), below, bits)
  const { value, bits: scaled } = gauss(v, bits)
  return { value: div(div(value, rootPi(bits), bits), below, bits), bits: scaled }
}

function erfcOf(v: bigint, bits: number): Fixed {
  if (v >= 3n << BigInt(bits)) return erfcFraction(v, bits)
  return { value: (1n << BigInt(bits)) - erfSeries(v, bits), bits }
}

/** Tangent numbers: 1, 2, 16, 272, … Source: R. Brent, D. Harvey, "Fast computation of Bernoulli, tangent and secant numbers" (2011), algorithm 4. */
const tangents: readonly bigint[] = (() => {
  const count = 28
  const t = [0n, 1n]
  for (let k = 2; k <= count; k++) t.push(BigInt(k - 1) * t[k - 1]!)
  for (let k = 2; k <= count; k++) {
    for (let j = k; j <= count; j++) t[j] = BigInt(j - k) * t[j - 1]! + BigInt(j - k + 2) * t[j]!
  }
  return t
})()

/** From here on 28 terms of Stirling's series give 180 bits. */
const STIRLING = 40

/** log Γ(v), v > 0, by Stirling's series at v + n ≥ 40. */
function logGamma(v: bigint, bits: number): bigint {
  let product = 1n << BigInt(bits)
  let z = v
  while (z < BigInt(STIRLING) << BigInt(bits)) {
    product = mul(product, z, bits)
    z += 1n << BigInt(bits)
  }
  const logZ = logOf(z, bits)
  const half = 1n << BigInt(bits - 1)
  let sum = mul(z - half, logZ, bits) - z + (logOf(2n * pi(bits), bits) >> 1n)
  const inverse = div(1n << BigInt(bits), z, bits)
  const square = mul(inverse, inverse, bits)
  let power = inverse
  for (let k = 1; k < tangents.length && power !== 0n; k++) {
    const four = 4n ** BigInt(k)
    const term = (power * tangents[k]!) / (four * (four - 1n) * BigInt(2 * k - 1))
    sum += k % 2 === 1 ? term : -term
    power = mul(power, square, bits)
  }
  return sum - logOf(product, bits)
}

/** log |Γ(v)| for v < 0 by reflection: log(π / |sin(π v)|) - log Γ(1 - v). */
function logGammaBelow(v: bigint, bits: number): bigint {
  const one = 1n << BigInt(bits)
  const fraction = ((v % one) + one) % one
  const near = fraction > one >> 1n ? one - fraction : fraction
  // The sine of a quarter turn at most, or the cosine of what is missing to half of one.
  const isNear = near < one >> 2n
  const [sine, cosine] = sinCos(mul(isNear ? near : (one >> 1n) - near, pi(bits), bits), bits)
  return logOf(div(pi(bits), isNear ? sine : cosine, bits), bits) - logGamma(one - v, bits)
}

const SPECIAL: Readonly<Record<string, Reference>> = {
  erf: (x) => {
    const bits = bitsFor(x) + 64
    const v = fixed(Math.abs(x), bits)
    const isFar = v >= 3n << BigInt(bits)
    const rest = erfcOf(v, bits)
    const size = isFar ? (1n << BigInt(bits)) - shift(rest.value, bits - rest.bits) : erfSeries(v, bits)
    return { value: x < 0 ? -size : size, bits }
  },
  erfc: (x) => erfcOf(fixed(x, bitsFor(x) + 64), bitsFor(x) + 64),
  normcdf: (x) => {
    const bits = bitsFor(x) + 64
    const { value, bits: scaled } = erfcOf(-root((fixed(x, bits) ** 2n) >> 1n, 2) * BigInt(Math.sign(x)), bits)
    return { value, bits: scaled + 1 }
  },
  lgamma: (x) => {
    const bits = 320 + Math.max(0, -magnitude(x))
    const v = fixed(x, bits)
    return { value: v > 0n ? logGamma(v, bits) : logGammaBelow(v, bits), bits }
  },
}

export const REFERENCES: Readonly<Record<string, Reference>> = { ...ELEMENTARY, ...SPECIAL }
