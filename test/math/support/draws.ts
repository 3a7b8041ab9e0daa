import { pi } from './reference.ts'
import { REFERENCES } from './reference-special.ts'

/** Numbers of [0, 1), the same in every run; seed ≠ 0. Source: G. Marsaglia, "Xorshift RNGs" (2003). */
export function randomNumbers(seed: number): () => number {
  let state = BigInt.asUintN(64, BigInt(seed) * 0x9e3779b97f4a7c15n)
  return () => {
    state = BigInt.asUintN(64, state ^ (state << 13n))
    state ^= state >> 7n
    state = BigInt.asUintN(64, state ^ (state << 17n))
    return Number(state >> 11n) * 2 ** -53
  }
}

type Random = () => number
type Make = (random: Random) => number
export type Points = (random: Random) => readonly [number, number?]

export const linear =
  (low: number, high: number): Make =>
  (random) =>
    low + (high - low) * random()

/** Log-uniform. */
export const sizes =
  (low: number, high: number): Make =>
  (random) =>
    2 ** (low + (high - low) * random())

export const either =
  (make: Make): Make =>
  (random) =>
    (random() < 0.5 ? -1 : 1) * make(random)

export const nearOne =
  (low: number, high: number): Make =>
  (random) =>
    1 + either(sizes(low, high))(random)

const words = new DataView(new ArrayBuffer(8))

function fromBits(bits: bigint): number {
  words.setBigUint64(0, BigInt.asUintN(64, bits))
  return words.getFloat64(0)
}

function toBits(x: number): bigint {
  words.setFloat64(0, x)
  return words.getBigUint64(0)
}

/** Any bits but those of infinities and NaN. */
export const any: Make = (random) => {
  const x = fromBits((BigInt(Math.floor(random() * 2 ** 32)) << 32n) | BigInt(Math.floor(random() * 2 ** 32)))
  return Number.isFinite(x) ? x : any(random)
}

export const positive: Make = (random) => Math.abs(any(random)) || 5e-324

export const subnormal: Make = (random) => {
  const bits = BigInt(Math.floor(random() * 2 ** 52))
  return fromBits(random() < 0.25 ? bits >> BigInt(Math.floor(random() * 52)) : bits) || 5e-324
}

/** Up to 2^45 places away from one of the numbers where a function goes another way, nearer ones as often as farther ones. */
export const around =
  (pick: Make): Make =>
  (random) => {
    const away = BigInt(Math.floor(random() * 2 ** (45 * random()))) * (random() < 0.5 ? -1n : 1n)
    return fromBits(toBits(pick(random)) + away)
  }

export const integer = (random: Random, low: number, high: number) => Math.floor(linear(low, high + 1)(random))

export const quarterTurns: Make = (random) => {
  const n = Math.floor(2 ** (random() * (random() < 0.5 ? 20 : 50)))
  const bits = toBits(n * (Math.PI / 2)) + BigInt(integer(random, -4, 4))
  return (random() < 0.5 ? -1 : 1) * fromBits(bits)
}

export const one =
  (make: Make): Points =>
  (random) => [make(random)]
export const two =
  (a: Make, b: Make): Points =>
  (random) => [a(random), b(random)]

/** The power is finite. */
export const power =
  (make: Make): Points =>
  (random) => {
    const x = make(random)
    const y = linear(-1075, 1024)(random) / Math.log2(x)
    return [x, Number.isFinite(y) ? y : 2]
  }

/** Two of sizes that differ by 2^±`by`. */
export const alike =
  (make: Make, by: number): Points =>
  (random) => {
    const x = make(random)
    const y = x * sizes(-by, by)(random)
    return [x, Number.isFinite(y) ? y : 1]
  }

/**
 * The doubles that are nearest to multiples of π / 2, a few of each size: numerators of the continued fraction of 2^e / (π / 2), 47 bits and more of them.
 * Source: W. Kahan, "Minimizing q*m - n" (1983).
 */
export function hardest(): number[] {
  const bits = 2600
  const found: number[] = []
  for (let e = -52; e < 972; e++) {
    let numerator = 1n << BigInt(bits + 1 + e)
    let denominator = pi(bits)
    let [before, convergent] = [1n, 0n]
    while (convergent < 1n << 53n && denominator !== 0n) {
      const quotient = numerator / denominator
      ;[numerator, denominator] = [denominator, numerator - quotient * denominator]
      ;[before, convergent] = [convergent, quotient * convergent + before]
      if (convergent >= 1n << 47n && convergent < 1n << 53n) found.push(Number(convergent) * 2 ** e)
    }
  }
  return found
}

export const LN2_STEPS = around((random) => (integer(random, -1024, 1024) + 0.5) * Math.LN2)
export const ROOT_STEPS = around((random) => Math.SQRT1_2 * 2 ** integer(random, -1020, 1020))
export const EIGHTH_TURNS = either(around((random) => (2 * Math.floor(2 ** linear(0, 22)(random)) + 1) * (Math.PI / 4)))

/** The zeros of log |Γ| below -2, two between each two poles, as far as doubles come near them. */
function gammaZeros(): number[] {
  const sign = (x: number) => REFERENCES.lgamma!(x, 0).value > 0n
  const between = (pole: number, inside: number): number => {
    let [positive, negative] = [pole, inside]
    for (let i = 0; i < 60; i++) {
      const middle = (positive + negative) / 2
      if (middle === pole || sign(middle)) positive = middle
      else negative = middle
    }
    return negative
  }
  const poles = Array.from({ length: 14 }, (_, i) => -2 - i)
  return poles.flatMap((pole) => [between(pole, pole - 0.6), between(pole - 1, pole - 0.6)])
}

export const noPole =
  (make: Make): Make =>
  (random) => {
    const x = make(random)
    return Number.isInteger(x) ? x - 0.25 : x
  }

let zeros: number[] | undefined

export const gammaZero: Make = (random) => {
  zeros ??= gammaZeros()
  return zeros[integer(random, 0, zeros.length - 1)]!
}
