import { Calls } from './random-call.ts'
import { BITS, Leaves, RELATIONS } from './random-leaf.ts'
import type { Draws } from './random-number.ts'
import type { Kind, Scope, Variable } from './random-scope.ts'

/** All loops and helpers of a kernel together take about so many rounds at most: an item is to be cheap. */
export const MOST_ROUNDS = 150

const ARITHMETIC = ['+', '-', '*', '/', '%']
const MODULI = ['1', '2', '3', '7', '8', '10', '-4', '1000', '2147483648', '4294967296', '0.5', '1e300', '0']

/** Writes expressions as text, each in parentheses where it needs any. */
export class Expressions {
  readonly #draws: Draws
  readonly #scope: Scope
  readonly #calls: Calls
  readonly leaves: Leaves

  constructor(draws: Draws, scope: Scope) {
    this.#draws = draws
    this.#scope = scope
    this.#calls = new Calls(draws, scope, this)
    this.leaves = new Leaves(draws, scope)
  }

  of(kind: Kind, depth: number): string {
    switch (kind) {
      case 'number':
        return this.number(depth)
      case 'integer':
        return this.integer(depth)
      case 'boolean':
        return this.truth(depth)
      case 'mixed':
        return this.#mixed(depth)
    }
  }

  /** Whatever may stand where a number is wanted, or a condition. */
  any(depth: number): string {
    const kinds = ['number', 'number', 'number', 'integer', 'boolean', 'mixed'] as const
    return this.of(this.#draws.of(kinds), depth)
  }

  number(depth: number): string {
    if (this.#isLeaf(depth)) return this.leaves.number()
    const d = depth - 1
    const draws = this.#draws
    switch (draws.below(16)) {
      case 0:
      case 1:
      case 2:
        return `(${this.any(d)} ${draws.of(ARITHMETIC)} ${this.any(d)})`
      case 3:
        return `(${this.any(d)} % ${draws.of(MODULI)})`
      case 4:
        return draws.below(2) ? this.#identity(d) : `(${draws.of(['-', '+'])}${this.any(d)})`
      case 5:
      case 6:
        return this.#calls.math(d)
      case 7:
        return draws.below(4) ? `(${this.any(d)} ? ${this.number(d)} : ${this.number(d)})` : this.#lesser(d)
      case 8:
        return `(${this.number(d)} ${draws.of(['&&', '||'])} ${this.number(d)})`
      case 9:
        return this.#calls.read(d) ?? this.number(d)
      case 10:
        return this.#calls.helper('number', d) ?? this.number(d)
      case 11:
        return draws.below(2) ? `Number(${this.any(d)})` : this.#calls.power(d)
      case 12:
        return this.#assignment('number', d) ?? this.integer(d)
      case 13:
        return this.#step('number') ?? `(${this.any(d)}, ${this.number(d)})`
      default:
        return this.integer(d)
    }
  }

  /** What bit operations give, and small constants. */
  integer(depth: number): string {
    if (this.#isLeaf(depth)) return this.leaves.integer()
    const d = depth - 1
    const draws = this.#draws
    switch (draws.below(12)) {
      case 0:
        return `(${this.any(d)} | 0)`
      case 1:
        return `(${this.any(d)} >>> 0)`
      case 2:
      case 3:
        return `(${this.any(d)} ${draws.of(BITS)} ${this.any(d)})`
      case 4:
        return `(~${this.any(d)})`
      case 5:
        return `Math.imul(${this.any(d)}, ${this.any(d)})`
      case 6:
        return `((${this.integer(d)} ${draws.of(['+', '-', '*', '/', '%'])} ${this.integer(d)}) | 0)`
      case 7:
        return `((${this.integer(d)} ${draws.of(['/', '%'])} ${draws.of(MODULI)}) | 0)`
      case 8:
        return `(${this.any(d)} ? ${this.integer(d)} : ${this.integer(d)})`
      case 9:
        return this.#assignment('integer', d) ?? `Math.clz32(${this.any(d)})`
      case 10:
        return `(${this.integer(d)} & ${draws.of(['1', '7', '255', '0xffff'])})`
      default:
        return `(${this.integer(d)} ${draws.of(['+', '-', '*'])} ${this.integer(d)})`
    }
  }

  truth(depth: number): string {
    if (this.#isLeaf(depth)) return this.leaves.truth()
    const d = depth - 1
    const draws = this.#draws
    switch (draws.below(10)) {
      case 0:
      case 1:
      case 2:
        return `(${this.any(d)} ${draws.of(RELATIONS)} ${this.any(d)})`
      case 3: {
        const kind = draws.of(['number', 'integer', 'boolean'] as const)
        return `(${this.of(kind, d)} ${draws.of(['===', '!=='])} ${this.of(kind, d)})`
      }
      case 4:
        return `(!${draws.below(2) ? this.truth(d) : this.any(d)})`
      case 5:
      case 6:
        return `(${this.truth(d)} ${draws.of(['&&', '||'])} ${this.truth(d)})`
      case 7:
        return `Number.${draws.of(['isNaN', 'isFinite', 'isInteger', 'isSafeInteger'])}(${this.number(d)})`
      case 8:
        return this.#assignment('boolean', d) ?? `(${this.any(d)} ? ${this.truth(d)} : ${this.truth(d)})`
      default:
        return this.#calls.helper('boolean', d) ?? `(${this.integer(d)} ${draws.of(RELATIONS)} ${this.integer(d)})`
    }
  }

  /** `v = …` and its kin, of any variable, without parentheses; undefined: there is none. */
  assign(depth: number): string | undefined {
    const variables = this.#scope.assignable()
    return variables.length > 0 ? this.#assign(this.#draws.of(variables), depth) : undefined
  }

  #mixed(depth: number): string {
    if (this.#isLeaf(depth)) return this.leaves.variable('mixed')
    const d = depth - 1
    const draws = this.#draws
    const sides = [this.of(draws.of(['number', 'integer']), d), this.truth(d)]
    const [a, b] = draws.below(2) ? sides : sides.toReversed()
    switch (draws.below(5)) {
      case 0:
        return `(${this.any(d)} ? ${a} : ${b})`
      case 4:
        return this.#step('mixed') ?? `(${b} || ${a})`
      case 1:
        return this.#assignment('mixed', d) ?? `(${a} && ${b})`
      case 2:
        return this.#calls.helper('mixed', d) ?? `(${a} || ${b})`
      default:
        return `(${a} ${draws.of(['&&', '||'])} ${b})`
    }
  }

  /** One of two, by a comparison of them. */
  #lesser(d: number): string {
    const draws = this.#draws
    const sides = [this.number(d), this.leaves.number()]
    const [a, b] = draws.below(2) ? sides : sides.toReversed()
    const [yes, no] = draws.below(2) ? sides : sides.toReversed()
    return `(${a} ${draws.of(RELATIONS)} ${b} ? ${yes} : ${no})`
  }

  /** What looks as if it did nothing, or as if its result were known. */
  #identity(d: number): string {
    const draws = this.#draws
    const x = this.any(d)
    const constant = draws.of(['0', '0', '(-0)', '1', '(-1)', '0.5', '2', 'Infinity'])
    const operator = draws.of(['+', '-', '*', '/', '%'])
    return draws.of([`(${x} ${operator} ${constant})`, `(${constant} ${operator} ${x})`, `(${x} ${operator} ${x})`])
  }

  #isLeaf(depth: number): boolean {
    this.#scope.size--
    return depth <= 0 || this.#scope.size <= 0 || this.#draws.below(8) === 0
  }

  #assignment(kind: Kind, d: number): string | undefined {
    const variables = this.#scope.assignable().filter((each) => each.kind === kind)
    return variables.length > 0 ? `(${this.#assign(this.#draws.of(variables), d)})` : undefined
  }

  #assign({ name, kind }: Variable, d: number): string {
    const draws = this.#draws
    const plain = `${name} = ${this.of(kind, d)}`
    if (draws.below(2)) return plain
    switch (kind) {
      case 'boolean':
        return `${name} ${draws.of(['&&=', '||='])} ${this.truth(d)}`
      case 'integer':
        return `${name} ${draws.of(BITS)}= ${this.any(d)}`
      case 'number':
        if (draws.below(6) === 0) return `${name} **= 2`
        return `${name} ${draws.of([...ARITHMETIC, ...ARITHMETIC, ...BITS, '&&', '||'])}= ${this.number(d)}`
      case 'mixed':
        return `${name} ${draws.of([...ARITHMETIC, '&&', '||'])}= ${this.any(d)}`
    }
  }

  /** `v++` and its kin. */
  #step(kind: Kind): string | undefined {
    const variables = this.#scope.assignable().filter((each) => each.kind === kind)
    if (variables.length === 0) return undefined
    const { name } = this.#draws.of(variables)
    return this.#draws.of([`(${name}++)`, `(${name}--)`, `(++${name})`, `(--${name})`])
  }
}
