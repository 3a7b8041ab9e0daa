import type { Captures, KernelCode } from './code.ts'
import type { CompiledKernel } from './compiler.ts'

/** Code and captures of a kernel. */
export interface KernelParts extends Captures {
  readonly code: KernelCode
}

const kernels = new WeakMap<object, CompiledKernel>()

export function setCompiledKernel(kernel: object, compiled: CompiledKernel): void {
  kernels.set(kernel, compiled)
}

/** What a kernel was compiled to; undefined: it is none. */
export function compiledKernel(kernel: unknown): CompiledKernel | undefined {
  return typeof kernel === 'function' ? kernels.get(kernel) : undefined
}

/** Code and captures of a kernel; undefined: it is none. */
export function kernelParts(kernel: unknown): KernelParts | undefined {
  return compiledKernel(kernel)?.parts
}

/** What a kernel takes for a number: numbers and truth values. */
export function isNumeric(value: unknown): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean'
}
