/**
 * `a * x + y`, written by hand: the first kernel that went through all engines.
 *
 * Like every kernel it has an unshared memory of its own: what it captured first, then one block of rows for each input, then
 * the block of results (src/kernel/axpy.ts gives the addresses to the host).
 */
import { LARGEST_BLOCK } from './generated/rule'

const BLOCK_BYTES: usize = <usize>LARGEST_BLOCK * 8
/** The factor `a`. A cache line is left to what a kernel captured. */
const UNIFORMS: usize = 0
const X: usize = 64
const Y: usize = X + BLOCK_BYTES
const OUT: usize = Y + BLOCK_BYTES

export function run(rows: u32): void {
  axpy(load<f64>(UNIFORMS), X, Y, OUT, rows)
}

/**
 * Writes `out[i] = a * x[i] + y[i]` for `0 <= i < n`.
 * Shapes: `x`, `y`, `out` are byte addresses of `n` f64 values, 8-byte aligned; `out` may be `x` or `y`, whole.
 */
function axpy(a: f64, x: usize, y: usize, out: usize, n: u32): void {
  const end = out + (<usize>n << 3)
  const pairsEnd = out + (<usize>(n & ~1) << 3)
  const factor = f64x2.splat(a)

  // Body: two lanes a step. Tail: the odd value, if there is one.
  while (out < pairsEnd) {
    v128.store(out, f64x2.add(f64x2.mul(factor, v128.load(x)), v128.load(y)))
    x += 16
    y += 16
    out += 16
  }
  if (out < end) store<f64>(out, a * load<f64>(x) + load<f64>(y))
}
