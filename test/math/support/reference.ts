/**
 * The functions of src/math to some 100 bits, by integers: nothing here is shared with src/math, and a table made by mpmath (golden.json) checks all of it.
 *
 * Each function chooses the bits of its fixed-point numbers by its arguments, so that results near 0 are exact to their own size. Arguments are finite, and
 * inside of the domain.
 */
import { abs, approximate, bitLength, decompose, type Fixed, fixed, magnitude, root, shift } from './fixed.ts'

/** Bits behind the leading one of the result that are to be right, and some to spare. */
const WANTED = 128

/** For a function like x at 0: so many bits that a small x has WANTED ones, and a large one all of its own. */
export function bitsFor(...xs: number[]): number {
  const smallest = Math.min(...xs.filter((x) => x !== 0).map(magnitude), 0)
  return WANTED + 72 - smallest
}

export function mul(a: bigint, b: bigint, bits: number): bigint {
  return (a * b) >> BigInt(bits)
}

export function div(a: bigint, b: bigint, bits: number): bigint {
  return (a << BigInt(bits)) / b
}

/** The sum of v^(2i + 1) / (2i + 1), signs alternating for the arctangent; |v| < 1. */
function arcSeries(v: bigint, bits: number, sign: 1n | -1n): bigint {
  const square = sign * mul(v, v, bits)
  let power = v
  let sum = v
  for (let i = 3n; power !== 0n && power !== -1n; i += 2n) {
    power = mul(power, square, bits)
    sum += power / i
  }
  return sum
}

function constant(make: (bits: number) => bigint): (bits: number) => bigint {
  const made = new Map<number, bigint>()
  return (bits) => {
    let value = made.get(bits)
    if (value === undefined) {
      value = make(bits + 32) >> 32n
      made.set(bits, value)
    }
    return value
  }
}

function inverse(n: bigint, bits: number): bigint {
  return (1n << BigInt(bits)) / n
}

const ln2: (bits: number) => bigint = constant((bits) => {
  const arc = (n: bigint) => arcSeries(inverse(n, bits), bits, 1n)
  return 18n * arc(26n) - 2n * arc(4801n) + 8n * arc(8749n)
})

/** Machin's formula. */
export const pi: (bits: number) => bigint = constant((bits) => {
  const arc = (n: bigint) => arcSeries(inverse(n, bits), bits, -1n)
  return 16n * arc(5n) - 4n * arc(239n)
})

const ln10: (bits: number) => bigint = constant((bits) => logOf(10n << BigInt(bits), bits))

/** e^v, v at `bits`. */
export function expOf(v: bigint, bits: number): Fixed {
  const guard = 24
  const precise = bits + guard
  const k = Number((shift(v, 1) + ln2(bits)) / (2n * ln2(bits))) - (v < 0n ? 1 : 0)
  // The multiple of log 2 is to be right in all bits, whatever k.
  const r = shift(v, guard) - BigInt(k) * ln2(precise)
  return { value: expSmall(r, precise) >> BigInt(guard), bits: bits - k }
}

function expSmall(r: bigint, bits: number): bigint {
  const halvings = 8
  const small = r >> BigInt(halvings)
  const one = 1n << BigInt(bits)
  let term = small
  let sum = one + small
  for (let i = 2n; term !== 0n && term !== -1n; i++) {
    term = mul(term, small, bits) / i
    sum += term
  }
  for (let i = 0; i < halvings; i++) sum = mul(sum, sum, bits)
  return sum
}

/** e^v - 1 to its own size; |v| small or not. */
function expm1Of(v: bigint, bits: number): bigint {
  const { value, bits: scaled } = expOf(v, bits)
  return shift(value, bits - scaled) - (1n << BigInt(bits))
}

/** log v, v > 0 at `bits`: one step from a guess, its rest by the series of log(1 + d). */
export function logOf(v: bigint, bits: number): bigint {
  const guard = 24
  const precise = bits + guard
  const k = bitLength(v) - bits
  const m = shift(v, guard - k)
  const guess = fixed(Math.log(approximate(m, precise)), precise)
  const d = mul(m, expSmall(-guess, precise), precise) - (1n << BigInt(precise))
  return (guess + log1pSmall(d, precise) + BigInt(k) * ln2(precise)) >> BigInt(guard)
}

