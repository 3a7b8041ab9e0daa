import type { Input, Label, Program, Statement, Subroutine, Type, Value, Variable } from '../ir/ir.ts'
import { LEAVES } from '../ir/ops.ts'

/**
 * A program as text to read and to compare: two programs print alike exactly if they differ in nothing but identity, and in names that stand twice.
 *
 *   kernel f(x, y = 1), uniforms [a], tables [t]
 *     %0 = mul $a, x            a value: operation, operands; numbered in order of the text
 *     %1 = mantissa[1072079006] %0
 *     %2 = gather t, %1
 *     r := %2                   a variable is set; `%3 = get r` reads it
 *     loop while, 9 rounds      a body is indented
 *   result r: f64
 *
 * Operands that are no %-number: `x` an input (of a subroutine `#0`), `$a` a uniform, `t.length`; 1.5 is an f64, 1i an i32, true a mask. Names that are
 * no words stand in quotes.
 */
export function printText(program: Program): string {
  const heads = [
    `kernel ${shown(program.name)}(${program.inputs.map(printInput).join(', ')})`,
    program.uniforms.length > 0 && `uniforms [${program.uniforms.map(shown).join(', ')}]`,
    program.tables.length > 0 && `tables [${program.tables.map(shown).join(', ')}]`,
  ]
  const subroutines = new Names<Subroutine>()
  for (const subroutine of program.subroutines) subroutines.of(subroutine)
  const kernel = new Printer(program, subroutines)
  kernel.body(program.body, 1)
  const lines = [heads.filter(Boolean).join(', '), ...kernel.lines, `result ${kernel.typed([program.result])}`]
  for (const subroutine of program.subroutines) {
    const printer = new Printer(undefined, subroutines)
    printer.body(subroutine.body, 1)
    const types: readonly Type[] = subroutine.inputs
    lines.push('', `subroutine ${subroutines.of(subroutine)}(${types.map((type, i) => `#${i}: ${type}`).join(', ')})`)
    lines.push(...printer.lines, `results ${printer.typed(subroutine.results)}`)
  }
  return `${lines.join('\n')}\n`
}

function printInput(input: Input): string {
  const name = shown(input.name)
  return input.default === undefined ? name : `${name} = ${number(input.default)}`
}

/** A name as it is, if it is of words, or in quotes: one that was read from bytes may hold anything, an end of line too. */
function shown(name: string): string {
  return /^[\p{L}$_][\p{L}\p{N}$_.]*(?: [\p{L}\p{N}$_.]+)*$/u.test(name) ? name : JSON.stringify(name)
}

function named(name: string | undefined, missing: string): string {
  return name === undefined ? missing : shown(name)
}

/** A number so that it reads back as it was. */
function number(x: number): string {
  return Object.is(x, -0) ? '-0' : String(x)
}

class Printer {
  readonly lines: string[] = []
  /** Undefined: a subroutine, whose inputs have no names. */
  readonly #program: Program | undefined
  readonly #subroutines: Names<Subroutine>
  readonly #values = new Map<Value, string>()
  readonly #variables = new Names<Variable>()
  readonly #labels = new Names<Label>()

  constructor(program: Program | undefined, subroutines: Names<Subroutine>) {
    this.#program = program
    this.#subroutines = subroutines
  }

  /** Variables with their types. */
  typed(variables: readonly Variable[]): string {
    return variables.map((variable) => `${this.#variables.of(variable)}: ${variable.type}`).join(', ')
  }

  body(statements: readonly Statement[], depth: number): void {
    for (const statement of statements) this.#statement(statement, depth)
  }

  #statement(statement: Statement, depth: number): void {
    const line = (text: string) => this.lines.push('  '.repeat(depth) + text)
    switch (statement.kind) {
      case 'let': {
        const text = this.#operation(statement.value)
        const name = `%${this.#values.size}`
        this.#values.set(statement.value, name)
        line(`${name} = ${text}`)
        break
      }
      case 'set':
        line(`${this.#variables.of(statement.variable)} := ${this.#operand(statement.value)}`)
        break
      case 'if':
        line(`if ${this.#operand(statement.condition)}`)
        this.body(statement.yes, depth + 1)
        if (statement.no.length > 0) {
          line('else')
          this.body(statement.no, depth + 1)
        }
        break
      case 'block':
        line(`block ${this.#labels.of(statement.label)}`)
        this.body(statement.body, depth + 1)
        break
      case 'loop': {
        const { label, rounds } = statement
        line(`loop ${this.#labels.of(label)}${rounds === undefined ? '' : `, ${rounds} rounds`}`)
        this.body(statement.body, depth + 1)
        break
      }
      case 'leave':
        line(`leave ${this.#labels.of(statement.label)}`)
        break
      case 'call': {
        const args = statement.args.map((arg) => this.#operand(arg)).join(', ')
        line(`${this.typed(statement.results)} := ${this.#subroutines.of(statement.subroutine)}(${args})`)
        break
      }
    }
  }

  #operation(value: Value): string {
    const operands = value.args.map((arg) => this.#operand(arg))
    if (value.variable) operands.push(`${this.#variables.of(value.variable)}: ${value.variable.type}`)
    if (value.op === 'gather') operands.unshift(this.#table(value.imm))
    const isWordNamed = value.op === 'exponent' || value.op === 'mantissa'
    return `${value.op}${isWordNamed ? `[${value.imm}]` : ''} ${operands.join(', ')}`
  }

  #table(index: number): string {
    return named(this.#program?.tables[index], `table ${index}`)
  }

  #operand(value: Value): string {
    if (!LEAVES.has(value.op)) return this.#values.get(value) ?? `(${this.#operation(value)}, not computed)`
    switch (value.op) {
      case 'constI32':
        return `${value.imm}i`
      case 'constMask':
        return String(value.imm === 1)
      case 'input':
        return named(this.#program?.inputs[value.imm]?.name, `#${value.imm}`)
      case 'uniform':
        return `$${named(this.#program?.uniforms[value.imm], `${value.imm}`)}`
      case 'length':
        return `${this.#table(value.imm)}.length`
      default:
        return number(value.imm)
    }
  }
}

/** Gives each of several things of the same name a name of its own: i, i.2, i.3. */
class Names<T extends { readonly name: string }> {
  readonly #names = new Map<T, string>()
  readonly #counts = new Map<string, number>()

  of(thing: T): string {
    const known = this.#names.get(thing)
    if (known !== undefined) return known
    const count = (this.#counts.get(thing.name) ?? 0) + 1
    this.#counts.set(thing.name, count)
    const name = count === 1 ? shown(thing.name) : `${shown(thing.name)}.${count}`
    this.#names.set(thing, name)
    return name
  }
}
