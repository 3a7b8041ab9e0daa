import { type Entry, integers, reals } from './entry.ts'

const clamp = (x: number, low = 0, high = 1) => Math.min(Math.max(x, low), high)

const toLinear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)

const toSrgb = (c: number) => {
  const linear = clamp(c)
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055
}

/** Degrees. */
function hue(r: number, g: number, b: number) {
  const max = Math.max(r, g, b)
  const min = Math.min(r, g, b)
  const delta = max - min
  if (delta === 0) return 0
  let h: number
  if (max === r) h = ((g - b) / delta) % 6
  else if (max === g) h = (b - r) / delta + 2
  else h = (r - g) / delta + 4
  h *= 60
  return h < 0 ? h + 360 : h
}

const lightness = (r: number, g: number, b: number) => (Math.max(r, g, b) + Math.min(r, g, b)) / 2

const saturation = (r: number, g: number, b: number) => {
  const l = lightness(r, g, b)
  const chroma = Math.max(r, g, b) - Math.min(r, g, b)
  return chroma === 0 ? 0 : chroma / (1 - Math.abs(2 * l - 1))
}

/** One channel of HSL; `n` is 0 for red, 8 for green, 4 for blue. */
const hslChannel = (n: number, h: number, s: number, l: number) => {
  const k = (n + h / 30) % 12
  const a = s * Math.min(l, 1 - l)
  return l - a * Math.max(-1, Math.min(k - 3, 9 - k, 1))
}

const chromaBlue = (rgb: number) => {
  const r = (rgb >> 16) & 255
  const g = (rgb >> 8) & 255
  const b = rgb & 255
  return clamp(Math.round(128 - 0.168736 * r - 0.331264 * g + 0.5 * b), 0, 255)
}

/** Of one pixel over another, premultiplied, all in one number of 32 bits. */
const blend = (over: number, under: number) => {
  const rest = 255 - (over >>> 24)
  let out = 0
  for (let shift = 0; shift < 32; shift += 8) {
    const sum = ((over >>> shift) & 0xff) + (((((under >>> shift) & 0xff) * rest + 127) / 255) | 0)
    out |= Math.min(sum, 255) << shift
  }
  return out >>> 0
}

const luminance = (r: number, g: number, b: number) =>
  0.2126 * toLinear(r) + 0.7152 * toLinear(g) + 0.0722 * toLinear(b)

const part = reals(0, 1)

export const colour: readonly Entry[] = [
  { name: 'sRGB to linear', fn: toLinear, domains: [part], tolerance: { relative: 1e-15 } },
  { name: 'linear to sRGB', fn: toSrgb, with: { clamp }, domains: [reals(-0.1, 1.1)], tolerance: { relative: 1e-14 } },
  { name: 'hue', fn: hue, domains: [part, part, part] },
  { name: 'saturation', fn: saturation, with: { lightness }, domains: [part, part, part] },
  { name: 'HSL to RGB', fn: hslChannel, domains: [integers(0, 8), reals(0, 360), part, part] },
  { name: 'YCbCr of packed RGB', fn: chromaBlue, with: { clamp }, domains: [integers(0, 0xffffff)] },
  { name: 'blending of packed pixels', fn: blend, domains: [integers(0, 2 ** 32 - 1), integers(0, 2 ** 32 - 1)] },
  {
    name: 'relative luminance',
    fn: luminance,
    with: { toLinear },
    domains: [part, part, part],
    tolerance: { relative: 1e-15 },
  },
  { name: 'clamp', fn: clamp, domains: [reals(-2, 2), reals(-1, 0), part] },
]
