import { type Draws, EDGES, EDGES_I32 } from './random-number.ts'
import type { Kind, Scope } from './random-scope.ts'

export const RELATIONS = ['<', '<=', '>', '>=', '==', '!=']
export const BITS = ['&', '|', '^', '<<', '>>', '>>>']

const CONSTANTS = [
  'Math.PI',
  'Math.E',
  'Math.SQRT1_2',
  'Number.EPSILON',
  'Number.MAX_SAFE_INTEGER',
  'Number.MIN_VALUE',
  'Number.MAX_VALUE',
  'Number.NEGATIVE_INFINITY',
  'NaN',
  'Infinity',
  '0xff',
  '1e3',
  '.5',
  '2_654_435_769',
  '0b101',
  '0o17',
]

/** Writes names and constants. */
export class Leaves {
  readonly #draws: Draws
  readonly #scope: Scope

  constructor(draws: Draws, scope: Scope) {
    this.#draws = draws
    this.#scope = scope
  }

  number(): string {
    return this.#draws.below(4) ? this.variable('number') : this.constant()
  }

  integer(): string {
    const draws = this.#draws
    switch (draws.below(8)) {
      case 0:
        return text(draws.of(EDGES_I32))
      case 1:
        return String(draws.below(12))
      default:
        return this.variable('integer')
    }
  }

  truth(): string {
    return this.#draws.below(6) ? this.variable('boolean') : this.#draws.of(['true', 'false'])
  }

  constant(): string {
    const draws = this.#draws
    switch (draws.below(4)) {
      case 0:
        return text(draws.of(EDGES))
      case 1:
        return draws.of(CONSTANTS)
      case 2:
        return text((draws.below(401) - 200) / 8)
      default:
        return String(draws.below(10))
    }
  }

  /** One that is in reach; else something like it. */
  variable(kind: Kind): string {
    const draws = this.#draws
    const variables = this.#scope.variables(kind)
    if (variables.length > 0) return draws.of(variables).name
    switch (kind) {
      case 'boolean':
        return `(${this.variable('number')} ${draws.of(RELATIONS)} ${draws.below(4)})`
      case 'integer':
        return draws.below(2)
          ? `(${this.variable('number')} ${draws.of(BITS)} ${draws.below(9)})`
          : String(draws.below(9))
      case 'number':
        return this.constant()
      case 'mixed':
        return this.variable(draws.of(['number', 'boolean', 'integer']))
    }
  }
}

/** A number as source: in parentheses where it has a sign. */
function text(x: number): string {
  const digits = Object.is(x, -0) ? '-0' : String(x)
  return digits.startsWith('-') ? `(${digits})` : digits
}
