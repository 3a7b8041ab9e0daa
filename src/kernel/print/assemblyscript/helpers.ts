/**
 * Functions that operations print as calls of, with math.md's arithmetic: none of them traps, whatever it is given. A helper may use those below it.
 *
 * They stand at the top of a module, each where it is used; no other name there lacks a number at its end.
 */
const HELPERS: Readonly<Record<string, string>> = {
  gather: `
/** Entry \`index\` of a table of doubles at that address; NaN where there is none. */
function gather(table: usize, length: u32, index: f64): f64 {
  if (!(index >= 0.0 && index < <f64>length && f64.trunc(index) == index)) return f64.NaN
  return f64.load(table + (<usize><u32>index << 3))
}`,

  round: `
/** JavaScript's: halves go up, and the sign of zero stays. */
function round(x: f64): f64 {
  const low: f64 = f64.floor(x)
  return f64.copysign(x - low >= 0.5 ? low + 1.0 : low, x)
}`,

  remExact: `
/** a % b, where a / b is exact but for its fraction. */
function remExact(a: f64, b: f64): f64 {
  return f64.copysign(f64.abs(a - b * f64.trunc(a / b)), a)
}`,

  scalb: `
/** p * 2^n, rounded once: the first product is exact. */
function scalb(p: f64, n: f64): f64 {
  const half: f64 = n * 0.5 + 6755399441055744.0 - 6755399441055744.0 // to the nearest integer
  return p * pow2(half) * pow2(n - half)
}`,

  pow2: `
/** 2^n for an integer of [-1022, 1023]: the sum has n + 1023 in its low bits. */
function pow2(n: f64): f64 {
  return f64.reinterpret_i64(i64.reinterpret_f64(n + 6755399441056767.0) << 52)
}`,

  exponent: `
/** The k of x = m * 2^k, where c is the upper word of the least m. */
function exponent(x: f64, c: i32): f64 {
  return <f64>((<i32>(splitBits(x, c) >> 52) & 2047) - 1023)
}`,

  mantissa: `
/** And that m. */
function mantissa(x: f64, c: i32): f64 {
  return f64.reinterpret_i64((splitBits(x, c) & 0xfffffffffffff) + (<i64>c << 32))
}`,

  splitBits: `
/** The bits of x, moved so that the exponent changes at c. */
function splitBits(x: f64, c: i32): i64 {
  return i64.reinterpret_f64(x) + (<i64>(0x3ff00000 - c) << 32)
}`,

  bit: `
/** Bit k of an integer, |n| < 2^31: the sum has n in its low bits. */
function bit(n: f64, k: f64): bool {
  const low: i32 = <i32>i64.reinterpret_f64(n + 6755399441055744.0)
  return ((k == 0.0 ? low : low >> 1) & 1) != 0
}`,

  divI32: `
/** (a / b) | 0, where WebAssembly's traps for b = 0 and for -2^31 / -1. */
function divI32(a: i32, b: i32): i32 {
  if (b == 0) return 0
  return b == -1 ? 0 - a : a / b
}`,

  remI32: `
/** a % b; 0 for b = 0, where WebAssembly's traps. */
function remI32(a: i32, b: i32): i32 {
  return b == 0 ? 0 : a % b
}`,

  toI32: `
/** ToInt32: the integer part modulo 2^32; 0 for NaN and infinities. */
function toI32(x: f64): i32 {
  if (!(f64.abs(x) < f64.POSITIVE_INFINITY)) return 0
  const whole: f64 = f64.trunc(x)
  const rest: f64 = whole - 4294967296.0 * f64.floor(whole * 2.3283064365386963e-10) // of [0, 2^32)
  return <i32>i64.reinterpret_f64(rest + 4503599627370496.0)
}`,
}

/** The helpers that the code calls, and those that they call. */
export function helpersOf(code: string): string {
  let text = code
  for (const [name, helper] of Object.entries(HELPERS)) {
    if (new RegExp(`(?<![.\\w$])${name}\\(`).test(text)) text += `${helper}\n`
  }
  return text.slice(code.length)
}
