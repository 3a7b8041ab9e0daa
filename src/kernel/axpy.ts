import { type CompiledKernel, compileKernel } from './compiler.ts'
import { type Kernel, kernelOf } from './kernel.ts'

let compiled: CompiledKernel | undefined

/** The kernel `(x, y) => a * x + y`, which the addon knows by name: crates/pool/src/axpy.rs. Accuracy: rounds twice, as written. */
export function axpy(a: number): Kernel<(x: number, y: number) => number> {
  compiled ??= compileKernel('(x, y) => a * x + y', 'axpy', { values: { a: 0 } }, 'axpy')
  return kernelOf((x: number, y: number) => a * x + y, compiled).with({ a })
}
