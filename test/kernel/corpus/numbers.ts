import { type Entry, integers } from './entry.ts'

function gcd(a: number, b: number) {
  let x = Math.abs(a)
  let y = Math.abs(b)
  while (y > 0) {
    const rest = x % y
    x = y
    y = rest
  }
  return x
}

const lcm = (a: number, b: number) => (a === 0 || b === 0 ? 0 : Math.abs(a / gcd(a, b)) * Math.abs(b))

const isPrime = (n: number) => {
  if (!Number.isInteger(n) || n < 2) return false
  if (n % 2 === 0) return n === 2
  if (n % 3 === 0) return n === 3
  for (let d = 5; d * d <= n && d < 5000; d += 6) {
    if (n % d === 0 || n % (d + 2) === 0) return false
  }
  return true
}

function collatz(start: number) {
  let x = start
  let steps = 0
  while (x > 1 && steps < 1000) {
    x = x % 2 === 0 ? x / 2 : 3 * x + 1
    steps++
  }
  return steps
}

/** Of a modulus below 2^26, so that products are exact. */
function modPow(base: number, exponent: number, modulus: number) {
  let result = 1 % modulus
  let square = base % modulus
  let e = exponent
  while (e >= 1 && e < 2 ** 53) {
    if (e % 2 === 1) result = (result * square) % modulus
    square = (square * square) % modulus
    e = Math.floor(e / 2)
  }
  return result
}

const popcount = (x: number) => {
  let v = x >>> 0
  v -= (v >>> 1) & 0x55555555
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

const digitalRoot = (n: number) => {
  let rest = Math.floor(Math.abs(n))
  for (let round = 0; rest > 9 && round < 5; round++) {
    let sum = 0
    for (let places = 0; rest > 0 && places < 20; places++) {
      sum += rest % 10
      rest = Math.floor(rest / 10)
    }
    rest = sum
  }
  return rest
}

const integerRoot = (n: number) => {
  let low = 0
  let high = 94906266
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (middle * middle <= n) low = middle
    else high = middle - 1
  }
  return low
}

const reverseBits = (x: number) => {
  let r = 0
  for (let i = 0; i < 32; i++) r |= ((x >>> i) & 1) << (31 - i)
  return r >>> 0
}

/** Along the Hilbert curve of 2^order cells a side. */
function hilbert(column: number, row: number, order = 8) {
  let x = column & 0xffff
  let y = row & 0xffff
  let distance = 0
  for (let s = 1 << (Math.min(order, 16) - 1); s > 0; s >>= 1) {
    const rx = (x & s) > 0 ? 1 : 0
    const ry = (y & s) > 0 ? 1 : 0
    distance += s * s * ((3 * rx) ^ ry)
    if (ry === 0) {
      if (rx === 1) {
        x = s - 1 - x
        y = s - 1 - y
      }
      const held = x
      x = y
      y = held
    }
  }
  return distance
}

/** The first two numbers whose squares add up to n. */
const squareSum = (n: number) => {
  search: for (let a = 0; a < 60; a++) {
    for (let b = a; b < 60; b++) {
      const sum = a * a + b * b
      if (sum > n) continue search
      if (sum === n) return a * 100 + b
    }
  }
  return -1
}

const fibonacciMod = (n: number) => {
  let a = 0
  let b = 1
  for (let i = 0; i < n && i < 500; i++) {
    const next = (a + b) % 1_000_007
    a = b
    b = next
  }
  return a
}

const natural = integers(0, 1_000_000)
const word = integers(0, 2 ** 32 - 1)

export const numbers: readonly Entry[] = [
  { name: 'greatest common divisor', fn: gcd, domains: [natural, natural] },
  { name: 'least common multiple', fn: lcm, with: { gcd }, domains: [natural, natural] },
  { name: 'trial division', fn: isPrime, domains: [natural] },
  { name: 'Collatz', fn: collatz, domains: [integers(1, 100_000)] },
  { name: 'modular power', fn: modPow, domains: [natural, natural, integers(2, 2 ** 26)] },
  { name: 'population count', fn: popcount, domains: [word] },
  { name: 'digital root', fn: digitalRoot, domains: [integers(0, 2 ** 40)] },
  { name: 'integer square root', fn: integerRoot, domains: [integers(0, 2 ** 52)] },
  { name: 'reversed bits', fn: reverseBits, domains: [word] },
  { name: 'Hilbert curve', fn: hilbert, domains: [integers(0, 255), integers(0, 255), integers(1, 8)] },
  { name: 'sum of two squares', fn: squareSum, domains: [integers(0, 3000)] },
  { name: 'Fibonacci numbers', fn: fibonacciMod, domains: [integers(0, 400)] },
]
