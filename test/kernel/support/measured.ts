import { type Capture, compileSource } from '../../../src/kernel/front/check.ts'
import type { Program } from '../../../src/kernel/ir/ir.ts'
import { library } from '../../../src/kernel/library.ts'

/** Abramowitz and Stegun 26.2.17, as people write it. */
function cdf(x: number): number {
  const k = 1 / (1 + 0.2316419 * Math.abs(x))
  const d = 0.3989422804014327 * Math.exp((-x * x) / 2)
  const p = d * k * (0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))))
  return x >= 0 ? 1 - p : p
}

function blackScholes(s: number, k: number, t: number, r: number, v: number): number {
  const d1 = (Math.log(s / k) + (r + (v * v) / 2) * t) / (v * Math.sqrt(t))
  const d2 = d1 - v * Math.sqrt(t)
  return s * cdf(d1) - k * Math.exp(-r * t) * cdf(d2)
}

function haversine(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const rad = Math.PI / 180
  const dLat = (lat2 - lat1) * rad
  const dLon = (lon2 - lon1) * rad
  const a = Math.sin(dLat / 2) ** 2 + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(dLon / 2) ** 2
  return 2 * 6371 * Math.asin(Math.sqrt(a))
}

function mandelbrot(cx: number, cy: number): number {
  let x = 0
  let y = 0
  let n = 0
  while (n < 500 && x * x + y * y <= 4) {
    const t = x * x - y * y + cx
    y = 2 * x * y + cy
    x = t
    n++
  }
  return n
}

function logistic(x: number, r: number): number {
  let y = x
  for (let i = 0; i < 100; i++) y = r * y * (1 - y)
  return y
}

function collatz(start: number): number {
  let n = start
  let steps = 0
  while (n !== 1) {
    n = n % 2 === 0 ? n / 2 : 3 * n + 1
    steps++
  }
  return steps
}

interface Measured {
  readonly fn: (...args: number[]) => number
  readonly with: Readonly<Record<string, Capture>>
}

/** The kernels that speed is measured by. */
const MEASURED: Readonly<Record<string, Measured>> = {
  blackScholes: { fn: blackScholes, with: { cdf } },
  haversine: { fn: haversine, with: {} },
  mandelbrot: { fn: mandelbrot, with: {} },
  logistic: { fn: logistic, with: {} },
  collatz: { fn: collatz, with: {} },
}

/** As it comes from its source. */
export function compileMeasured(name: string): Program {
  const { fn, with: captures } = MEASURED[name] as Measured
  return compileSource(String(fn), { name, with: captures, library }).program
}
