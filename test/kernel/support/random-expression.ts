import { MATH_OPERATORS } from '../../../src/kernel/math-names.ts'
import { FUNCTIONS } from '../../../src/math/functions.ts'
import { BITS, Leaves, RELATIONS } from './random-leaf.ts'
import type { Draws } from './random-number.ts'
import type { HelperSignature, Kind, Scope, Variable } from './random-scope.ts'

/** All loops and helpers of a kernel together take about so many rounds at most: an item is to be cheap. */
export const MOST_ROUNDS = 150

/** Functions of Math that are programs. */
const LIBRARY = Object.entries(FUNCTIONS).filter(([name]) => name in Math)

const ARITHMETIC = ['+', '-', '*', '/', '%']
const MODULI = ['1', '2', '3', '7', '8', '10', '-4', '1000', '2147483648', '4294967296', '0.5', '1e300', '0']
const POWERS = ['2', '0.5', '-1', '0', '1', '3', '-2', '1.5']
/** Writes expressions as text, each in parentheses where it needs any. */
export class Expressions {
  readonly #draws: Draws
  readonly #scope: Scope
  readonly leaves: Leaves

  constructor(draws: Draws, scope: Scope) {
    this.#draws = draws
    this.#scope = scope
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
        return draws.below(2) ? `(-${this.any(d)})` : `(+${this.any(d)})`
      case 5:
      case 6:
        return this.#math(d)
      case 7:
        return `(${this.any(d)} ? ${this.number(d)} : ${this.number(d)})`
      case 8:
        return `(${this.number(d)} ${draws.of(['&&', '||'])} ${this.number(d)})`
      case 9:
        return this.#read(d)
      case 10:
        return this.#call('number', d) ?? this.number(d)
      case 11:
        return draws.below(2) ? `Number(${this.any(d)})` : this.#power(d)
      case 12:
        return this.#assignment('number', d) ?? this.integer(d)
      case 13:
        return this.#step() ?? `(${this.any(d)}, ${this.number(d)})`
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
        return `(${this.integer(d)} % ${draws.of(MODULI)})`
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
        return `(!${this.any(d)})`
      case 5:
      case 6:
        return `(${this.truth(d)} ${draws.of(['&&', '||'])} ${this.truth(d)})`
      case 7:
        return `Number.${draws.of(['isNaN', 'isFinite', 'isInteger', 'isSafeInteger'])}(${this.number(d)})`
      case 8:
        return this.#assignment('boolean', d) ?? `(${this.any(d)} ? ${this.truth(d)} : ${this.truth(d)})`
      default:
        return this.#call('boolean', d) ?? `(${this.integer(d)} ${draws.of(RELATIONS)} ${this.integer(d)})`
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
    switch (draws.below(4)) {
      case 0:
        return `(${this.any(d)} ? ${a} : ${b})`
      case 1:
        return this.#assignment('mixed', d) ?? `(${a} && ${b})`
      case 2:
        return this.#call('mixed', d) ?? `(${a} || ${b})`
      default:
        return `(${a} ${draws.of(['&&', '||'])} ${b})`
    }
  }

  #isLeaf(depth: number): boolean {
    this.#scope.size--
    return depth <= 0 || this.#scope.size <= 0 || this.#draws.below(8) === 0
  }

  #math(d: number): string {
    const draws = this.#draws
    const exact = Object.entries(MATH_OPERATORS)
    switch (draws.below(4)) {
      case 0: {
        const args = Array.from({ length: draws.of([2, 2, 2, 3, 1, 0]) }, () => this.any(d))
        return `Math.${draws.of(['min', 'max'])}(${args.join(', ')})`
      }
      case 1:
        return `Math.sign(${this.any(d)})`
      case 2:
        if (this.#scope.long > 0) {
          this.#scope.long--
          const [name, fn] = draws.of(LIBRARY)
          return `Math.${name}(${Array.from({ length: fn.length }, () => this.any(d)).join(', ')})`
        }
        return `Math.hypot(${this.any(d)})`
      default: {
        const [name, { takes }] = draws.of(exact)
        return `Math.${name}(${Array.from({ length: takes }, () => this.any(d)).join(', ')})`
      }
    }
  }

  #power(d: number): string {
    const draws = this.#draws
    const base = this.any(d)
    if (this.#scope.long === 0) return `(${base} ** ${draws.of(POWERS.slice(0, 5))})`
    this.#scope.long--
    return `(${base} ** ${draws.below(2) ? this.any(d) : draws.of(POWERS)})`
  }

  /** An entry of a table, or its length. */
  #read(d: number): string {
    const draws = this.#draws
    const { tables } = this.#scope.captured
    if (tables.length === 0) return this.number(d)
    const table = draws.of(tables)
    switch (draws.below(5)) {
      case 0:
        return `${table}.length`
      case 1:
        return `${table}[${this.number(d)}]`
      case 2:
        return `${table}[${table}.length - ${this.integer(d)}]`
      case 3:
        return `${table}[${this.integer(d)} & 7]`
      default:
        return `${table}[${this.integer(d)}]`
    }
  }

  #call(result: Kind, d: number): string | undefined {
    const { captured, rounds } = this.#scope
    const callable = captured.helpers.filter((each) => each.result === result && each.rounds * rounds <= MOST_ROUNDS)
    if (callable.length === 0) return undefined
    const helper = this.#draws.of(callable)
    this.#scope.mostRounds = Math.max(this.#scope.mostRounds, helper.rounds * rounds)
    return `${helper.name}(${this.#args(helper, d).join(', ')})`
  }

  #args({ parameters, isKernel }: HelperSignature, d: number): string[] {
    const draws = this.#draws
    const firstDefault = parameters.findIndex(({ hasDefault }) => hasDefault)
    const isShort = firstDefault !== -1 && draws.below(2) === 1
    const given = isShort
      ? parameters.slice(0, firstDefault + draws.below(parameters.length - firstDefault))
      : parameters
    const args = given.map(({ kind }) => this.of(kind, d))
    if (!isKernel && given.length === parameters.length && draws.below(8) === 0) args.push(this.any(d))
    return args
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
  #step(): string | undefined {
    const variables = this.#scope.assignable().filter(({ kind }) => kind === 'number')
    if (variables.length === 0) return undefined
    const { name } = this.#draws.of(variables)
    return this.#draws.of([`(${name}++)`, `(${name}--)`, `(++${name})`, `(--${name})`])
  }
}
