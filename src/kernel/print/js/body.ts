import { invariant } from '../../../invariant.ts'
import type { Call, If, Set as SetStatement, Statement, Type, Value, Variable } from '../../ir/ir.ts'
import { LEAVES } from '../../ir/ops.ts'
import type { Names } from './names.ts'
import { type Expression, JS, LEVEL, type Leaf, type Operands } from './operations.ts'
import { type Body, Uses } from './uses.ts'
import { type Declarations, declarations } from './variables.ts'

/** Names of what a body reads from outside. */
export interface Outside {
  readonly inputs: readonly string[]
  readonly uniforms: readonly string[]
  readonly tables: readonly { readonly name: string; readonly length: string }[]
}

/**
 * Prints the body of a program or subroutine as statements of JavaScript.
 *
 * A value that is used once waits, from its `let` on, to stand inside the expression that uses it; a `get` waits for all its uses. Instead it gets
 * a name where waiting would change it, ahead of a `set` of what it reads; where it would be computed again and again, by a loop; and where an
 * operation needs it twice.
 */
export class BodyPrinter {
  /** Of the body that is open. */
  lines: string[] = []
  /** Names of `Outside` that were printed. */
  readonly used: Set<string> = new Set()
  readonly #names: Names
  readonly #outside: Outside
  readonly #uses: Uses
  readonly #declarations: Declarations
  readonly #named = new Map<Value, string>()
  /** Values that wait, each behind those it is made of, and the variables that it reads. */
  #waiting = new Map<Value, ReadonlySet<Variable>>()
  /** Uses of a waiting value that are not printed yet. */
  readonly #left = new Map<Value, number>()
  /** For each body around: the exponents that were computed, by operand and word. */
  readonly #exponents: Map<Value, Map<number, string>>[] = []

  constructor(names: Names, outside: Outside, body: Body, results: readonly Variable[]) {
    this.#names = names
    this.#outside = outside
    this.#uses = new Uses(body)
    this.#declarations = declarations(body, results)
    for (const variable of this.#declarations.ahead) {
      this.lines.push(`let ${names.of(variable)} = ${variable.type === 'mask' ? 'false' : '0'}`)
    }
    this.#statements(body)
  }

