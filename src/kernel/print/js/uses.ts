import type { Statement, Value, Variable } from '../../ir/ir.ts'

export type Body = readonly Statement[]

/** Places of the text, counted in its order: `[start, end)`. */
type Range = readonly [start: number, end: number]

/**
 * Where the values of a body are used and where its variables are set: what decides whether a value may stand inside the expression that uses it
 * instead of where it is computed.
 */
export class Uses {
  readonly #counts = new Map<Value, number>()
  /** Of each value: the statements that use it, and values that do. */
  readonly #users = new Map<Value, (number | Value)[]>()
  readonly #places = new Map<Value, readonly number[]>()
  readonly #lets = new Map<Value, number>()
  readonly #ranges = new Map<Body, Range>()
  readonly #sets = new Map<Body, Set<Variable>>()
  #place = 0

  constructor(body: Body) {
    this.#count(body)
    this.#find(body)
  }

  /** By values that are used themselves. */
  count(value: Value): number {
    return this.#counts.get(value) ?? 0
  }

  sets(body: Body): ReadonlySet<Variable> {
    return this.#sets.get(body) as Set<Variable>
  }

  isUsedIn(value: Value, body: Body): boolean {
    const [start, end] = this.#ranges.get(body) as Range
    return this.#placesOf(value).some((place) => place >= start && place < end)
  }

  isUsedOnlyIn(value: Value, body: Body): boolean {
    const [start, end] = this.#ranges.get(body) as Range
    return this.#placesOf(value).every((place) => place >= start && place < end)
  }

  /** The statements that use a value, be it inside of another value that is used once. */
  #placesOf(value: Value): readonly number[] {
    const known = this.#places.get(value)
    if (known) return known
    const places = (this.#users.get(value) ?? []).flatMap((user) => {
      if (typeof user === 'number') return [user]
      return this.count(user) === 1 ? this.#placesOf(user) : [this.#lets.get(user) as number]
    })
    this.#places.set(value, places)
    return places
  }

  /** From the end, so that a value which nobody uses counts for none of its operands. */
  #count(body: Body): void {
    for (const statement of body.toReversed()) {
      switch (statement.kind) {
        case 'let':
          if (this.count(statement.value) > 0) this.#use(statement.value.args)
          break
        case 'set':
          this.#use([statement.value])
          break
        case 'call':
          this.#use(statement.args)
          break
        case 'if':
          this.#count(statement.no)
          this.#count(statement.yes)
          this.#use([statement.condition])
          break
        case 'block':
        case 'loop':
          this.#count(statement.body)
          break
        case 'leave':
          break
      }
    }
  }

  #use(values: readonly Value[]): void {
    for (const value of values) this.#counts.set(value, this.count(value) + 1)
  }

  #find(body: Body): Set<Variable> {
    const sets = new Set<Variable>()
    const start = this.#place
    for (const statement of body) {
      const place = this.#place++
      switch (statement.kind) {
        case 'let':
          this.#lets.set(statement.value, place)
          if (this.count(statement.value) > 0) this.#used(statement.value.args, statement.value)
          break
        case 'set':
          this.#used([statement.value], place)
          sets.add(statement.variable)
          break
        case 'call':
          this.#used(statement.args, place)
          for (const variable of statement.results) sets.add(variable)
          break
        case 'if':
          this.#used([statement.condition], place)
          for (const side of [statement.yes, statement.no]) {
            for (const variable of this.#find(side)) sets.add(variable)
          }
          break
        case 'block':
        case 'loop':
          for (const variable of this.#find(statement.body)) sets.add(variable)
          break
        case 'leave':
          break
      }
    }
    this.#ranges.set(body, [start, this.#place])
    this.#sets.set(body, sets)
    return sets
  }

  #used(values: readonly Value[], user: number | Value): void {
    for (const value of values) {
      const users = this.#users.get(value)
      if (users) users.push(user)
      else this.#users.set(value, [user])
    }
  }
}
