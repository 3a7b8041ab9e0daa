/**
 * Kernels whose rows cost in different ways, each of one array: `inputs` gives so many items.
 *
 * @typedef {{ name: string, fn: (x: number) => number, inputs: (count: number) => Float64Array }} RegretKernel
 */

/**
 * Fine and even. With a tenth of the steps a row costs native code some 10 ns, and 100 ms a worker would be more rows than the bench has room for.
 *
 * @param {number} x
 */
function polynomial(x) {
  let y = 1
  for (let i = 0; i < 240; i++) y = y * x + 0.5
  return y
}

/** @param {number} n */
function collatz(n) {
  let steps = 0
  for (let x = n; x > 1; steps++) x = x % 2 === 0 ? x / 2 : 3 * x + 1
  return steps
}

/** @param {number} y */
function imageRow(y) {
  let steps = 0
  for (let column = 0; column < 48; column++) {
    const x = -2.1 + (2.8 * column) / 48
    let a = 0
    let b = 0
    for (let n = 0; n < 200 && a * a + b * b <= 4; n++) {
      const t = a * a - b * b + x
      b = 2 * a * b + y
      a = t
      steps++
    }
  }
  return steps
}

/** @param {number} steps */
function triangle(steps) {
  let x = 0.5
  for (let k = 0; k < steps; k++) x = 3.9 * x * (1 - x)
  return x
}

/** @type {RegretKernel[]} */
export const REGRET_KERNELS = [
  { name: 'polynomial', fn: polynomial, inputs: (count) => Float64Array.from({ length: count }, (_, i) => i / count) },
  { name: 'collatz', fn: collatz, inputs: (count) => Float64Array.from({ length: count }, (_, i) => i + 1) },
  {
    name: 'image rows',
    fn: imageRow,
    inputs: (count) => Float64Array.from({ length: count }, (_, i) => -1.25 + (2.5 * i) / count),
  },
  {
    name: 'triangle',
    fn: triangle,
    inputs: (count) => Float64Array.from({ length: count }, (_, i) => (2000 * i) / count),
  },
]
