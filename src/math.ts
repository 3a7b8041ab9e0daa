import { type CompiledKernel, libraryKernel } from './kernel/compiler.ts'
import { type Kernel, kernelOf } from './kernel/kernel.ts'
import * as plain from './math/erf.ts'
import { lgamma as plainLgamma } from './math/lgamma.ts'

/** Functions that Math lacks, as kernels: call them, map them, and give them to kernels of your own in `with`. */

type Function = (x: number) => number

/**
 * The error function, 2 / √π times the integral of e^(-t²) from 0 to x.
 *
 * Accuracy: 1.4 ULP.
 *
 *     import { erf } from 'lanewise/math'
 *     erf(0.5) // → 0.5204998778130465
 */
export const erf: Kernel<Function> = made('erf', plain.erf)

/**
 * 1 - erf x, to its own size where x is large.
 *
 * Accuracy: 3 ULP where the result is normal.
 *
 *     import { erfc } from 'lanewise/math'
 *     erfc(10) // → 2.0884875837625452e-45
 */
export const erfc: Kernel<Function> = made('erfc', plain.erfc)

/**
 * The share of a standard normal distribution that is below x.
 *
 * Accuracy: 3 ULP where the result is normal.
 *
 *     import { kernel } from 'lanewise'
 *     import { normcdf } from 'lanewise/math'
 *     const within = kernel((sigmas: number) => normcdf(sigmas) - normcdf(-sigmas), { with: { normcdf } })
 *     within(2) // → 0.9544997361036416
 */
export const normcdf: Kernel<Function> = made('normcdf', plain.normcdf)

/**
 * The logarithm of |Γ(x)|; infinite at 0, -1, -2, ….
 *
 * Accuracy: 3 ULP; below 0 that, or 1e-15, whichever is more.
 *
 *     import { lgamma } from 'lanewise/math'
 *     lgamma(11) // → 15.104412573075516
 */
export const lgamma: Kernel<Function> = made('lgamma', plainLgamma)

/** Nothing is compiled before it is used: an import stays quick. */
function made(name: string, fn: Function): Kernel<Function> {
  let compiled: CompiledKernel | undefined
  const get = () => {
    compiled ??= libraryKernel(name, `(x) => ${name}(x), of lanewise/math`)
    return compiled
  }
  const atUse: CompiledKernel = {
    get program() {
      return get().program
    },
    get parts() {
      return get().parts
    },
    get booleans() {
      return get().booleans
    },
    explain: (native) => get().explain(native),
  }
  return kernelOf(fn, atUse, name)
}
