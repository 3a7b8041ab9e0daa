import { expQuotient } from './exp.ts'
import { logExponent, logMantissa } from './log.ts'
import { greater, lesser, scalb, signbit } from './operations.ts'
import { polynomial8 } from './polynomial.ts'
import { head, nearest, snap } from './split.ts'

/** 2 / (3 log 2) in two parts, the first of 26 bits. */
const SCALE_HEAD = 0.9617966860532761
const SCALE_TAIL = 7.872699542894897e-9
const SCALE = 0.9617966939259756

/**
 * x to the power y, as ECMAScript has it: NaN where y is NaN, and where |x| is 1 and y infinite; 1 where y is 0.
 *
 * log2 |x| is taken to 66 bits as a pair, times y as a pair, then the tail of `exp` on the fraction. The exponents 1, 2, -1 and ½ are x, x * x, 1 / x and √x,
 * so that a constant one costs no more than these.
 * Accuracy: 0.77 ULP.
 * Source:   FreeBSD msun, e_pow.c (Sun Microsystems, 1993), with splits of 26 bits in place of masked words; coefficients of our own.
 */
export function pow(x: number, y: number): number {
  const size = Math.abs(x)
  const k = logExponent(size)
  const m = logMantissa(size)

  // s = (m - 1) / (m + 1) = sh + sl, log m = 2/3 s (3 + s² + …).
  const f = m - 1
  const d = m + 1
  const v = 1 / d
  const s = f * v
  const sh = head(s)
  const dh = snap(d, 5.9604644775390625e-8)
  const sl = (f - sh * dh - sh * (d - dh) - sh * (m - (d - 1))) * v
  const zh = sh * sh
  const zl = sl * (sh + s)
  const z = zh + zl
  const z2 = z * z
  const series =
    z2 *
      polynomial8(
        z,
        z2,
        z2 * z2,
        0.6,
        0.42857142857146524,
        0.3333333333157377,
        0.2727272765060068,
        0.23076880173284145,
        0.2000275354287409,
        0.17546961284132656,
        0.1769717037710804,
      ) +
    zl
  const th = snap(3 + zh + series, 5.9604644775390625e-8)
  const tl = series - (th - 3 - zh)

  // log2 |x| = t1 + t2, t1 of 26 bits.
  const u = sh * th
  const w = sl * th + tl * s
  const lh = head(u + w)
  const ll = w - (lh - u)
  const vh = SCALE_HEAD * lh
  const vl = SCALE_TAIL * lh + ll * SCALE
  const t1 = head(vh + vl + k)
  const t2 = vl - (t1 - k - vh)

  // y log2 |x| = ph + pl.
  const yc = greater(-1.1805916207174113e21, lesser(1.1805916207174113e21, y))
  const yh = head(yc)
  const eh = yh * t1
  const el = (yc - yh) * t1 + yc * t2
  const q = eh + el
  const isOver = q > 1030
  const isUnder = q < -1080
  const ph = isOver ? 1030 : isUnder ? -1080 : eh
  const pl = isOver || isUnder ? 0 : el

  // 2^(ph + pl): n, and e^(r + rl) for the rest.
  const n = nearest(ph + pl)
  const fh = ph - n
  const g = snap(fh + pl, 7.450580596923828e-9)
  const rh = g * 0.6931471675634384
  const rt = (pl - (g - fh)) * Math.LN2 + g * 1.2996506893889889e-8
  const r = rh + rt
  const rl = rh - r + rt
  const one = 1 + r
  let power = scalb(one + (1 - one + r + (rl + expQuotient(r))), n)

  if (!(x > 0 && x < Infinity && Math.abs(y) < Infinity)) {
    const [special] = coldPow(x, y, power)
    power = special
  }
  const plain = y === 2 ? x * x : y === 1 ? x : power
  const halves = x === -Infinity ? Infinity : Math.sqrt(x + 0)
  const named = y === -1 ? 1 / x : y === 0.5 ? halves : plain
  return y === 0 ? 1 : named
}

/** Where x is not a positive number, or y not a finite one; `power` is |x| to the power y where both are finite. */
function coldPow(x: number, y: number, power: number): [number] {
  const size = Math.abs(x)
  const isWide = Math.abs(y) >= 9007199254740992
  const isInteger = isWide || Math.floor(y) === y
  const isOdd = isInteger && !isWide && Math.floor(y * 0.5) !== y * 0.5
  const grows = y < 0
  const ofZero = size === 0 ? (grows ? Infinity : 0) : power
  const ofInfinity = size === Infinity ? (grows ? 0 : Infinity) : ofZero
  const ofNegative = x < 0 && size < Infinity && !isInteger ? NaN : ofInfinity
  const ofOne = size === 1 && Math.abs(y) === Infinity ? NaN : ofNegative
  const signed = signbit(x) && isOdd ? -ofOne : ofOne
  return [Number.isNaN(x) || Number.isNaN(y) ? NaN : signed]
}
