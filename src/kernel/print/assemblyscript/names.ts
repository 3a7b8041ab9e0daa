/** Names of one scope. Each ends in a number, so that none is a keyword, a builtin, a helper, or another's. */
export class Names {
  readonly #names = new Map<object, string>()
  readonly #counts = new Map<string, number>()

  has(thing: object): boolean {
    return this.#names.has(thing)
  }

  /** The name of `thing`, made of `name` when it is first asked for. */
  of(thing: object, name: string): string {
    let full = this.#names.get(thing)
    if (full === undefined) {
      const stem = Names.stem(name)
      const count = this.#counts.get(stem) ?? 0
      this.#counts.set(stem, count + 1)
      full = `${stem}_${count}`
      this.#names.set(thing, full)
    }
    return full
  }

  /** What is left of a name for AssemblyScript: names come from outside, and none may break out of its place. */
  static stem(name: string): string {
    const letters = name.slice(0, 60).replace(/[^A-Za-z0-9_$]/g, '_')
    return /^[0-9]|^$/.test(letters) ? `_${letters}` : letters
  }
}
