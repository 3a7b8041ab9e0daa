import type { Draws } from './random-number.ts'

/** What an expression gives: 'mixed' is a truth value on one way and a number on another; 'integer' is a number that bit operations made. */
export type Kind = 'number' | 'integer' | 'boolean' | 'mixed'

export interface Variable {
  readonly name: string
  readonly kind: Kind
  readonly isAssignable: boolean
}

/** A helper that calls may name. */
export interface HelperSignature {
  readonly name: string
  readonly parameters: readonly { readonly kind: Kind; readonly hasDefault: boolean }[]
  readonly result: Kind
  /** How many rounds its loops may take together, and those of helpers that it calls. */
  readonly rounds: number
  /** It stands in `with` as a kernel that was compiled before. */
  readonly isKernel: boolean
}

/** What stands in `with`. */
export interface Captured {
  readonly variables: Variable[]
  readonly tables: string[]
  readonly helpers: HelperSignature[]
}

/** Words that printers might use themselves, and what people write. */
const WORDS = [
  'x',
  'y',
  'a',
  'sum',
  'row',
  'out',
  'from',
  'to',
  'inputs',
  'tables',
  'powers',
  'words',
  'results',
  'v128',
]

/** Names that may be used in one function, where it is written now. */
export class Scope {
  readonly captured: Captured
  /** How many rounds loops around this place take together. */
  rounds = 1
  /** The most that the loops of the function took. */
  mostRounds = 1
  /** Functions of Math that are long, and may still be called. */
  long: number
  /** Expressions and statements that may still be written. */
  size: number
  #variables: Variable[] = []
  /** Names of captured variables that parameters have. */
  readonly #hidden = new Set<string>()
  #made = 0

  constructor(captured: Captured, size: number, long: number) {
    this.captured = captured
    this.size = size
    this.long = long
  }

  /** A new name. */
  fresh(draws: Draws): string {
    return `${draws.of(WORDS)}${this.#made++}`
  }

  /** The name of a parameter: now and then it stands for something else outside of the function, which parameters before it do not name. */
  parameter(draws: Draws, before: readonly string[]): string {
    const isNamed = (name: string) => before.some((text) => text.split(/\W+/).includes(name))
    const captured = this.captured.variables.filter(({ name }) => !this.#hidden.has(name) && !isNamed(name))
    if (captured.length === 0 || draws.below(20) > 0) return this.fresh(draws)
    const { name } = draws.of(captured)
    this.#hidden.add(name)
    return name
  }

  /** The name of a loop's counter: nothing else is called so, and nothing but the loop assigns it. */
  counter(): string {
    return `k${this.#made++}`
  }

  label(): string {
    return `label${this.#made++}`
  }

  declare(name: string, kind: Kind, isAssignable: boolean): void {
    this.#variables.push({ name, kind, isAssignable })
  }

  has(name: string): boolean {
    return this.#variables.some((each) => each.name === name)
  }

  /** Those of that kind which are in reach. */
  variables(kind: Kind): readonly Variable[] {
    const captured = this.captured.variables.filter(({ name }) => !this.#hidden.has(name))
    return [...this.#variables, ...captured].filter((each) => each.kind === kind)
  }

  assignable(): readonly Variable[] {
    return this.#variables.filter(({ isAssignable }) => isAssignable)
  }

  /** Hides a variable from here to the end of the block, for another one of its name. */
  hide(name: string): void {
    this.#variables = this.#variables.filter((each) => each.name !== name)
  }

  /** Writes a block; what is declared in it is out of reach behind it. */
  block<T>(write: () => T): T {
    const before = this.#variables
    this.#variables = [...before]
    try {
      return write()
    } finally {
      this.#variables = before
    }
  }

  /** Writes the body of a loop. */
  loop<T>(rounds: number, write: () => T): T {
    const before = this.rounds
    this.rounds *= rounds
    this.mostRounds = Math.max(this.mostRounds, this.rounds)
    try {
      return this.block(write)
    } finally {
      this.rounds = before
    }
  }
}
