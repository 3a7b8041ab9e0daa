import { type Entry, integers, reals } from './entry.ts'

const lerp = (a: number, b: number, t: number) => a + (b - a) * t
const fade = (t: number) => t * t * t * (t * (t * 6 - 15) + 10)

/** Thomas Wang's mix. */
function hash(x: number) {
  let h = x | 0
  h = ~h + (h << 15)
  h ^= h >>> 12
  h += h << 2
  h ^= h >>> 4
  h = Math.imul(h, 2057)
  h ^= h >>> 16
  return h >>> 0
}

const hash2 = (x: number, y: number) => hash(x ^ hash(y)) / 4294967296

const valueNoise = (x: number, y: number) => {
  const xi = Math.floor(x)
  const yi = Math.floor(y)
  const u = fade(x - xi)
  const v = fade(y - yi)
  return lerp(lerp(hash2(xi, yi), hash2(xi + 1, yi), u), lerp(hash2(xi, yi + 1), hash2(xi + 1, yi + 1), u), v)
}

/** A permutation of 0 to 255, made by a walk that shuffles. */
const PERMUTATION = Uint8Array.from({ length: 256 }, (_, i) => i)
for (let i = 255, state = 1; i > 0; i--) {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
  const j = state % (i + 1)
  const held = PERMUTATION[i]!
  PERMUTATION[i] = PERMUTATION[j]!
  PERMUTATION[j] = held
}

function gradient(h: number, x: number, y: number) {
  switch (h & 3) {
    case 0:
      return x + y
    case 1:
      return -x + y
    case 2:
      return x - y
    default:
      return -x - y
  }
}

function perlin(x: number, y: number) {
  const xi = Math.floor(x) & 255
  const yi = Math.floor(y) & 255
  const xf = x - Math.floor(x)
  const yf = y - Math.floor(y)
  const a = (PERMUTATION[xi]! + yi) & 255
  const b = (PERMUTATION[(xi + 1) & 255]! + yi) & 255
  const u = fade(xf)
  return lerp(
    lerp(gradient(PERMUTATION[a]!, xf, yf), gradient(PERMUTATION[b]!, xf - 1, yf), u),
    lerp(gradient(PERMUTATION[(a + 1) & 255]!, xf, yf - 1), gradient(PERMUTATION[(b + 1) & 255]!, xf - 1, yf - 1), u),
    fade(yf),
  )
}

function fractal(x: number, y: number, octaves = 4) {
  let sum = 0
  let amplitude = 0.5
  let frequency = 1
  for (let i = 0; i < 6; i++) {
    if (i >= octaves) break
    sum += amplitude * perlin(x * frequency, y * frequency)
    amplitude *= 0.5
    frequency *= 2
  }
  return sum
}

/** As in shaders: what is behind the point of a large sine. */
const sineHash = (x: number, y: number) => {
  const s = Math.sin(x * 12.9898 + y * 78.233) * 43758.5453
  return s - Math.floor(s)
}

const lcg = (seed: number, rounds: number) => {
  let state = seed >>> 0
  for (let i = 0; i < rounds && i < 100; i++) state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0
  return state / 2 ** 32
}

const xorshift = (seed: number) => {
  let x = seed | 0 || 1
  for (let i = 0; i < 16; i++) {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
  }
  return x >>> 0
}

const fnv1a = (x: number) => {
  let h = 0x811c9dc5
  let rest = x >>> 0
  do {
    h = Math.imul(h ^ (rest & 0xff), 0x01000193)
    rest >>>= 8
  } while (rest !== 0)
  return h >>> 0
}

const word = integers(0, 2 ** 32 - 1)
const coordinate = reals(-300, 300)

export const noise: readonly Entry[] = [
  { name: 'integer hash', fn: hash, domains: [word] },
  { name: 'value noise', fn: valueNoise, with: { fade, lerp, hash, hash2 }, domains: [coordinate, coordinate] },
  { name: 'Perlin noise', fn: perlin, with: { fade, lerp, gradient, PERMUTATION }, domains: [coordinate, coordinate] },
  {
    name: 'fractal noise',
    fn: fractal,
    with: { perlin, fade, lerp, gradient, PERMUTATION },
    domains: [coordinate, coordinate, integers(1, 6)],
  },
  { name: 'hash of a sine', fn: sineHash, domains: [reals(0, 100), reals(0, 100)], tolerance: { absolute: 1e-10 } },
  { name: 'linear congruence', fn: lcg, domains: [word, integers(0, 20)] },
  { name: 'xorshift', fn: xorshift, domains: [word] },
  { name: 'FNV-1a of four bytes', fn: fnv1a, domains: [word] },
]
