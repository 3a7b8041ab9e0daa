import type { ErrorPolicy, Segment } from './outcome.ts'

/** Makes what `await` gives, segment by segment. */
export class Collector {
  readonly reject: (reason: unknown) => void
  readonly #resolve: (all: unknown) => void
  readonly #policy: ErrorPolicy
  readonly #whole: (() => unknown) | undefined
  #out: unknown[] | undefined // made at the first outcome
  #filled = 0
  readonly #errors: unknown[] = []

  /** `whole`: the results are where they belong already, and this gives them. */
  constructor(
    policy: ErrorPolicy,
    whole: (() => unknown) | undefined,
    resolve: (all: unknown) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#policy = policy
    this.#whole = whole
    this.#resolve = resolve
    this.reject = reject
  }

  /** Takes the outcomes of a segment from the `first` on, of `end` in all where that is known; answers the failure that ends the map, if there is one. */
  add({ start, values, failures }: Segment, first: number, end: number | undefined): { reason: unknown } | undefined {
    if (this.#whole !== undefined) return undefined
    this.#out ??= this.#newArray(values, end)
    const out = this.#out
    let filled = this.#filled
    if (failures === undefined && this.#policy !== 'settle') {
      for (let i = first; i < values.length; i++) out[filled++] = values[i]
    } else {
      for (let i = first; i < values.length; i++) {
        const failed = failures?.has(start + i) === true
        const reason = failed ? failures.get(start + i) : undefined
        if (this.#policy === 'settle') {
          out[filled++] = failed ? { status: 'rejected', reason } : { status: 'fulfilled', value: values[i] }
        } else if (!failed) out[filled++] = values[i]
        else if (this.#policy === 'continue') this.#errors.push(reason)
        else return { reason }
      }
    }
    this.#filled = filled
    return undefined
  }

  /** All `count` outcomes are in; `failure`: what stands behind them. */
  finish(count: number, failure: { reason: unknown } | undefined): void {
    const errors = this.#errors
    if (failure !== undefined) this.reject(failure.reason)
    else if (errors.length > 0) this.reject(new AggregateError(errors, `${errors.length} of ${count} calls failed`))
    else this.#resolve(this.#whole === undefined ? (this.#out ?? []) : this.#whole())
  }

  /**
   * The array for all results, where the first are `values`. One that V8 takes for small integers is made anew at its first double: a million
   * numbers then take 12.8 ms to fill instead of 5.1, so numbers begin as doubles.
   */
  #newArray(values: ArrayLike<unknown>, end: number | undefined): unknown[] {
    const out: unknown[] = values instanceof Float64Array && this.#policy !== 'settle' ? [0.5] : []
    // A longer array than this would be a dictionary to V8, slower to fill than one that grows.
    out.length = end !== undefined && end <= 2 ** 25 ? end : 0
    return out
  }
}
