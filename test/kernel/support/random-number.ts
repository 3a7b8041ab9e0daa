/** Numbers at which arithmetic differs from what one expects of it; the first is the simplest. */
export const EDGES: readonly number[] = [
  0,
  1,
  -0,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  3,
  7,
  -7,
  10,
  100.25,
  Math.PI,
  0.1,
  0.49999999999999994,
  2 ** -1074,
  -(2 ** -1074),
  2 ** -1022 - 2 ** -1074,
  2 ** -1022,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 31 + 0.5,
  -(2 ** 31),
  -(2 ** 31) - 1,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 32 + 3,
  -(2 ** 32),
  2 ** 52 - 1,
  2 ** 52 + 1,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 53) - 2,
  2 ** 63,
  1e22,
  1e308,
  -1e308,
  Number.MAX_VALUE,
  1e-300,
]

export const EDGES_I32: readonly number[] = [
  0,
  1,
  -1,
  2,
  -2,
  3,
  7,
  31,
  32,
  33,
  255,
  0x5555,
  65_536,
  -65_537,
  2 ** 31 - 1,
  -(2 ** 31),
  -(2 ** 31) + 1,
  0x12345678,
]

/** A run of numbers that somebody decides by: all of them 0 once they have run out. */
export class Draws {
  readonly #next: () => number

  /** `next`: an integer from 0 on, at random. */
  constructor(next: () => number) {
    this.#next = next
  }

  /** An integer of [0, n). */
  below(n: number): number {
    return this.#next() % n
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T
  }
}

/** Draws from a list, which can be shrunk. */
export function drawsOf(numbers: ArrayLike<number>): Draws {
  let at = 0
  return new Draws(() => numbers[at++] ?? 0)
}

/** Draws without end: the same for the same seed (mulberry32). */
export function drawsFrom(seed: number): Draws {
  let state = seed | 0
  return new Draws(() => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return (x ^ (x >>> 14)) >>> 0
  })
}

const words = new DataView(new ArrayBuffer(8))

/** An edge, a number near a small one, or any 64 bits. */
export function randomNumber(draws: Draws): number {
  switch (draws.below(4)) {
    case 0:
      return draws.of(EDGES)
    case 1:
      return draws.below(21) - 10
    case 2:
      return (draws.below(2001) - 1000) / 64
    default:
      for (let byte = 0; byte < 8; byte += 2) words.setUint16(byte, draws.below(65_536))
      return words.getFloat64(0)
  }
}