function log1pSmall(d: bigint, bits: number): bigint {
  return 2n * arcSeries(div(d, (2n << BigInt(bits)) + d, bits), bits, 1n)
}

/** log(1 + u). */
function log1pOf(u: bigint, bits: number): bigint {
  return bitLength(u) < bits - 16 ? log1pSmall(u, bits) : logOf((1n << BigInt(bits)) + u, bits)
}

/** [sin r, cos r] for |r| ≤ 1. */
export function sinCos(r: bigint, bits: number): [bigint, bigint] {
  const square = mul(r, r, bits)
  let cosine = 1n << BigInt(bits)
  let sine = r
  let even = cosine
  let odd = r
  for (let i = 1n; even !== 0n && even !== -1n; i += 2n) {
    even = -mul(even, square, bits) / (i * (i + 1n))
    odd = -mul(odd, square, bits) / ((i + 1n) * (i + 2n))
    cosine += even
    sine += odd
  }
  return [sine, cosine]
}

/** The quadrant of x, 0 to 3, and sine and cosine of what is left. */
function quadrant(x: number): { q: number; sine: bigint; cosine: bigint; bits: number } {
  const bits = bitsFor(x) + 64
  const far = bits + Math.max(0, magnitude(x === 0 ? 1 : x))
  const v = fixed(x, far)
  const half = pi(far) >> 1n
  const n = (2n * v + half) / (2n * half) - (2n * v + half < 0n ? 1n : 0n)
  const rest = shift(v, bits - far) - shift(n * half, bits - far)
  const [sine, cosine] = sinCos(rest, bits)
  return { q: Number(((n % 4n) + 4n) % 4n), sine, cosine, bits }
}

function turn(x: number, by: number): Fixed {
  const { q, sine, cosine, bits } = quadrant(x)
  const value = [sine, cosine, -sine, -cosine][(q + by) % 4] as bigint
  return { value, bits }
}

/** atan t, 0 ≤ t ≤ 1. */
function atanOf(t: bigint, bits: number): bigint {
  if (bitLength(t) < bits - 10) return arcSeries(t, bits, -1n)
  const guess = fixed(Math.atan(approximate(t, bits)), bits)
  const [s, c] = sinCos(guess, bits)
  return guess + arcSeries(div(mul(t, c, bits) - s, c + mul(t, s, bits), bits), bits, -1n)
}

/** The angle of (x, y) from 0 to π, y ≥ 0, both at the same bits. */
function angle(y: bigint, x: bigint, bits: number): bigint {
  const wide = abs(x)
  const acute = y <= wide ? atanOf(div(y, wide, bits), bits) : (pi(bits) >> 1n) - atanOf(div(wide, y, bits), bits)
  return x < 0n ? pi(bits) - acute : acute
}

/** log x to a base: of x = m * 2^k, log m + k log 2, which leaves 128 bits next to 1. */
function logTo(base: (bits: number) => bigint): (x: number) => Fixed {
  const bits = 260
  return (x) => {
    const { significand, exponent } = decompose(x)
    const k = bitLength(significand) + exponent - 1
    const log = logOf(shift(significand, exponent - k + bits), bits) + BigInt(k) * ln2(bits)
    return { value: div(log, base(bits), bits), bits }
  }
}

/** The complement of x in the unit circle: √(1 - x²). */
function complement(v: bigint, bits: number): bigint {
  const one = 1n << BigInt(bits)
  return root((one - v) * (one + v), 2)
}

/** [e^x, e^-x] at the same bits. */
function exponentials(x: number): [bigint, bigint, number] {
  const bits = bitsFor(x)
  const up = expOf(fixed(Math.abs(x), bits), bits)
  const down = expOf(-fixed(Math.abs(x), bits), bits)
  return [shift(up.value, bits - up.bits), shift(down.value, bits - down.bits), bits]
}

function signed(x: number, value: bigint, bits: number): Fixed {
  return { value: x < 0 ? -value : value, bits }
}

