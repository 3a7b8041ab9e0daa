import { type Entry, integers, reals } from './entry.ts'

function mandelbrot(cx: number, cy: number) {
  let x = 0
  let y = 0
  let n = 0
  for (; n < 200 && x * x + y * y <= 4; n++) {
    const next = x * x - y * y + cx
    y = 2 * x * y + cy
    x = next
  }
  return n
}

const logistic = (start: number, r: number) => {
  let x = start
  for (let i = 0; i < 100; i++) x = r * x * (1 - x)
  return x
}

/** The number whose continued fraction begins with five digits of x. */
const continuedFraction = (x: number) => {
  let value = 0
  for (let i = 4; i >= 0; i--) value = 1 / (((Math.trunc(Math.abs(x)) >> i) & 7) + 1 + value)
  return value
}

/** Golden ratio style: n terms of 1 + x / (1 + x / …). */
const nestedFraction = (x: number, terms: number) => {
  let value = 1
  for (let i = 0; i < Math.min(terms, 50); i++) value = 1 + x / value
  return value
}

const sineSeries = (x: number) => {
  let term = x
  let sum = x
  for (let n = 1; n < 20 && Math.abs(term) > 1e-17; n++) {
    term *= (-x * x) / (2 * n * (2 * n + 1))
    sum += term
  }
  return sum
}

const harmonic = (n: number) => {
  let sum = 0
  for (let k = Math.min(Math.floor(n), 1000); k >= 1; k--) sum += 1 / k
  return sum
}

/** Arithmetic–geometric mean. */
function agm(a: number, b: number) {
  for (let i = 0; i < 40; i++) {
    const mean = (a + b) / 2
    const next = Math.sqrt(a * b)
    if (mean === a || mean === next) break
    a = mean
    b = next
  }
  return a
}

/** A pendulum by leapfrog. */
const pendulum = (angle: number, speed: number) => {
  const dt = 0.01
  for (let i = 0; i < 50; i++) {
    speed -= 0.5 * dt * Math.sin(angle)
    angle += dt * speed
    speed -= 0.5 * dt * Math.sin(angle)
  }
  return angle
}

const saxpy = (a: number, x: number, y: number) => a * x + y

const polynomial = (x: number) =>
  (((((((((0.1 * x + 0.2) * x - 0.3) * x + 0.4) * x - 0.5) * x + 0.6) * x - 0.7) * x + 0.8) * x - 0.9) * x + 1) * x -
  1.1

/** Conway's rule on the eight neighbours, packed as bits. */
const nextCell = (alive: number, neighbours: number) => {
  let count = 0
  for (let i = 0; i < 8; i++) if (neighbours & (1 << i)) count++
  return count === 3 || (alive !== 0 && count === 2)
}

export const iteration: readonly Entry[] = [
  { name: 'Mandelbrot set', fn: mandelbrot, domains: [reals(-2, 0.6), reals(-1.2, 1.2)] },
  { name: 'logistic map', fn: logistic, domains: [reals(0, 1), reals(2.5, 4)] },
  { name: 'continued fraction of bits', fn: continuedFraction, domains: [integers(0, 4095)] },
  { name: 'nested fraction', fn: nestedFraction, domains: [reals(0, 5), integers(0, 50)] },
  { name: 'series of the sine', fn: sineSeries, domains: [reals(-6, 6)] },
  { name: 'harmonic numbers', fn: harmonic, domains: [integers(1, 300)] },
  { name: 'arithmetic-geometric mean', fn: agm, domains: [reals(0, 10), reals(0, 10)] },
  {
    name: 'pendulum',
    fn: pendulum,
    domains: [reals(-3, 3), reals(-2, 2)],
    tolerance: { relative: 1e-12, absolute: 1e-12 },
  },
  { name: 'saxpy', fn: saxpy, domains: [reals(-10, 10), reals(-10, 10), reals(-10, 10)] },
  { name: 'polynomial of degree 10', fn: polynomial, domains: [reals(-2, 2)] },
  { name: 'Game of Life', fn: nextCell, domains: [integers(0, 1), integers(0, 255)] },
]
