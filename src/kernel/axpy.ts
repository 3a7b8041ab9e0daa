import { axpyWasm } from '../generated/wasm.ts'
import { LARGEST_BLOCK } from '../memory/control.ts'
import { type ColumnKind, type Kernel, type KernelCode, kernelOf } from './kernel.ts'

const BLOCK_BYTES = LARGEST_BLOCK * Float64Array.BYTES_PER_ELEMENT

/** What was captured stands in front of the blocks, in a cache line of its own. */
const UNIFORMS_BYTES = 64

/** `a * x + y`, written by hand for each engine: assembly/axpy.ts and crates/pool/src/axpy.rs are the other two. */
const code: KernelCode = {
  name: 'axpy',
  inputs: ['x', 'y'],
  uniforms: ['a'],
  isBounded: true,
  rowNs: 1,
  js: printLoop,
  wasm: {
    bytes: Buffer.from(axpyWasm, 'base64'),
    layout: {
      pages: Math.ceil((UNIFORMS_BYTES + 3 * BLOCK_BYTES) / 65_536),
      uniforms: 0,
      inputs: [UNIFORMS_BYTES, UNIFORMS_BYTES + BLOCK_BYTES],
      out: UNIFORMS_BYTES + 2 * BLOCK_BYTES,
    },
  },
  native: 'axpy',
}

/** The kernel `(x, y) => a * x + y`. Accuracy: rounds twice, as written. */
export function axpy(a: number): Kernel<(x: number, y: number) => number> {
  return kernelOf(code, Float64Array.of(a))
}

function printLoop(kinds: readonly ColumnKind[]): string {
  const [x, y] = kinds.map((kind, i) => {
    if (kind === 'array') return `c${i}[row]`
    return kind === 'range' ? `(c${i}.start + row * c${i}.step)` : `c${i}`
  })
  return `([a], [c0, c1], out) => (from, to) => {
  for (let row = from; row < to; row++) out[row] = a * ${x} + ${y}
}`
}
