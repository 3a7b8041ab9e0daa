import { MATH_OPERATORS } from '../../../src/kernel/front/math-names.ts'
import { FUNCTIONS } from '../../../src/math/functions.ts'
import { type Expressions, MOST_ROUNDS } from './random-expression.ts'
import type { Draws } from './random-number.ts'
import type { HelperSignature, Kind, Scope } from './random-scope.ts'

/** Functions of Math that are operations, and those that are programs. */
const EXACT = Object.entries(MATH_OPERATORS)
const LIBRARY = Object.entries(FUNCTIONS).filter(([name]) => name in Math)

const POWERS = ['2', '0.5', '-1', '0', '1', '3', '-2', '1.5']

/** Writes calls, and what is like them: powers, entries of tables. */
export class Calls {
  readonly #draws: Draws
  readonly #scope: Scope
  readonly #expressions: Expressions

  constructor(draws: Draws, scope: Scope, expressions: Expressions) {
    this.#draws = draws
    this.#scope = scope
    this.#expressions = expressions
  }

  math(d: number): string {
    const draws = this.#draws
    const call = (name: string, takes: number) => {
      const args = Array.from({ length: takes }, () => this.#expressions.any(d))
      return `Math.${name}(${args.join(', ')})`
    }
    switch (draws.below(4)) {
      case 0:
        return call(draws.of(['min', 'max']), draws.of([2, 2, 2, 3, 1, 0]))
      case 1:
        return call('sign', 1)
      case 2: {
        if (this.#scope.long === 0) return call('hypot', 1)
        this.#scope.long--
        const [name, fn] = draws.of(LIBRARY)
        return call(name, fn.length)
      }
      default: {
        const [name, takes] = draws.of(EXACT)
        return call(name, takes)
      }
    }
  }

  power(d: number): string {
    const draws = this.#draws
    const base = this.#expressions.any(d)
    // A constant power of 2, ½, -1, 0 or 1 is no call.
    if (this.#scope.long === 0) return `(${base} ** ${draws.of(POWERS.slice(0, 5))})`
    this.#scope.long--
    return `(${base} ** ${draws.below(2) ? this.#expressions.any(d) : draws.of(POWERS)})`
  }

  /** An entry of a table, or its length; undefined: there is none. */
  read(d: number): string | undefined {
    const draws = this.#draws
    const { tables } = this.#scope.captured
    if (tables.length === 0) return undefined
    const table = draws.of(tables)
    switch (draws.below(5)) {
      case 0:
        return `${table}.length`
      case 1:
        return `${table}[${this.#expressions.number(d)}]`
      case 2:
        return `${table}[${table}.length - ${this.#expressions.integer(d)}]`
      case 3:
        return `${table}[${this.#expressions.integer(d)} & 7]`
      default:
        return `${table}[${this.#expressions.integer(d)}]`
    }
  }

  /** Of a helper that gives that kind; undefined: there is none that loops so little. */
  helper(result: Kind, d: number): string | undefined {
    const { captured, rounds } = this.#scope
    const callable = captured.helpers.filter((each) => each.result === result && each.rounds * rounds <= MOST_ROUNDS)
    if (callable.length === 0) return undefined
    const helper = this.#draws.of(callable)
    this.#scope.mostRounds = Math.max(this.#scope.mostRounds, helper.rounds * rounds)
    return `${helper.name}(${this.#args(helper, d).join(', ')})`
  }

  #args({ parameters, isKernel }: HelperSignature, d: number): string[] {
    const draws = this.#draws
    const required = parameters.filter(({ hasDefault }) => !hasDefault).length
    const count = draws.below(2) ? parameters.length : required + draws.below(parameters.length - required + 1)
    const args = parameters.slice(0, count).map(({ kind }) => this.#expressions.of(kind, d))
    // JavaScript computes what a function does not take; a kernel is not to be given it.
    if (!isKernel && count === parameters.length && draws.below(8) === 0) args.push(this.#expressions.any(d))
    return args
  }
}
