import { types } from 'node:util'
import { show } from '../show.ts'
import { isTransfer } from '../wire/transfer.ts'
import { isNumberArray, type NumberArray } from './number-array.ts'
import { isRange, type Range } from './range.ts'
import { isRepeat, type Repeat } from './repeat.ts'

/** What `map` takes as an input: an array, a typed array, any iterable or async iterable, a stream, `range()`, `repeat()`. */
export type Input<T> = Iterable<T> | AsyncIterable<T>

/** An input as it was found at the call. What `kind` says is how it is read; `open` begins to iterate. */
export type FoundInput =
  | { readonly kind: 'range'; readonly range: Range }
  | { readonly kind: 'repeat'; readonly repeat: Repeat<unknown> }
  | { readonly kind: 'numbers'; readonly values: NumberArray; readonly open: () => Source }
  | { readonly kind: 'array'; readonly values: readonly unknown[]; readonly open: () => Source }
  | { readonly kind: 'sync' | 'async'; readonly open: () => Source }

// Read by index only if iterating would do the same: no iterator of a subclass, none that somebody patched.
const arrayIterator = Array.prototype[Symbol.iterator]
const typedArrayIterator = Uint8Array.prototype[Symbol.iterator]

/**
 * Looks at an input without iterating it; `name` is what an error calls it, such as `input 2`.
 *
 * Errors: TypeError if it cannot be iterated, or is a view whose memory is gone.
 */
function findInput(value: unknown, name: string): FoundInput {
  if (value instanceof SpreadRows) return value.found
  if (isRange(value)) return { kind: 'range', range: value }
  if (isRepeat(value)) return { kind: 'repeat', repeat: value }
  const found = findIterable(value, name)
  if (found.kind === 'async') return found
  if (Array.isArray(value) && found.method === arrayIterator) return { kind: 'array', values: value, open: found.open }
  if (isNumberArray(value) && found.method === typedArrayIterator) {
    refuseLost(value, name)
    return { kind: 'numbers', values: value, open: found.open }
  }
  return found
}

/** Finds all inputs of a map before any is read. Errors: as `findInput`; RangeError where all of them are endless `repeat`s. */
export function findInputs(inputs: readonly unknown[]): FoundInput[] {
  const found = inputs.map((input, i) => findInput(input, `input ${i + 1}`))
  if (inputs.length > 0 && inputs.every(isEndless)) throw endless()
  return found
}

/** Whether an input can be read with waiting only. One that is both sync and async counts as async, as in `for await`. */
export function isAsyncInput(value: unknown): boolean {
  if (value instanceof SpreadRows) return value.found.kind === 'async'
  return methodOf(value, Symbol.asyncIterator) !== undefined
}

/** An input of one column whose items are rows of arguments, for `starmap`: each row is copied to an array when it is read. */
export function spreadRows(rows: unknown): SpreadRows {
  if (isEndless(rows)) throw endless()
  return new SpreadRows(findIterable(rows, 'rows', toArguments))
}

class SpreadRows {
  readonly found: FoundInput

  constructor(found: FoundInput) {
    this.found = found
  }
}

type Convert = (value: unknown, index: number) => unknown

function toArguments(row: unknown, index: number): unknown[] {
  if (methodOf(row, Symbol.iterator) === undefined) {
    throw new TypeError(`row ${index} of starmap is not iterable, got ${show(row)}; make it an array of arguments`)
  }
  return [...(row as Iterable<unknown>)]
}

function findIterable(
  value: unknown,
  name: string,
  convert?: Convert,
): { kind: 'sync' | 'async'; method: unknown; open: () => Source } {
  const asyncMethod = methodOf(value, Symbol.asyncIterator)
  const method = asyncMethod ?? methodOf(value, Symbol.iterator)
  if (typeof method !== 'function') {
    const next = types.isPromise(value) ? 'await it first' : 'pass an array, an iterable, range() or repeat()'
    throw new TypeError(`${name} is not iterable, got ${show(value)}; ${next}`)
  }
  const kind = asyncMethod === undefined ? 'sync' : 'async'
  const open = (): Source => new Source(Reflect.apply(method, value, []), name, kind === 'async', convert)
  return { kind, method, open }
}

function isEndless(value: unknown): boolean {
  return isRepeat(value) && value.times === undefined
}

function endless(): RangeError {
  return new RangeError(
    'repeat() without times has no end, and no other input has one; say how often, as in repeat(value, 100)',
  )
}

function methodOf(value: unknown, symbol: symbol): unknown {
  return isNothing(value) ? undefined : ((value as Record<symbol, unknown>)[symbol] ?? undefined)
}

function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

/** A view on a detached buffer, or outside of one that shrank, reads as empty: that would be no rows, and no error. */
function refuseLost(view: NumberArray, name: string): void {
  try {
    Reflect.apply(typedArrayIterator, view, [])
  } catch (cause) {
    throw new TypeError(`${name} is a view whose memory is gone: it moved or shrank; pass a copy that stays`, { cause })
  }
}

/**
 * An input while it is read by iterating, with the rules of `for of` and `for await`: one that throws, or that answers with what is no
 * iterator result, has ended and is not told; one that is left before its end gets `return()` once.
 */
export class Source {
  readonly isAsync: boolean
  /** The element that was taken last. */
  value: unknown
  readonly #iterator: object
  readonly #next: unknown
  readonly #convert: Convert | undefined
  #taken = 0
  #ended = false

  constructor(iterator: unknown, name: string, isAsync: boolean, convert: Convert | undefined) {
    if (!isObject(iterator)) {
      throw new TypeError(`${name} must give an iterator, which is an object, got ${show(iterator)}; mend its method`)
    }
    this.isAsync = isAsync
    this.#iterator = iterator
    this.#next = (iterator as { next?: unknown }).next
    this.#convert = convert
  }

  /** Asks for the next element. The answer is the iterator's own: for an async one, something to await. */
  ask(): unknown {
    try {
      if (typeof this.#next !== 'function')
        throw new TypeError(`an iterator's next must be a function, got ${show(this.#next)}`)
      return Reflect.apply(this.#next, this.#iterator, [])
    } catch (error) {
      this.#ended = true
      throw error
    }
  }

  /** The awaited answer was a rejection: the iterator has ended. */
  failed(): void {
    this.#ended = true
  }

  /** Takes the answer's element into `value`; false at the end. */
  take(answer: unknown): boolean {
    this.#ended = true // unless the answer is an element
    if (!isObject(answer)) throw new TypeError(`an iterator's answer must be an object, got ${show(answer)}`)
    const result = answer as IteratorResult<unknown>
    if (result.done) return false
    this.value = result.value
    this.#ended = false
    if (this.#convert !== undefined) this.value = this.#convert(this.value, this.#taken)
    this.#taken++
    return true
  }

  /** Whether an element moves its buffers, so that its row must travel alone. */
  moves(element: unknown): boolean {
    return this.#convert === undefined ? isTransfer(element) : (element as unknown[]).some(isTransfer)
  }

  /** Tells an iterator that is left before its end, once. Nobody waits for its answer, and its errors are dropped. */
  leave(): void {
    if (this.#ended) return
    this.#ended = true
    try {
      const leave = (this.#iterator as { return?: unknown }).return
      if (isNothing(leave)) return
      const answer: unknown = Reflect.apply(leave as () => unknown, this.#iterator, [])
      if (this.isAsync) Promise.resolve(answer).then(undefined, () => {})
    } catch {}
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
