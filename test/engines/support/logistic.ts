import type { KernelCode } from '../../../src/kernel/code.ts'
import type { CompiledKernel } from '../../../src/kernel/compiler.ts'
import { type Kernel, kernel, kernelOf } from '../../../src/kernel/kernel.ts'
import { compiledKernel } from '../../../src/kernel/parts.ts'

/** Iterates the logistic map so many times: a row costs what it says, about 4 ns a time, and `Infinity` never ends. */
export function iterate(times: number): number {
  let x = 0.5
  for (let k = 0; k < times; k++) x = 3.9 * x * (1 - x)
  return x
}

/** The kernel of `iterate`. */
export const logistic: Kernel<(times: number) => number> = kernel(iterate)

/** A kernel of the `js` engine that throws at a row of 7. */
export function throwingKernel(): Kernel<(x: number) => number> {
  const code: KernelCode = {
    name: 'throwing',
    inputs: [{ name: 'x' }],
    uniforms: [],
    tables: [],
    isBounded: true,
    rowNs: 1,
    whyPlain: undefined,
    js: () =>
      '(uniforms, tables, [xs], out) => (from, to) => { for (let i = from; i < to; i++) { if (xs[i] === 7) throw new RangeError("seven"); out[i] = xs[i] } }',
    get wasm(): never {
      throw new Error('it has no module')
    },
    native: undefined,
    portable: undefined,
  }
  const parts = { code, uniforms: new Float64Array(), tables: [] }
  return kernelOf((x: number) => x, { ...(compiledKernel(logistic) as CompiledKernel), parts })
}