  #statements(body: Body): void {
    this.#exponents.push(new Map())
    for (const statement of body) this.#statement(statement)
    this.#exponents.pop()
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'let':
        this.#let(statement.value)
        break
      case 'set':
        this.#set(statement)
        break
      case 'if':
        this.#if(statement)
        break
      case 'block':
      case 'loop': {
        const { kind, label, body } = statement
        this.#nameAheadOf([body], kind === 'loop')
        this.lines.push(`${this.#names.of(label)}: ${kind === 'loop' ? 'for (;;) ' : ''}{`, ...this.#inside(body), '}')
        break
      }
      case 'leave':
        this.lines.push(`break ${this.#names.of(statement.label)}`)
        break
      case 'call':
        this.#call(statement)
        break
    }
  }

  #let(value: Value): void {
    const count = this.#uses.count(value)
    if (count === 0) return
    if (count > 1 && value.op !== 'get') {
      this.#name(value)
      return
    }
    const reads = new Set(value.variable && [value.variable])
    for (const arg of value.args) for (const variable of this.#waiting.get(arg) ?? []) reads.add(variable)
    this.#waiting.set(value, reads)
    this.#left.set(value, count)
  }

  #set(statement: SetStatement): void {
    const text = this.#text(statement.value, LEVEL.conditional)
    this.#nameReadersOf([statement.variable])
    this.lines.push(`${this.#target(statement.variable, statement)} = ${text}`)
  }

  #if({ condition, yes, no }: If): void {
    const text = this.#text(condition, LEVEL.conditional)
    this.#nameAheadOf([yes, no], false)
    const only = yes.length === 1 && no.length === 0 && yes[0]
    if (only && only.kind === 'leave') {
      this.lines.push(`if (${text}) break ${this.#names.of(only.label)}`)
      return
    }
    this.lines.push(`if (${text}) {`, ...this.#inside(yes))
    const otherwise = this.#inside(no)
    if (otherwise.length > 0) this.lines.push('} else {', ...otherwise)
    this.lines.push('}')
  }

  /** The first result is what the function returns, the others are in `results`. */
  #call(statement: Call): void {
    const { subroutine, args, results } = statement
    const texts = args.map((arg) => this.#text(arg, LEVEL.conditional))
    this.#nameReadersOf(results)
    const called = `${this.#names.of(subroutine)}(${texts.join(', ')})`
    for (const [i, variable] of results.entries()) {
      const result = i === 0 ? called : fromNumber(`results[${i}]`, variable.type)
      const isAgain = results.indexOf(variable) < i
      this.lines.push(`${isAgain ? this.#names.of(variable) : this.#target(variable, statement)} = ${result}`)
    }
    if (results.length === 0) this.lines.push(called)
  }

  /** A variable that is set. */
  #target(variable: Variable, statement: Statement): string {
    const name = this.#names.of(variable)
    if (this.#declarations.by.get(variable) !== statement) return name
    return `${this.#declarations.setOnce.has(variable) ? 'const' : 'let'} ${name}`
  }

  /** The lines of a body inside the open one. */
  #inside(body: Body): string[] {
    const { lines } = this
    // What is used on the other side alone must not get a name on this one, though this one changes it.
    const sets = this.#uses.sets(body)
    const hidden = [...this.#waiting].filter(
      ([value, reads]) => intersect(reads, sets) && !this.#uses.isUsedOnlyIn(value, body),
    )
    for (const [value] of hidden) this.#waiting.delete(value)
    this.lines = []
    this.#statements(body)
    const inside = indent(this.lines)
    this.lines = lines
    for (const [value, reads] of hidden) this.#waiting.set(value, reads)
    return inside
  }

  /** Names, ahead of inner bodies, the waiting values that cannot wait until they are used in them or behind them. */
  #nameAheadOf(bodies: readonly Body[], isLoop: boolean): void {
    for (const [value, reads] of this.#waitingLastFirst()) {
      const changes = bodies.some((body) => intersect(reads, this.#uses.sets(body)))
      const repeats = isLoop && value.op !== 'get' && bodies.some((body) => this.#uses.isUsedIn(value, body))
      const isInOne = !isLoop && bodies.some((body) => this.#uses.isUsedOnlyIn(value, body))
      if (repeats || (changes && !isInOne)) this.#name(value)
    }
  }

  #nameReadersOf(variables: readonly Variable[]): void {
    for (const [value, reads] of this.#waitingLastFirst()) {
      if (variables.some((variable) => reads.has(variable))) this.#name(value)
    }
  }

  /** In this order those that a value is made of can stand inside it, and then wait no more. */
  *#waitingLastFirst(): Generator<[Value, ReadonlySet<Variable>]> {
    for (const entry of [...this.#waiting].reverse()) if (this.#waiting.has(entry[0])) yield entry
  }

  /** Computes a value here, under a name. */
  #name(value: Value): string {
    const text = this.#expression(value).text
    this.#waiting.delete(value)
    const name = this.#temporary(text)
    this.#named.set(value, name)
    return name
  }

  #temporary(text: string): string {
    const name = this.#names.fresh('t')
    this.lines.push(`const ${name} = ${text}`)
    return name
  }

  /** A value where it is used, in parentheses if it is looser than `level`. */
  #text(value: Value, level: number): string {
    const expression = this.#use(value)
    return expression.level < level ? `(${expression.text})` : expression.text
  }

  #use(value: Value): Expression {
    const name = this.#named.get(value)
    if (name !== undefined) return { text: name, level: LEVEL.atom }
    if (LEAVES.has(value.op)) return this.#leaf(value)
    invariant(this.#waiting.has(value), `${value.op} is used before it is computed`)
    const left = (this.#left.get(value) as number) - 1
    this.#left.set(value, left)
    const expression = this.#expression(value)
    if (left === 0) this.#waiting.delete(value)
    return expression
  }

  #expression(value: Value): Expression {
    if (value.variable) return { text: this.#names.of(value.variable), level: LEVEL.atom }
    return JS[value.op as Exclude<Value['op'], Leaf>](this.#operands(value))
  }

  #operands(value: Value): Operands {
    const operand = (i: number) => value.args[i] as Value
    const atoms: string[] = []
    const atom = (i: number) => {
      atoms[i] ??= this.#atom(operand(i))
      return atoms[i]
    }
    return {
      expression: (i) => this.#use(operand(i)),
      text: (i, level) => this.#text(operand(i), level),
      atom,
      number: (i) => operand(i).imm,
      op: (i) => operand(i).op,
      temporary: (text) => this.#temporary(text),
      exponent: () => this.#exponent(operand(0), atom(0), value.imm),
      table: () => this.#table(value.imm),
    }
  }

  /** A name or a number. */
  #atom(value: Value): string {
    if (this.#waiting.has(value) && value.op !== 'get') return this.#name(value)
    return this.#text(value, LEVEL.unary)
  }

  /** Computed once for `exponent` and `mantissa` of the same number. */
  #exponent(value: Value, atom: string, word: number): string {
    for (const known of this.#exponents) {
      const name = known.get(value)?.get(word)
      if (name !== undefined) return name
    }
    const difference = 0x3ff00000 - word
    const bits = difference === 0 ? 'words[high]' : `words[high] + ${difference}`
    const name = this.#temporary(`(double[0] = ${atom}, (${bits} >>> 20 & 2047) - 1023)`)
    const here = this.#exponents[this.#exponents.length - 1] as Map<Value, Map<number, string>>
    here.set(value, (here.get(value) ?? new Map()).set(word, name))
    return name
  }

  #leaf({ op, imm }: Value): Expression {
    switch (op) {
      case 'constMask':
        return { text: String(imm === 1), level: LEVEL.atom }
      case 'input':
        return this.#captured(this.#outside.inputs[imm] as string)
      case 'uniform':
        return this.#captured(this.#outside.uniforms[imm] as string)
      case 'length':
        return this.#captured(this.#table(imm).length)
      default:
        return printNumber(imm)
    }
  }

  #table(index: number): Outside['tables'][number] {
    const table = this.#outside.tables[index] as Outside['tables'][number]
    this.used.add(table.name)
    return table
  }

  #captured(name: string): Expression {
    this.used.add(name)
    return { text: name, level: LEVEL.atom }
  }
}

/** A number of `results` as a value of its type. */
function fromNumber(text: string, type: Type): string {
  return { f64: text, i32: `${text} | 0`, mask: `${text} === 1` }[type]
}

function printNumber(x: number): Expression {
  const isSigned = x < 0 || Object.is(x, -0)
  return { text: Object.is(x, -0) ? '-0' : String(x), level: isSigned ? LEVEL.unary : LEVEL.atom }
}

export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`)
}

function intersect(some: ReadonlySet<Variable>, others: ReadonlySet<Variable>): boolean {
  for (const variable of some) if (others.has(variable)) return true
  return false
}
