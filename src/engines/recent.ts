/** What a thread has made and may need again, as many as `most`; the one used longest ago goes first. */
export class Recent<V> {
  readonly #most: number
  /** The one used last at the end. */
  readonly #made = new Map<string, V>()

  constructor(most: number) {
    this.#most = most
  }

  get(key: string, make: () => V): V {
    const value = this.#made.get(key) ?? make()
    this.#made.delete(key)
    this.#made.set(key, value)
    const [oldest] = this.#made.keys()
    if (this.#made.size > this.#most && oldest !== undefined) this.#made.delete(oldest)
    return value
  }

  delete(key: string): void {
    this.#made.delete(key)
  }
}
