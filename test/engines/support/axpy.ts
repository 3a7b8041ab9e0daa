import { type Kernel, kernel } from '../../../src/kernel/kernel.ts'

const compiled = kernel((x: number, y: number) => a * x + y, { with: { a: 0 }, name: 'axpy' })
declare const a: number

/** The kernel `(x, y) => a * x + y`. Accuracy: rounds twice, as written. */
export function axpy(a: number): Kernel<(x: number, y: number) => number> {
  return compiled.with({ a })
}
