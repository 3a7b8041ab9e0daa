import { decompose } from './fixed.ts'
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
type Points = (random: Random) => readonly [number, number?]

export interface Range {
  readonly name: string
  readonly range: string
  readonly points: Points
  /** An error up to this counts as none. */
  readonly absolute?: number
  /** All there are, in place of random ones. */
  readonly all?: readonly number[]
}

const linear =
  (low: number, high: number): Make =>
  (random) =>
    low + (high - low) * random()

/** Log-uniform. */
const sizes =
  (low: number, high: number): Make =>
  (random) =>
    2 ** (low + (high - low) * random())

const either =
  (make: Make): Make =>
  (random) =>
    (random() < 0.5 ? -1 : 1) * make(random)

const nearOne =
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
const any: Make = (random) => {
  const x = fromBits((BigInt(Math.floor(random() * 2 ** 32)) << 32n) | BigInt(Math.floor(random() * 2 ** 32)))
  return Number.isFinite(x) ? x : any(random)
}

const positive: Make = (random) => Math.abs(any(random)) || 5e-324

const subnormal: Make = (random) => {
  const bits = BigInt(Math.floor(random() * 2 ** 52))
  return fromBits(random() < 0.25 ? bits >> BigInt(Math.floor(random() * 52)) : bits) || 5e-324
}

/** Up to 2^45 places away from one of the numbers where a function goes another way, nearer ones as often as farther ones. */
const around =
  (pick: Make): Make =>
  (random) => {
    const away = BigInt(Math.floor(random() * 2 ** (45 * random()))) * (random() < 0.5 ? -1n : 1n)
    return fromBits(toBits(pick(random)) + away)
  }

const integer = (random: Random, low: number, high: number) => Math.floor(linear(low, high + 1)(random))

const quarterTurns: Make = (random) => {
  const n = Math.floor(2 ** (random() * (random() < 0.5 ? 20 : 50)))
  const bits = toBits(n * (Math.PI / 2)) + BigInt(integer(random, -4, 4))
  return (random() < 0.5 ? -1 : 1) * fromBits(bits)
}

const one =
  (make: Make): Points =>
  (random) => [make(random)]
const two =
  (a: Make, b: Make): Points =>
  (random) => [a(random), b(random)]

/** The power is finite. */
const power =
  (make: Make): Points =>
  (random) => {
    const x = make(random)
    const y = linear(-1075, 1024)(random) / Math.log2(x)
    return [x, Number.isFinite(y) ? y : 2]
  }

