import { type Entry, integers, reals } from './entry.ts'

const SIZE = 512

const hann = (n: number) => 0.5 * (1 - Math.cos((2 * Math.PI * n) / (SIZE - 1)))

const blackman = (n: number) => {
  const phase = (2 * Math.PI * n) / (SIZE - 1)
  return 0.42 - 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase)
}

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))

const lanczos = (x: number, a = 3) => (Math.abs(x) < a ? sinc(x) * sinc(x / a) : 0)

const decibels = (amplitude: number) => 20 * Math.log10(Math.max(Math.abs(amplitude), 1e-10))

/** µ-law companding, there and back. */
const companded = (x: number, mu = 255) => {
  const y = (Math.sign(x) * Math.log1p(mu * Math.min(1, Math.abs(x)))) / Math.log1p(mu)
  return (Math.sign(y) * ((1 + mu) ** Math.abs(y) - 1)) / mu
}

const quantise = (x: number, bits: number) => {
  const steps = 2 ** (Math.max(1, Math.min(24, bits)) - 1)
  return Math.max(-steps, Math.min(steps - 1, Math.round(x * steps))) / steps
}

/** Response of a one-pole low-pass after n samples of 1. */
const lowPass = (cutoff: number, samples: number) => {
  const a = 1 - Math.exp((-2 * Math.PI * cutoff) / 48_000)
  let y = 0
  for (let i = 0; i < samples && i < 64; i++) y += a * (1 - y)
  return y
}

const triangle = (t: number) => 2 * Math.abs(2 * (t - Math.floor(t + 0.5))) - 1

const softClip = (x: number) => (x > 3 ? 1 : x < -3 ? -1 : (x * (27 + x * x)) / (27 + 9 * x * x))

const note = (frequency: number) => Math.round(69 + 12 * Math.log2(frequency / 440))

const index = integers(0, SIZE - 1)
const sample = reals(-1, 1)

export const signal: readonly Entry[] = [
  { name: 'Hann window', fn: hann, with: { SIZE }, domains: [index], tolerance: { absolute: 1e-15 } },
  { name: 'Blackman window', fn: blackman, with: { SIZE }, domains: [index], tolerance: { absolute: 1e-15 } },
  {
    name: 'Lanczos kernel',
    fn: lanczos,
    with: { sinc },
    domains: [reals(-4, 4), integers(2, 4)],
    tolerance: { relative: 1e-14, absolute: 1e-15 },
  },
  { name: 'decibels', fn: decibels, domains: [sample], tolerance: { relative: 1e-14, absolute: 1e-14 } },
  { name: 'mu-law', fn: companded, domains: [sample, reals(1, 255)], tolerance: { relative: 1e-12, absolute: 1e-15 } },
  { name: 'quantisation', fn: quantise, domains: [sample, integers(1, 24)], tolerance: { relative: 0 } },
  { name: 'low-pass', fn: lowPass, domains: [reals(20, 20_000), integers(0, 64)], tolerance: { relative: 1e-13 } },
  { name: 'triangle wave', fn: triangle, domains: [reals(-10, 10)] },
  { name: 'soft clipping', fn: softClip, domains: [reals(-5, 5)] },
  { name: 'MIDI note', fn: note, domains: [reals(20, 20_000)], tolerance: { relative: 0 } },
]
