import type { Kernel } from '../../src/kernel/kernel.ts'
import { axpy } from '../engines/support/axpy.ts'
import { logistic } from '../engines/support/logistic.ts'

/** A kernel that the native engine runs, as it does any: this is the one place to change it. */
export const nativeKernel: Kernel<(x: number, y: number) => number> = axpy(2)

/** What it gives, by the plain rule. */
export function plainly(x: number, y: number): number {
  return 2 * x + y
}

/** A row of `Infinity` never ends; it is stopped where its loop looks at the stop word. */
export const endlessKernel: Kernel<(times: number) => number> = logistic
