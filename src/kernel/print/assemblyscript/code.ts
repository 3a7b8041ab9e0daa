import type { Block, Call, If, Label, Loop, Statement, Subroutine, Type, Value, Variable } from '../../ir/ir.ts'
import { Exits } from './exits.ts'
import { Names } from './names.ts'
import { printOp } from './ops.ts'

/** What the code of a function may name that stands outside its body, as it is printed. */
export interface Surroundings {
  readonly inputs: readonly string[]
  readonly uniforms: readonly string[]
  /** Its address; `_length` behind it makes the other. */
  readonly tables: readonly string[]
  readonly subroutines: ReadonlyMap<Subroutine, PrintedSubroutine>
}

export interface PrintedSubroutine {
  readonly name: string
  readonly text: string
  /** Globals that it leaves its results in; none: it returns the only one. */
  readonly globals: readonly string[]
}

export const TYPES: Readonly<Record<Type, string>> = { f64: 'f64', i32: 'i32', mask: 'bool' }

/** What a variable is before it is set. */
export const ZEROS: Readonly<Record<Type, string>> = { f64: '0.0', i32: '0', mask: 'false' }

/** Prints the statements of one function. */
export class CodePrinter {
  readonly #names: Names
  readonly #around: Surroundings
  readonly #exits: Exits
  readonly #declarations: string[] = []
  readonly #lines: string[] = []
  readonly #variables = new Map<Variable, string>()
  readonly #values = new Map<Value, string>()
  /** What `break` can end here, from the outside. */
  readonly #breakable: Label[] = []
  #indent = 1

  /** `names`: those of its parameters. */
  constructor(body: readonly Statement[], names: Names, around: Surroundings) {
    this.#names = names
    this.#around = around
    this.#exits = new Exits(body)
    this.#body(body)
  }

  /** The function's lines, with declarations in front and `last` behind. */
  lines(last: readonly string[]): string[] {
    return [...this.#declarations, ...this.#lines, ...last.map((line) => `  ${line}`)]
  }

  variable(variable: Variable): string {
    let name = this.#variables.get(variable)
    if (name === undefined) {
      name = this.#names.of(variable, variable.name)
      this.#variables.set(variable, name)
      this.#declare(name, variable.type)
    }
    return name
  }

  #declare(name: string, type: Type): void {
    this.#declarations.push(`  let ${name}: ${TYPES[type]} = ${ZEROS[type]}`)
  }

  #line(text: string): void {
    this.#lines.push(`${'  '.repeat(this.#indent)}${text}`)
  }

  #body(body: readonly Statement[]): void {
    for (const statement of body) this.#statement(statement)
  }

  #indented(body: readonly Statement[]): void {
    this.#indent++
    this.#body(body)
    this.#indent--
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'let':
        this.#let(statement.value)
        break
      case 'set':
        this.#line(`${this.variable(statement.variable)} = ${this.#operand(statement.value)}`)
        break
      case 'if':
        this.#if(statement)
        break
      case 'block':
      case 'loop':
        this.#labelled(statement)
        break
      case 'leave':
        if (this.#breakable.at(-1) !== statement.label) this.#line(`${this.#flag(statement.label)} = true`)
        this.#line('break')
        break
      case 'call':
        this.#call(statement)
        break
    }
  }

  #let(value: Value): void {
    const name = `t${this.#values.size}`
    this.#line(`const ${name}: ${TYPES[value.type]} = ${this.#expression(value)}`)
    this.#values.set(value, name)
  }

  #if({ condition, yes, no }: If): void {
    this.#line(`if (${this.#operand(condition)}) {`)
    this.#indented(yes)
    if (no.length > 0) {
      this.#line('} else {')
      this.#indented(no)
    }
    this.#line('}')
  }

  #labelled(statement: Block | Loop): void {
    const { kind, label, body } = statement
    const comment = `// ${Names.stem(label.name)}`
    if (!this.#exits.isBreakable(statement)) {
      this.#line(`{ ${comment}`)
      this.#indented(body)
      this.#line('}')
      return
    }
    if (this.#exits.isFlagged(label)) this.#line(`${this.#flag(label)} = false`)
    this.#breakable.push(label)
    this.#line(kind === 'loop' ? `while (true) { ${comment}` : `do { ${comment}`)
    this.#indented(body)
    this.#line(kind === 'loop' ? '}' : '} while (false)')
    this.#breakable.pop()
    const flags = this.#exits.through(label).map((outer) => this.#flag(outer))
    if (flags.length > 0) this.#line(`if (${flags.join(' || ')}) break`)
  }

  /** Says that a label further out is being left. */
  #flag(label: Label): string {
    const isNew = !this.#names.has(label)
    const name = this.#names.of(label, `left_${label.name}`)
    if (isNew) this.#declare(name, 'mask')
    return name
  }

  #call({ subroutine, args, results }: Call): void {
    const { name, globals } = this.#around.subroutines.get(subroutine) as PrintedSubroutine
    const call = `${name}(${args.map((arg) => this.#operand(arg)).join(', ')})`
    const variables = results.map((result) => this.variable(result))
    if (globals.length === 0 && variables.length > 0) this.#line(`${variables[0]} = ${call}`)
    else this.#line(call)
    for (const [i, global] of globals.entries()) this.#line(`${variables[i]} = ${global}`)
  }

  #expression(value: Value): string {
    const { op, args, imm } = value
    const operands = args.map((arg) => this.#operand(arg))
    switch (op) {
      case 'get':
        return this.variable(value.variable as Variable)
      case 'gather': {
        const table = this.#around.tables[imm] as string
        return `gather(${table}, ${table}_length, ${operands[0]})`
      }
      case 'const':
      case 'constI32':
      case 'constMask':
      case 'input':
      case 'uniform':
      case 'length':
        return this.#operand(value)
      default:
        return printOp(op, operands, imm)
    }
  }

  #operand(value: Value): string {
    const { op, imm } = value
    const { inputs, uniforms, tables } = this.#around
    switch (op) {
      case 'const':
        return printF64(imm)
      case 'constI32':
        return imm < 0 ? `(${imm})` : `${imm}`
      case 'constMask':
        return imm === 1 ? 'true' : 'false'
      case 'input':
        return inputs[imm] as string
      case 'uniform':
        return uniforms[imm] as string
      case 'length':
        return `(<f64>${tables[imm]}_length)`
      default:
        return this.#values.get(value) as string
    }
  }
}

/** A literal of type f64, in brackets where it has a sign: two signs beside one another would be `--`. */
function printF64(x: number): string {
  if (Number.isNaN(x)) return 'f64.NaN'
  if (x === Number.POSITIVE_INFINITY) return 'f64.POSITIVE_INFINITY'
  if (x === Number.NEGATIVE_INFINITY) return 'f64.NEGATIVE_INFINITY'
  const digits = String(Math.abs(x))
  const literal = /^\d+$/.test(digits) ? `${digits}.0` : digits
  return x < 0 || Object.is(x, -0) ? `(-${literal})` : literal
}