/** Two of sizes that differ by 2^±`by`. */
const alike =
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
function hardest(): number[] {
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

const LN2_STEPS = around((random) => (integer(random, -1024, 1024) + 0.5) * Math.LN2)
const ROOT_STEPS = around((random) => Math.SQRT1_2 * 2 ** integer(random, -1020, 1020))
const EIGHTH_TURNS = either(around((random) => (2 * Math.floor(2 ** linear(0, 22)(random)) + 1) * (Math.PI / 4)))

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

const noPole =
  (make: Make): Make =>
  (random) => {
    const x = make(random)
    return Number.isInteger(x) ? x - 0.25 : x
  }

function belowZero(text: string, points: Points): Range {
  return { name: 'lgamma', range: text, points, absolute: 1e-15 }
}

let zeros: number[] | undefined

const gammaZero: Make = (random) => {
  zeros ??= gammaZeros()
  return zeros[integer(random, 0, zeros.length - 1)]!
}

function range(name: string, text: string, points: Points): Range {
  return { name, range: text, points }
}

function trigonometry(name: string): Range[] {
  return [
    range(name, '±π', one(linear(-3.15, 3.15))),
    range(name, '±1e6', one(linear(-1e6, 1e6))),
    range(name, '±2^(-60 … 1024)', one(either(sizes(-60, 1023.999)))),
    range(name, 'next to quarter turns', one(quarterTurns)),
    range(name, 'around odd eighths of a turn', one(EIGHTH_TURNS)),
  ]
}

function logarithm(name: string): Range[] {
  return [
    range(name, 'any positive', one(positive)),
    range(name, '½ … 2', one(linear(0.5, 2))),
    range(name, '1 ± 2^(-52 … -1)', one(nearOne(-52, -1))),
    range(name, 'subnormal', one(subnormal)),
    range(name, 'around √2 · 2^k', one(ROOT_STEPS)),
  ]
}

function arc(name: string): Range[] {
  return [
    range(name, '±1', one(linear(-1, 1))),
    range(name, '±2^(-60 … 0)', one(either(sizes(-60, 0)))),
    range(name, '±(1 - 2^(-52 … -1))', one(either((random) => 1 - sizes(-52, -1)(random)))),
    range(name, 'around ½', one(either(around(() => 0.5)))),
  ]
}

export const RANGES: readonly Range[] = [
  range('exp', '-745 … 710', one(linear(-745.2, 709.8))),
  range('exp', '±1', one(linear(-1, 1))),
  range('exp', '±2^(-60 … 9)', one(either(sizes(-60, 9.47)))),
  range('exp', 'subnormal results', one(linear(-745.2, -708))),
  range('exp', 'around (k + ½) log 2', one(LN2_STEPS)),
  ...logarithm('log'),
  ...trigonometry('sin'),
  ...trigonometry('cos'),
  ...trigonometry('tan'),
  ...arc('asin'),
  ...arc('acos'),
  range('atan', '±4', one(linear(-4, 4))),
  range('atan', '±2^(-60 … 1000)', one(either(sizes(-60, 1000)))),
  range('atan', '±2^(-1074 … -60)', one(either(sizes(-1074, -60)))),
  range(
    'atan',
    'around its steps',
    one(either(around((random) => [0.4375, 0.6875, 1.1875, 2.4375][integer(random, 0, 3)]!))),
  ),
  range('atan2', 'unit box', two(linear(-1, 1), linear(-1, 1))),
  range('atan2', '±2^±40', two(either(sizes(-40, 40)), either(sizes(-40, 40)))),
  range('atan2', 'any', two(any, any)),
  range('atan2', 'subnormal', two(either(sizes(-1074, -1020)), either(sizes(-1074, -1020)))),
  range('expm1', '-40 … 710', one(linear(-40, 709.8))),
  range('expm1', '±1', one(linear(-1, 1))),
  range('expm1', '±2^(-60 … 5)', one(either(sizes(-60, 5)))),
  range('expm1', 'around (k + ½) log 2', one(LN2_STEPS)),
  range('sinh', '±710', one(linear(-710.4, 710.4))),
  range('sinh', '±2^(-60 … 3)', one(either(sizes(-60, 3)))),
  range('sinh', '±2', one(linear(-2, 2))),
  range('sinh', 'around (k + ½) log 2', one(LN2_STEPS)),
  range('cosh', '±710', one(linear(-710.4, 710.4))),
  range('cosh', '±2', one(linear(-2, 2))),
  range('cosh', 'around (k + ½) log 2', one(LN2_STEPS)),
  range('tanh', '±20', one(linear(-20, 20))),
  range('tanh', '±2^(-60 … 4)', one(either(sizes(-60, 4)))),
  range('tanh', '±1', one(linear(-1, 1))),
  range('tanh', 'around (k + ½) log 2', one(around((random) => (integer(random, -30, 30) + 0.5) * Math.LN2))),
  range('asinh', '±4', one(linear(-4, 4))),
  range('asinh', '±2^(-60 … 1023)', one(either(sizes(-60, 1023.999)))),
  range('asinh', '±2^(-30 … 4)', one(either(sizes(-30, 4)))),
  range(
    'asinh',
    'around sinh log √2 · 2^k',
    one(either(around((random) => Math.sinh((integer(random, 0, 30) + 0.5) * Math.LN2)))),
  ),
  range('acosh', '1 … 8', one(linear(1, 8))),
  range(
    'acosh',
    '1 + 2^(-52 … 3)',
    one((random) => 1 + sizes(-52, 3)(random)),
  ),
  range('acosh', '2^(0 … 1023)', one(sizes(0, 1023.999))),
  range(
    'acosh',
    'around cosh log √2 · 2^k',
    one(around((random) => Math.cosh((integer(random, 0, 30) + 0.5) * Math.LN2))),
  ),
  range('atanh', '±1', one(linear(-1, 1))),
  range('atanh', '±2^(-60 … 0)', one(either(sizes(-60, -1e-9)))),
  range('atanh', '±(1 - 2^(-53 … -1))', one(either((random) => 1 - sizes(-53, -1)(random)))),
  range(
    'atanh',
    'around tanh log √2 · 2^k',
    one(either(around((random) => Math.tanh(((integer(random, 0, 4) + 0.5) * Math.LN2) / 2)))),
  ),
  range('erf', '±6', one(linear(-6, 6))),
  range('erf', '±1', one(linear(-1, 1))),
  range('erf', '±2^(-1074 … 3)', one(either(sizes(-1074, 3)))),
  range('erf', 'around 1', one(either(around(() => 1)))),
  range('erfc', '-6 … 26.5', one(linear(-6, 26.5))),
  range('erfc', '±1', one(linear(-1, 1))),
  range('erfc', '±2^(-60 … 2)', one(either(sizes(-60, 2)))),
  range('normcdf', '-37.5 … 9', one(linear(-37.5, 9))),
  range('normcdf', '±1', one(linear(-1, 1))),
  range('normcdf', '±2^(-60 … 3)', one(either(sizes(-60, 3)))),
  range('lgamma', '0 … 3', one(linear(5e-324, 3))),
  range('lgamma', '0 … 40', one(linear(5e-324, 40))),
  range('lgamma', '2^(-1074 … 1014)', one(sizes(-1074, 1014))),
  range('lgamma', '1 ± 2^(-52 … -1)', one(nearOne(-52, -1))),
  range(
    'lgamma',
    '2 ± 2^(-51 … -1)',
    one((random) => 1 + nearOne(-51, -1)(random)),
  ),
  belowZero('-¼ … 0', one(linear(-0.25, -5e-324))),
  belowZero('-30 … 0', one(noPole(linear(-30, -5e-324)))),
  belowZero('-6.25 … 0', one(noPole(linear(-6.25, -5e-324)))),
  belowZero('-2^(-1074 … 50)', one(noPole((random) => -sizes(-1074, 50)(random)))),
  belowZero('around its zeros', one(noPole(around(gammaZero)))),
  range('lgamma', 'around its steps', one(around((random) => integer(random, 0, 6) + 0.25))),
  ...logarithm('log2'),
  ...logarithm('log10'),
  range('log1p', '2^(-60 … 1000)', one(sizes(-60, 1000))),
  range('log1p', '±1', one(linear(-1, 1))),
  range('log1p', '±2^(-60 … 0)', one(either(sizes(-60, -0.0001)))),
  range('log1p', 'around √2 · 2^k - 1', one(around((random) => Math.SQRT1_2 * 2 ** integer(random, 0, 60) - 1))),
  range('cbrt', 'any', one(any)),
  range('cbrt', '1 … 8', one(linear(1, 8))),
  range('cbrt', 'subnormal', one(subnormal)),
  range('cbrt', 'around powers of 2', one(around((random) => 2 ** integer(random, -1020, 1020)))),
  range('hypot', 'unit box', two(linear(-1, 1), linear(-1, 1))),
  range('hypot', '±2^±20', two(either(sizes(-20, 20)), either(sizes(-20, 20)))),
  range('hypot', '2^(-1074 … 1022), alike', alike(either(sizes(-1074, 1022)), 30)),
  range('pow', 'x 2^±4, y ±32', two(sizes(-4, 4), linear(-32, 32))),
  range('pow', 'any x', power(positive)),
  range('pow', 'x near 1', power(nearOne(-52, -3))),
  range(
    'pow',
    'x^2.3',
    two(sizes(-400, 400), () => 2.3),
  ),
]

/** RANGES, and the hard ones of the waves, their doubles too. */
export function allRanges(): Range[] {
  const all = hardest()
    .flatMap((x) => [x, -x, 2 * x])
    .filter((x) => Number.isFinite(x) && decompose(x).significand !== 0n)
  const waves = ['sin', 'cos', 'tan']
  return [
    ...RANGES,
    ...waves.map((name) => ({ name, range: 'nearest to quarter turns', points: () => [0] as const, all })),
  ]
}
