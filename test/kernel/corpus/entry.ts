import type { Capture } from '../../../src/kernel/front/check.ts'
import type { NumericFunction } from '../support/compiled.ts'
import type { Draws } from '../support/random-number.ts'

/** A kernel as somebody would write it. It ends for all numbers, also for those that make no sense to it. */
export interface Entry {
  readonly name: string
  readonly fn: NumericFunction
  readonly with?: Readonly<Record<string, Capture>>
  /** What its parameters are meant to be, one each. */
  readonly domains: readonly Domain[]
  /**
   * How far from V8's result ours may be in its domains, as a part of the result and as a number: whichever is larger. Missing: by nothing, since it calls
   * no function of Math that is not exact.
   */
  readonly tolerance?: { readonly relative?: number; readonly absolute?: number }
}

export type Domain = (draws: Draws) => number

/** Numbers of [low, high]. */
export function reals(low: number, high: number): Domain {
  return (draws) => low + ((high - low) * draws.below(2 ** 32)) / (2 ** 32 - 1)
}

/** Integers from low to high. */
export function integers(low: number, high: number): Domain {
  return (draws) => low + draws.below(high - low + 1)
}

/** Arguments as the kernel is meant to have them. */
export function meant({ domains }: Entry, draws: Draws): number[] {
  return domains.map((domain) => domain(draws))
}
