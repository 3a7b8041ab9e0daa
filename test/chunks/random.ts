const MASK = 0xffff_ffff_ffff_ffffn

/**
 * The random numbers of chunksim: xoshiro256++, its state made by SplitMix64. Words are two halves of 32 bits, since BigInt is twenty times slower.
 */
export class Random {
  readonly #hi = new Int32Array(4)
  readonly #lo = new Int32Array(4)

  constructor(seed: bigint) {
    let x = (seed ^ 0xa076_1d64_78bd_642fn) & MASK
    for (let i = 0; i < 4; i++) {
      x = (x + 0x9e37_79b9_7f4a_7c15n) & MASK
      let z = x
      z = ((z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & MASK
      z = ((z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn) & MASK
      z ^= z >> 31n
      this.#hi[i] = Number(z >> 32n)
      this.#lo[i] = Number(z & 0xffff_ffffn)
    }
  }

  /** Uniform in [0, 1). */
  unit(): number {
    const hi = this.#hi
    const lo = this.#lo
    const [h0 = 0, h1 = 0, h2 = 0, h3 = 0] = hi
    const [l0 = 0, l1 = 0, l2 = 0, l3 = 0] = lo

    // result = rotl(s0 + s3, 23) + s0
    const sumLo = (l0 >>> 0) + (l3 >>> 0)
    const sumHi = (h0 + h3 + (sumLo > 0xffff_ffff ? 1 : 0)) | 0
    const turnedHi = (sumHi << 23) | ((sumLo | 0) >>> 9)
    const turnedLo = ((sumLo | 0) << 23) | (sumHi >>> 9)
    const outLo = (turnedLo >>> 0) + (l0 >>> 0)
    const outHi = (turnedHi + h0 + (outLo > 0xffff_ffff ? 1 : 0)) >>> 0

    const shiftedHi = (h1 << 17) | (l1 >>> 15)
    const shiftedLo = l1 << 17
    const [h2x, l2x, h3x, l3x] = [h2 ^ h0, l2 ^ l0, h3 ^ h1, l3 ^ l1]
    hi[1] = h1 ^ h2x
    lo[1] = l1 ^ l2x
    hi[0] = h0 ^ h3x
    lo[0] = l0 ^ l3x
    hi[2] = h2x ^ shiftedHi
    lo[2] = l2x ^ shiftedLo
    hi[3] = (l3x << 13) | (h3x >>> 19) // rotl by 45 is to change halves and turn by 13
    lo[3] = (h3x << 13) | (l3x >>> 19)
    return (outHi * 2 ** 21 + ((outLo | 0) >>> 11)) * 2 ** -53
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit())
  }

  /** With the given mean, and `sigma` of its logarithm. */
  lognormal(mean: number, sigma: number): number {
    return mean * Math.exp(sigma * this.#normal() - 0.5 * sigma * sigma)
  }

  poisson(lambda: number): number {
    if (lambda <= 0) return 0
    if (lambda > 40) return Math.max(0, Math.round(lambda + Math.sqrt(lambda) * this.#normal()))
    const limit = Math.exp(-lambda)
    let count = 0
    for (let p = this.unit(); p > limit; p *= this.unit()) count++
    return count
  }

  #normal(): number {
    const u = 1 - this.unit()
    const v = this.unit()
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v)
  }
}
