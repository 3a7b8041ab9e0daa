import { type Entry, integers, reals } from './entry.ts'

/** Heights in metres and densities of the standard atmosphere. */
const HEIGHT = Float64Array.of(0, 1000, 2000, 5000, 8000, 11_000, 15_000, 20_000, 25_000, 30_000)
const DENSITY = Float32Array.of(1.225, 1.112, 1.007, 0.7364, 0.5258, 0.3648, 0.1948, 0.0889, 0.0401, 0.0184)

function interpolate(x: number) {
  const last = HEIGHT.length - 1
  if (x <= HEIGHT[0]!) return DENSITY[0]!
  if (x >= HEIGHT[last]!) return DENSITY[last]!
  let low = 0
  let high = last
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (HEIGHT[middle]! > x) high = middle
    else low = middle
  }
  const t = (x - HEIGHT[low]!) / (HEIGHT[high]! - HEIGHT[low]!)
  return DENSITY[low]! + t * (DENSITY[high]! - DENSITY[low]!)
}

const BOUNDS = Float64Array.of(-Infinity, 0, 1, 2, 5, 10, 20, 50, 100, Infinity)

const bin = (x: number) => {
  let i = 0
  while (i < BOUNDS.length - 1 && x >= BOUNDS[i + 1]!) i++
  return i
}

const GAMMA = Uint8ClampedArray.from({ length: 256 }, (_, i) => 255 * (i / 255) ** 2.2)

const gamma = (pixel: number) =>
  (GAMMA[(pixel >> 16) & 255]! << 16) | (GAMMA[(pixel >> 8) & 255]! << 8) | GAMMA[pixel & 255]!

const CRC = Int32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1
  return c
})

function crc32(word: number) {
  let crc = -1
  for (let byte = 0; byte < 4; byte++) crc = CRC[(crc ^ (word >>> (8 * byte))) & 0xff]! ^ (crc >>> 8)
  return ~crc >>> 0
}

const DAYS_BEFORE = Uint16Array.of(0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)

const dayNumber = (month: number, day: number, isLeap: number) =>
  DAYS_BEFORE[month - 1]! + day + (isLeap !== 0 && month > 2 ? 1 : 0)

const WEIGHTS = Float64Array.of(0.0625, 0.25, 0.375, 0.25, 0.0625)
const SIGNAL = Float64Array.from({ length: 64 }, (_, i) => ((i * 37) % 64) / 64)

/** Smoothed entry; beyond the ends stands the last entry. */
const smooth = (at: number) => {
  let sum = 0
  for (let i = -2; i <= 2; i++) {
    const j = Math.max(0, Math.min(SIGNAL.length - 1, Math.round(at) + i))
    sum += WEIGHTS[i + 2]! * SIGNAL[j]!
  }
  return sum
}

export const tables: readonly Entry[] = [
  {
    name: 'interpolation with a binary search',
    fn: interpolate,
    with: { HEIGHT, DENSITY },
    domains: [reals(-500, 32_000)],
  },
  { name: 'bin of a histogram', fn: bin, with: { BOUNDS }, domains: [reals(-10, 120)] },
  { name: 'gamma by a look-up table', fn: gamma, with: { GAMMA }, domains: [integers(0, 0xffffff)] },
  { name: 'CRC-32', fn: crc32, with: { CRC }, domains: [integers(0, 2 ** 32 - 1)] },
  {
    name: 'day number',
    fn: dayNumber,
    with: { DAYS_BEFORE },
    domains: [integers(1, 12), integers(1, 31), integers(0, 1)],
  },
  { name: 'weighted neighbours', fn: smooth, with: { WEIGHTS, SIGNAL }, domains: [reals(-3, 67)] },
]
