/** What stands at one position under `errors: 'settle'`. */
export type Settled<R> = { status: 'fulfilled'; value: R } | { status: 'rejected'; reason: unknown }

/** What a call that failed means for its map: its end, an error at its position, or a value of kind `Settled`. */
export type ErrorPolicy = 'raise' | 'continue' | 'settle'

/** Outcomes of consecutive rows, as they come from a worker: `values[i]` belongs to row `start + i`. */
export interface Segment {
  readonly start: number
  readonly values: ArrayLike<unknown>
  /** `values` again, where they are memory that others write soon: whoever keeps the segment copies them. */
  readonly lent?: Float64Array | undefined
  /** Rows that failed, by index; what stands in `values` at their place means nothing. */
  readonly failures?: ReadonlyMap<number, unknown> | undefined
}

/** A segment that stays as it is. */
export function kept(segment: Segment): Segment {
  return segment.lent === undefined ? segment : { ...segment, values: segment.lent.slice(), lent: undefined }
}

/** Rows that fail together, each with an error of its own. */
export function failAll(start: number, end: number, error: () => unknown): Segment {
  const reasons = new Map<number, unknown>()
  for (let i = start; i < end; i++) reasons.set(i, error())
  return { start, values: { length: end - start }, failures: reasons }
}
