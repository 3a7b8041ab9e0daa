import { kernel } from 'lanewise'
import { workloadOf } from '../../dist/cli/run-bench.js'

// What `lanewise tune` is run on, again and again: rows whose cost follows a trend, a kernel of noisy costs, and too little work for a pool.

const { fn, inputs } = workloadOf('mandelbrot')

export const pictureRow = fn
export const rows = inputs(3000)[0]

export const collatz = kernel(/** @type {(start: number) => number} */ (workloadOf('collatz').fn))

/** @param {number} x */
export function successor(x) {
  return x + 1
}
