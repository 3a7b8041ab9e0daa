import { loadFunction } from '../functions/load.ts'
import type { FunctionRef } from '../functions/ref.ts'
import { decodeValue, type Wire } from '../wire/codec.ts'
import { type ErrorWire, encodeError } from '../wire/errors.ts'

/** The pool's initializer with its arguments, on its way to a worker. */
export interface Initializer {
  readonly ref: FunctionRef
  readonly args: readonly Wire[]
}

/** Runs the initializer, if there is one; never rejects. */
export async function initialize(
  initializer: Initializer | undefined,
  carrier: 'thread' | 'bytes',
): Promise<{ ready: true } | { broken: ErrorWire }> {
  try {
    if (initializer !== undefined) {
      const fn = await loadFunction(initializer.ref)
      await fn(...initializer.args.map(decodeValue))
    }
    return { ready: true }
  } catch (error) {
    return { broken: encodeError(error, carrier) }
  }
}
