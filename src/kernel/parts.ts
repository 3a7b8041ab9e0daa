import type { NumberArray } from '../inputs/number-array.ts'
import type { Captures, KernelCode } from './code.ts'
import type { CompiledKernel } from './compiler.ts'
import type { Compiled } from './front/check.ts'

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

/**
 * A kernel as one that calls it captures it: its program, with what that captures now. Anything else is what it is.
 *
 * Errors: TypeError for a kernel without a program.
 */
export function kernelCapture(value: unknown): unknown {
  const kernel = compiledKernel(value)
  if (!kernel) return value
  const { program, parts, booleans } = kernel
  if (!program) {
    throw new TypeError(
      `${parts.code.name} is of a module in AssemblyScript, which kernels cannot call; write it as a kernel`,
    )
  }
  const compiled: Compiled = {
    program,
    uniforms: program.uniforms.map((name, i) => {
      return { name, value: parts.uniforms[i] as number, isBoolean: booleans.has(name) }
    }),
    tables: program.tables.map((name, i) => ({ name, table: parts.tables[i] as NumberArray })),
  }
  return compiled
}

/** What a kernel takes for a number: numbers and truth values. */
export function isNumeric(value: unknown): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean'
}
