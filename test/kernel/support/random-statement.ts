import type { Expressions } from './random-expression.ts'
import { randomLoop } from './random-loop.ts'
import type { Draws } from './random-number.ts'
import type { Kind, Scope } from './random-scope.ts'

const KINDS = ['number', 'number', 'integer', 'integer', 'boolean', 'mixed'] as const

/** Where `break` and `continue` may go from here. */
interface Target {
  readonly label: string | undefined
  readonly kind: 'loop' | 'switch' | 'block'
}

/** Writes the statements of a function as text. */
export class Statements {
  readonly #draws: Draws
  readonly #scope: Scope
  readonly #expressions: Expressions
  readonly #result: Kind
  readonly #targets: Target[] = []
  #depth = 0

  constructor(draws: Draws, scope: Scope, expressions: Expressions, result: Kind) {
    this.#draws = draws
    this.#scope = scope
    this.#expressions = expressions
    this.#result = result
  }

  /** The statements of a function, the last of them a `return`. */
  body(): string {
    const statements = this.#list(2 + this.#draws.below(6))
    return indented([...statements, this.#draws.below(3) === 0 ? this.#return() : this.#last()].join('\n'))
  }

  #list(most: number): string[] {
    const statements: string[] = []
    for (let count = 0; count < most && (count === 0 || this.#scope.size > 0); count++)
      statements.push(this.#statement())
    return statements
  }

  #statement(): string {
    const draws = this.#draws
    this.#scope.size--
    if (this.#depth >= 4) return this.#effect()
    switch (draws.below(14)) {
      case 0:
      case 1:
      case 2:
        return this.#declaration()
      case 3:
      case 4:
        return this.#effect()
      case 5:
      case 6:
        return this.#if()
      case 7:
      case 8:
      case 9:
        return this.#loop()
      case 10:
        return this.#switch()
      case 11:
        return this.#labelled()
      case 12:
        return draws.below(6) === 0 ? this.#jump() : `if (${this.#expressions.any(2)}) ${this.#jump()}`
      default:
        return draws.of([() => this.#body(), () => this.#late(), () => this.#late(), () => this.#swap()])()
    }
  }

  #return(): string {
    return `return ${this.#expressions.of(this.#result, 3)};`
  }

  /** Gives what shows the value of a variable, or of many. */
  #last(): string {
    const kinds = ['number', 'integer', 'boolean', 'mixed'] as const
    const names = kinds.flatMap((kind) => this.#scope.variables(kind)).map(({ name }) => name)
    if (names.length === 0 || this.#result === 'boolean') return this.#return()
    if (this.#draws.below(2) === 0) return `return Number(${this.#draws.of(names)});`
    return `return ${names.map((name) => this.#draws.of([name, `(${name} * 1024)`, `(1 / ${name} < 0)`])).join(' ^ ')} ^ 0;`
  }

  #declaration(): string {
    const draws = this.#draws
    const kind = draws.of(KINDS)
    const word = draws.of(['let', 'let', 'const', 'var'])
    const value =
      draws.below(4) === 0 && kind === 'number' ? this.#expressions.leaves.constant() : this.#expressions.of(kind, 3)
    const name = this.#scope.fresh(draws)
    this.#scope.declare(name, kind, word !== 'const')
    return `${word} ${name} = ${value};`
  }

  /** A variable that gets its value on every way behind its declaration. */
  #late(): string {
    const draws = this.#draws
    const kind = draws.of(KINDS)
    const name = this.#scope.fresh(draws)
    const give = () => `${name} = ${this.#expressions.of(kind, 2)}`
    const condition = this.#expressions.any(2)
    const forms = [
      () => `var ${name};\nif (${condition}) { ${give()}; } else { ${give()}; }`,
      () => `let ${name};\nif (${condition}) ${give()};\nelse ${give()};`,
      () => `if (${condition}) var ${name} = ${this.#expressions.of(kind, 2)};\nelse ${give()};`,
      () => `let ${name};\n${condition} ? (${give()}) : (${give()});`,
    ]
    const text = draws.of(forms)()
    this.#scope.declare(name, kind, true)
    return text
  }

  /** For what it assigns. */
  #effect(): string {
    const draws = this.#draws
    const assign = () => this.#expressions.assign(3) ?? this.#expressions.number(1)
    switch (draws.below(8)) {
      case 0:
        return `${this.#expressions.any(2)} && (${assign()});`
      case 1:
        return `${this.#expressions.any(2)} || (${assign()});`
      case 2:
        return `${this.#expressions.any(2)} ? (${assign()}) : (${assign()});`
      case 3:
        return `${assign()}, ${assign()};`
      default:
        return `${assign()};`
    }
  }

  /** Two variables change places. */
  #swap(): string {
    const draws = this.#draws
    const variables = this.#scope.assignable()
    if (variables.length < 2) return this.#effect()
    const { name, kind } = draws.of(variables)
    const others = variables.filter((each) => each.kind === kind && each.name !== name)
    if (others.length === 0) return this.#effect()
    const [other, held] = [draws.of(others).name, this.#scope.fresh(draws)]
    return `const ${held} = ${name};\n${name} = ${other};\n${other} = ${held};`
  }

  #if(): string {
    const draws = this.#draws
    const condition = this.#expressions.any(3)
    const yes = this.#body()
    switch (draws.below(4)) {
      case 0:
        return `if (${condition}) ${yes} else ${this.#body()}`
      case 1:
        return `if (${condition}) ${yes} else if (${this.#expressions.any(2)}) ${this.#body()} else ${this.#body()}`
      case 2:
        return `if (${condition}) ${this.#nested(() => (draws.below(2) ? this.#jump() : this.#effect()))}`
      default:
        return `if (${condition}) ${yes}`
    }
  }

  /** A block of statements, some of which may be behind a jump. */
  #body(): string {
    return this.#nested(() => this.#scope.block(() => this.#braced()))
  }

  /** In the scope that is open. */
  #braced(before: readonly string[] = []): string {
    const first = this.#draws.below(6) === 0 ? [this.#shadow()] : []
    return `{\n${indented([...before, ...first, ...this.#list(1 + this.#draws.below(4))].join('\n'))}\n}`
  }

  #nested<T>(write: () => T): T {
    this.#depth++
    try {
      return write()
    } finally {
      this.#depth--
    }
  }

