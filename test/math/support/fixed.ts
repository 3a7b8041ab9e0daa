/** A number as value * 2^-bits: what the references compute with. */
export interface Fixed {
  readonly value: bigint
  readonly bits: number
}

const words = new DataView(new ArrayBuffer(8))

/** x = significand * 2^exponent, exactly; x finite. */
export function decompose(x: number): { significand: bigint; exponent: number } {
  words.setFloat64(0, x)
  const high = words.getUint32(0)
  const biased = (high >>> 20) & 2047
  const fraction = (BigInt(high & 0xfffff) << 32n) | BigInt(words.getUint32(4))
  const size = biased === 0 ? fraction : fraction | (1n << 52n)
  return { significand: high >>> 31 ? -size : size, exponent: Math.max(biased, 1) - 1075 }
}

/** floor(log2 |x|); x finite, not 0. */
export function magnitude(x: number): number {
  const { significand, exponent } = decompose(x)
  return bitLength(significand) + exponent - 1
}

/** The value of x at so many bits, rounded down where they do not hold all of it. */
export function fixed(x: number, bits: number): bigint {
  const { significand, exponent } = decompose(x)
  return shift(significand, exponent + bits)
}

/** The number of bits of |v|; 0 of 0. */
export function bitLength(v: bigint): number {
  const text = (v < 0n ? -v : v).toString(16)
  return v === 0n ? 0 : 4 * text.length + Math.floor(Math.log2(Number.parseInt(text[0] as string, 16))) - 3
}

/** v * 2^n, rounded down. */
export function shift(v: bigint, n: number): bigint {
  return n >= 0 ? v << BigInt(n) : v >> BigInt(-n)
}

/** value * 2^-bits, to about 52 bits. */
export function approximate(value: bigint, bits: number): number {
  const drop = Math.max(0, bitLength(value) - 60)
  let x = Number(value >> BigInt(drop))
  let n = drop - bits
  for (; n < -1000; n += 1000) x *= 2 ** -1000
  for (; n > 1000; n -= 1000) x *= 2 ** 1000
  return x * 2 ** n
}

export function abs(v: bigint): bigint {
  return v < 0n ? -v : v
}

/** The k-th root of v ≥ 0, rounded down or up by one at most. */
export function root(v: bigint, k: 2 | 3): bigint {
  if (v === 0n) return 0n
  const degree = BigInt(k)
  const drop = Math.max(0, bitLength(v) - 60)
  const even = drop - (drop % k)
  let r = shift(BigInt(Math.round(Number(v >> BigInt(even)) ** (1 / k) * 2 ** 20)), even / k - 20)
  if (r === 0n) r = 1n
  for (let round = 0; round < 12; round++) {
    const next = ((degree - 1n) * r + v / r ** (degree - 1n)) / degree
    if (abs(next - r) <= 1n) return next
    r = next
  }
  return r
}

/**
 * How far `got` is from `wanted`, in units of the last place of a double of the size of `wanted`. An infinity counts as the double behind the largest one, as
 * rounding has it. NaN is infinitely far.
 */
export function ulpError(got: number, wanted: Fixed): number {
  if (Number.isNaN(got)) return Number.POSITIVE_INFINITY
  const length = bitLength(wanted.value)
  const size = length - wanted.bits - 1
  if (size >= 1024 && Math.abs(got) === Infinity) return got > 0 === wanted.value > 0n ? 0 : Infinity
  if (size > 1024) return Infinity
  const place = length === 0 ? -1074 : Math.min(Math.max(size - 52, -1074), 971)
  const bits = Math.max(wanted.bits, 1074)
  const exact = shift(wanted.value, bits - wanted.bits)
  const mine = Math.abs(got) === Infinity ? BigInt(Math.sign(got)) << BigInt(1024 + bits) : fixed(got, bits)
  return Math.abs(approximate(mine - exact, bits + place))
}