export type Reference = (x: number, y: number) => Fixed

export const ELEMENTARY: Readonly<Record<string, Reference>> = {
  exp: (x) => expOf(fixed(x, bitsFor(x)), bitsFor(x)),
  expm1: (x) => ({ value: expm1Of(fixed(x, bitsFor(x)), bitsFor(x)), bits: bitsFor(x) }),
  log: (x) => logTo((bits) => 1n << BigInt(bits))(x),
  log2: (x) => logTo(ln2)(x),
  log10: (x) => logTo(ln10)(x),
  log1p: (x) => ({ value: log1pOf(fixed(x, bitsFor(x)), bitsFor(x)), bits: bitsFor(x) }),
  sin: (x) => turn(x, 0),
  cos: (x) => turn(x, 1),
  tan: (x) => {
    const { q, sine, cosine, bits } = quadrant(x)
    return { value: q % 2 === 0 ? div(sine, cosine, bits) : div(-cosine, sine, bits), bits }
  },
  asin: (x) => {
    const bits = bitsFor(x)
    const v = fixed(Math.abs(x), bits)
    return signed(x, angle(v, complement(v, bits), bits), bits)
  },
  acos: (x) => {
    const bits = 300 + (x === 0 ? 0 : Math.max(0, 52 - magnitude(x)))
    const v = fixed(x, bits)
    return { value: angle(complement(v, bits), v, bits), bits }
  },
  atan: (x) => {
    const bits = bitsFor(x)
    return signed(x, angle(fixed(Math.abs(x), bits), 1n << BigInt(bits), bits), bits)
  },
  atan2: (y, x) => {
    // Scaled to the larger of the two; below 2^-1200 of it the smaller one is as good as 0.
    const scale = Math.max(magnitude(x), magnitude(y))
    const bits = WANTED + 80 + Math.min(1200, Math.abs(magnitude(x) - magnitude(y)))
    return signed(y, angle(fixed(Math.abs(y), bits - scale), fixed(x, bits - scale), bits), bits)
  },
  sinh: (x) => {
    const [up, down, bits] = exponentials(x)
    return signed(x, (up - down) >> 1n, bits)
  },
  cosh: (x) => {
    const [up, down, bits] = exponentials(x)
    return { value: (up + down) >> 1n, bits }
  },
  tanh: (x) => {
    const [up, down, bits] = exponentials(x)
    return signed(x, div(up - down, up + down, bits), bits)
  },
  pow: (x, y) => {
    const bits = 260 + Math.max(0, magnitude(y)) + Math.max(0, 52 - magnitude(x))
    const exponent = logOf(fixed(Math.abs(x), bits), bits) * fixed(y, 1074)
    const { value, bits: scaled } = expOf(shift(exponent, -1074), bits)
    return { value: x < 0 && y % 2 !== 0 ? -value : value, bits: scaled }
  },
  cbrt: (x) => {
    const bits = bitsFor(x)
    return signed(x, root(fixed(Math.abs(x), bits) << BigInt(2 * bits), 3), bits)
  },
  hypot: (x, y) => {
    const bits = bitsFor(x, y)
    return { value: root(fixed(x, bits) ** 2n + fixed(y, bits) ** 2n, 2), bits }
  },
  // log(x + √(x² + 1)), as log(1 + u) for what a small x leaves of it.
  asinh: (x) => {
    const bits = bitsFor(x)
    const v = fixed(Math.abs(x), bits)
    const one = 1n << BigInt(bits)
    const side = root(one * one + v * v, 2)
    return signed(x, log1pOf(v + div(mul(v, v, bits), one + side, bits), bits), bits)
  },
  acosh: (x) => {
    const bits = 300
    const above = fixed(x, bits) - (1n << BigInt(bits))
    return { value: log1pOf(above + root(above * (above + (2n << BigInt(bits))), 2), bits), bits }
  },
  atanh: (x) => {
    const bits = bitsFor(x)
    const v = fixed(Math.abs(x), bits)
    return signed(x, log1pOf(div(2n * v, (1n << BigInt(bits)) - v, bits), bits) >> 1n, bits)
  },
}