  /** Declares a name that stands for something else outside. */
  #shadow(): string {
    const draws = this.#draws
    const names = this.#scope.assignable()
    if (names.length === 0) return ';'
    const { name } = draws.of(names)
    this.#scope.hide(name)
    const kind = draws.of(KINDS)
    const word = draws.of(['let', 'const'])
    const value = this.#expressions.of(kind, 2)
    this.#scope.declare(name, kind, word === 'let')
    return `${word} ${name} = ${value};`
  }

  #labelled(): string {
    const label = this.#scope.label()
    switch (this.#draws.below(3)) {
      case 0:
        return `${label}: ${this.#loop(label)}`
      case 1:
        return `${label}: ${this.#inside({ label, kind: 'block' }, () => this.#body())}`
      default:
        return `${label}: ${this.#inside({ label, kind: 'block' }, () => this.#if())}`
    }
  }

  #inside<T>(target: Target, write: () => T): T {
    this.#targets.push(target)
    try {
      return write()
    } finally {
      this.#targets.pop()
    }
  }

  #jump(): string {
    const draws = this.#draws
    const jumps = this.#targets.flatMap(({ label, kind }, i) => {
      const inner = this.#targets.slice(i + 1)
      const [isLoop, name] = [kind === 'loop', label === undefined ? '' : ` ${label}`]
      const canBreak = label !== undefined || (kind !== 'block' && inner.every((each) => each.kind === 'block'))
      const canContinue = isLoop && (label !== undefined || inner.every((each) => each.kind !== 'loop'))
      return [...(canBreak ? [`break${name};`] : []), ...(canContinue ? [`continue${name};`] : [])]
    })
    return jumps.length === 0 || draws.below(4) === 0 ? this.#return() : draws.of(jumps)
  }

  #loop(label?: string): string {
    const block = (before: readonly string[]) =>
      this.#nested(() => this.#inside({ label, kind: 'loop' }, () => this.#braced(before)))
    return randomLoop(this.#draws, this.#scope, this.#expressions, label !== undefined, block) ?? this.#if()
  }

  #switch(): string {
    const draws = this.#draws
    const kind = draws.of(['number', 'integer', 'integer', 'boolean'] as const)
    const discriminant = kind === 'boolean' ? 'true' : this.#expressions.of(kind, 2)
    const count = draws.of([0, 1, 2, 3, 4, 10])
    const withoutDefault = draws.below(3) === 0
    const defaultAt = withoutDefault ? -1 : draws.below(count + 1)
    const cases = this.#inside({ label: undefined, kind: 'switch' }, () =>
      Array.from({ length: count }, (_, i) => {
        const constant = kind === 'boolean' ? this.#expressions.truth(2) : String(draws.below(7) - 1)
        const test = draws.below(4) === 0 ? this.#expressions.of(kind, 2) : constant
        const body = this.#nested(() => this.#scope.block(() => this.#list(draws.below(3))))
        const end = draws.below(2) ? ['break;'] : []
        return `${i === defaultAt ? 'default' : `case ${test}`}:\n${indented([...body, ...end].join('\n'))}`
      }),
    )
    return `switch (${discriminant}) {\n${indented(cases.join('\n'))}\n}`
  }
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : `  ${line}`))
    .join('\n')
}
