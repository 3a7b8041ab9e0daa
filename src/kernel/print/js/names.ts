/** Names of a text, none of which stands twice, is a word of JavaScript or is of our own: `x_0`, where `x` was the source's. */
export class Names {
  readonly #known = new Map<object, string>()
  #count = 0

  /** The name of one thing, the same each time. */
  of(thing: { readonly name: string }): string {
    let name = this.#known.get(thing)
    if (name === undefined) {
      name = this.fresh(thing.name)
      this.#known.set(thing, name)
    }
    return name
  }

  fresh(wanted: string): string {
    // Programs come from files too: nothing but a name may get into the text.
    const word = /^[A-Za-z$_][\w$]{0,40}$/.test(wanted) ? wanted : 'v'
    return `${word}_${this.#count++}`
  }
}
