import type { Captures, KernelCode } from './code.ts'

/** Code and captures of a kernel. */
export interface KernelParts extends Captures {
  readonly code: KernelCode
}

const parts = new WeakMap<object, KernelParts>()

export function setKernelParts(kernel: object, its: KernelParts): void {
  parts.set(kernel, its)
}

/** Code and captures of a kernel; undefined: it is none. */
export function kernelParts(kernel: unknown): KernelParts | undefined {
  return typeof kernel === 'function' ? parts.get(kernel) : undefined
}

/** What a kernel takes for a number: numbers and truth values. */
export function isNumeric(value: unknown): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean'
}
