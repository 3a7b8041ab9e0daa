import { expect } from 'vitest'

/** An iterator that says what was done to it. */
export class Spy<T> implements Iterator<T>, Iterable<T> {
  pulled = 0
  returns = 0
  readonly #items: Iterator<T>

  constructor(items: Iterable<T>) {
    this.#items = items[Symbol.iterator]()
  }

  /** One that throws `error` in place of the item at `index`. */
  static failing<T>(items: Iterable<T>, index: number, error: unknown): Spy<T> {
    return new Spy(
      (function* () {
        let i = 0
        for (const item of items) {
          if (i++ === index) throw error
          yield item
        }
      })(),
    )
  }

  next(): IteratorResult<T> {
    const result = this.#items.next()
    if (result.done !== true) this.pulled++
    return result
  }

  return(): IteratorResult<T> {
    this.returns++
    return { done: true, value: undefined }
  }

  [Symbol.iterator](): this {
    return this
  }
}

/** An async iterator that gives an item when it is told to. */
export class Tap<T> implements AsyncIterableIterator<T> {
  asked = 0
  returns = 0
  readonly #waiting: { resolve: (result: IteratorResult<T>) => void; reject: (reason: unknown) => void }[] = []
  #onAsk: (() => void) | undefined

  next(): Promise<IteratorResult<T>> {
    this.asked++
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#onAsk?.()
      this.#onAsk = undefined
    })
  }

  return(): Promise<IteratorResult<T>> {
    this.returns++
    return Promise.reject(new Error('nobody listens to this'))
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async give(...values: T[]): Promise<void> {
    for (const value of values) (await this.#asker()).resolve({ done: false, value })
  }

  async end(): Promise<void> {
    ;(await this.#asker()).resolve({ done: true, value: undefined })
  }

  async fail(reason: unknown): Promise<void> {
    ;(await this.#asker()).reject(reason)
  }

  async #asker(): Promise<{ resolve: (result: IteratorResult<T>) => void; reject: (reason: unknown) => void }> {
    if (this.#waiting.length === 0) await new Promise<void>((resolve) => (this.#onAsk = resolve))
    return this.#waiting.shift()!
  }
}

/** Things that a `for of` would choke on, each with what it says: from a getter, from a missing method, from a wrong answer. */
export const liars: readonly { lie: string; iterator: () => unknown; error: unknown }[] = [
  { lie: 'has no next', iterator: () => ({}), error: expect.any(TypeError) },
  { lie: 'has a next that is no function', iterator: () => ({ next: 7 }), error: expect.any(TypeError) },
  { lie: 'answers with a number', iterator: () => ({ next: () => 7 }), error: expect.any(TypeError) },
  { lie: 'answers with undefined', iterator: () => ({ next: () => undefined }), error: expect.any(TypeError) },
  {
    lie: 'throws undefined from next',
    iterator: () => ({
      next() {
        throw undefined
      },
    }),
    error: undefined,
  },
  {
    lie: 'has a done getter that throws',
    iterator: () => ({
      next: () => ({
        get done(): boolean {
          throw 'from done'
        },
      }),
    }),
    error: 'from done',
  },
  {
    lie: 'has a value getter that throws',
    iterator: () => ({
      next: () => ({
        done: false,
        get value(): unknown {
          throw 'from value'
        },
      }),
    }),
    error: 'from value',
  },
]
