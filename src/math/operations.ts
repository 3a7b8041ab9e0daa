/**
 * The operations that only this folder may use, as plain JavaScript: `src/kernel/ir/ops.ts` says what each means, and the compiler takes a call of one for that
 * operation. Where ops.ts says "whatever", these may differ from it.
 */

const words = new DataView(new ArrayBuffer(8))

/** 2^(i - 1074): products of powers are what the functions spend their time on in JavaScript, and `**` is slow. */
const powers = Float64Array.from({ length: 2098 }, (_, i) => 2 ** (i - 1074))

/** 2^n; n an integer of [-1022, 1023]. */
export function pow2(n: number): number {
  return powers[(n | 0) + 1074] ?? Number.NaN
}

/** p * 2^n, rounded once; p is NaN or |p| in [1/2, 4), n an integer of [-1080, 1030]. */
export function scalb(p: number, n: number): number {
  const half = n * 0.5 + 6755399441055744 - 6755399441055744
  return p * pow2(half) * pow2(n - half)
}

/** The k of x = m * 2^k, m in [1, 2) for c = 0x3ff00000, in [√½, √2) for c = 0x3fe6a09e; x normal and above 0, else whatever. */
export function exponent(x: number, c: number): number {
  words.setFloat64(0, x)
  return (((words.getInt32(0) + (0x3ff00000 - c)) >>> 20) & 2047) - 1023
}

/** And that m. */
export function mantissa(x: number, c: number): number {
  return x * pow2(-exponent(x, c))
}

/** Whether the sign bit is set; of a NaN, whatever. */
export function signbit(x: number): boolean {
  return x < 0 || (x === 0 && 1 / x < 0)
}

/** Bit k, 0 or 1, of the integer n, |n| < 2^31. */
export function bit(n: number, k: number): boolean {
  return (((n | 0) >> k) & 1) === 1
}

/** a < b ? a : b, which is b where either is NaN. */
export function lesser(a: number, b: number): number {
  // biome-ignore lint/complexity/useMathMinMax: that is `min`, which differs for NaN and -0
  return a < b ? a : b
}

/** a > b ? a : b, which is b where either is NaN. */
export function greater(a: number, b: number): number {
  // biome-ignore lint/complexity/useMathMinMax: that is `max`
  return a > b ? a : b
}
