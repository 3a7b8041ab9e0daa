import { type Entry, reals } from './entry.ts'

/** Kepler's equation: the eccentric anomaly. */
function kepler(meanAnomaly: number, eccentricity: number) {
  let e = eccentricity < 0.8 ? meanAnomaly : Math.PI
  for (let i = 0; i < 30; i++) {
    const delta = (e - eccentricity * Math.sin(e) - meanAnomaly) / (1 - eccentricity * Math.cos(e))
    e -= delta
    if (Math.abs(delta) < 1e-12) break
  }
  return e
}

const cubeRootByNewton = (x: number) => {
  if (x === 0 || !Number.isFinite(x)) return x
  let y = x / 3
  let rounds = 0
  let change: number
  do {
    const next = (2 * y + x / (y * y)) / 3
    change = Math.abs(next - y)
    y = next
  } while (change > 1e-14 * Math.abs(y) && ++rounds < 200)
  return y
}

/** Where x³ − x − c is 0, by the secant through two points. */
function secant(c: number) {
  let a = 1
  let b = 2
  let fa = a * a * a - a - c
  for (let i = 0; i < 40; i++) {
    const fb = b * b * b - b - c
    if (fb === fa) return b
    const next = b - (fb * (b - a)) / (fb - fa)
    a = b
    fa = fb
    b = next
  }
  return NaN
}

const polynomial = (x: number, p: number, q: number) => x * x * x + p * x + q

function bisect(p: number, q: number) {
  let low = -100
  let high = 100
  if (polynomial(low, p, q) * polynomial(high, p, q) > 0) return NaN
  while (high - low > 1e-9) {
    const middle = (low + high) / 2
    if (polynomial(middle, p, q) > 0) high = middle
    else low = middle
  }
  return low
}

/** The larger root, without cancellation. */
const quadratic = (a: number, b: number, c: number) => {
  const d = b * b - 4 * a * c
  if (d < 0) return NaN
  const q = -0.5 * (b + (b < 0 ? -1 : 1) * Math.sqrt(d))
  return Math.max(q / a, c / q)
}

/** Lambert's W on its upper branch by Halley's steps. */
const lambertW = (x: number) => {
  if (x < -1 / Math.E) return NaN
  let w = x < 1 ? x : Math.log(x)
  for (let i = 0; i < 20; i++) {
    const e = Math.exp(w)
    const f = w * e - x
    const step = f / (e * (w + 1) - ((w + 2) * f) / (2 * w + 2))
    w -= step
    if (!(Math.abs(step) > 1e-14)) break
  }
  return w
}

export const roots: readonly Entry[] = [
  {
    name: 'Kepler by Newton',
    fn: kepler,
    domains: [reals(0, 2 * Math.PI), reals(0, 0.95)],
    tolerance: { relative: 1e-10, absolute: 1e-11 },
  },
  { name: 'cube root by Newton', fn: cubeRootByNewton, domains: [reals(-1000, 1000)] },
  { name: 'secant', fn: secant, domains: [reals(0, 50)] },
  { name: 'bisection', fn: bisect, with: { polynomial }, domains: [reals(0, 10), reals(-50, 50)] },
  { name: 'quadratic equation', fn: quadratic, domains: [reals(-5, 5), reals(-10, 10), reals(-5, 5)] },
  {
    name: 'Lambert W by Halley',
    fn: lambertW,
    domains: [reals(0, 100)],
    tolerance: { relative: 1e-12, absolute: 1e-13 },
  },
]
