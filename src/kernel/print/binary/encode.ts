import { invariant } from '../../../invariant.ts'
import type { Label, Program, Statement, Subroutine, Value, Variable } from '../../ir/ir.ts'
import { LEAVES } from '../../ir/ops.ts'
import {
  CODES,
  FORMS,
  type Form,
  flaw,
  HEADER_BYTES,
  type LeafName,
  MAGIC,
  MOST_BYTES,
  MOST_DEPTH,
  OPERAND,
  STATEMENT,
  TYPES,
  VERSION,
} from './format.ts'

/**
 * The one binary form of a program, which is in the form that is said. Unused values, variables and captures stay in it.
 *
 * Errors: RangeError if the program is larger or deeper than a reader takes.
 */
export function encode(program: Program, form: Form = 'item'): Uint8Array {
  const pool = new Pool()
  const words: number[] = []
  const variables = new Set<Variable>()
  const names = [program.name, ...program.inputs.map(({ name }) => name), ...program.uniforms, ...program.tables]
  words.push(program.inputs.length)
  for (const input of program.inputs) words.push(input.default === undefined ? 0 : pool.index(input.default) + 1)
  words.push(program.uniforms.length, program.tables.length, program.subroutines.length)
  for (const subroutine of program.subroutines) {
    words.push(subroutine.inputs.length, ...subroutine.inputs.map((type) => TYPES.indexOf(type)))
    const code = new CodeWriter(program, form, [], pool, variables)
    code.write(subroutine.body, subroutine.results)
    words.push(subroutine.results.length)
    append(words, code.words)
    append(names, [subroutine.name, ...code.names])
  }
  const code = new CodeWriter(program, form, program.subroutines, pool, variables)
  code.write(program.body, [program.result])
  append(words, code.words)
  append(names, code.names)
  return join(program.name, form, pool.constants, words, names)
}

function join(
  name: string,
  form: Form,
  constants: readonly number[],
  words: readonly number[],
  names: readonly string[],
): Uint8Array {
  for (const each of names) invariant(each.isWellFormed() && !each.includes('\0'), `${JSON.stringify(each)} is a name`)
  const text = new TextEncoder().encode(names.join('\0'))
  const size = HEADER_BYTES + 8 * constants.length + 4 * words.length + text.length
  if (size > MOST_BYTES)
    throw new RangeError(`${name} is too large: ${size} bytes of ${MOST_BYTES}; make two kernels of it`)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  const header = [MAGIC, VERSION, FORMS[form], constants.length, words.length]
  for (const [i, word] of header.entries()) view.setUint32(4 * i, word, true)
  let at = HEADER_BYTES
  for (const x of constants) {
    // setFloat64 may keep whatever NaN it is given.
    if (Number.isNaN(x)) view.setBigUint64(at, 0x7ff8000000000000n, true)
    else view.setFloat64(at, x, true)
    at += 8
  }
  for (const word of words) {
    view.setUint32(at, word, true)
    at += 4
  }
  bytes.set(text, at)
  return bytes
}

/** Constants, each once, in the order of their first use. */
class Pool {
  readonly constants: number[] = []
  readonly #indices = new Map<number | string, number>()

  index(x: number): number {
    const key = Object.is(x, -0) ? '-0' : x
    let index = this.#indices.get(key)
    if (index === undefined) {
      index = this.constants.push(x) - 1
      this.#indices.set(key, index)
    }
    return index
  }
}

/** Writes the body of a program or of a subroutine: its variables, its statements, where its results are. */
class CodeWriter {
  words: number[] = []
  /** Of its variables, then of its labels. */
  names: string[] = []
  readonly #name: string
  readonly #form: Form
  readonly #subroutines: readonly Subroutine[]
  readonly #pool: Pool
  /** Variables of all code written so far. */
  readonly #taken: Set<Variable>
  readonly #variables = new Map<Variable, number>()
  /** Values of the bodies that are open, by their place in the stack. */
  readonly #values = new Map<Value, number>()
  readonly #labels: Label[] = []
  readonly #labelNames: string[] = []
  #depth = 0

  constructor(program: Program, form: Form, subroutines: readonly Subroutine[], pool: Pool, taken: Set<Variable>) {
    this.#name = program.name
    this.#form = form
    this.#subroutines = subroutines
    this.#pool = pool
    this.#taken = taken
  }

  write(body: readonly Statement[], results: readonly Variable[]): void {
    this.#body(body)
    for (const result of results) this.words.push(this.#variable(result))
    const variables = [...this.#variables.keys()]
    this.words = [variables.length, ...variables.map(({ type }) => TYPES.indexOf(type)), ...this.words]
    this.names = [...variables.map(({ name }) => name), ...this.#labelNames]
  }

  #body(body: readonly Statement[]): void {
    if (++this.#depth > MOST_DEPTH) {
      throw new RangeError(`${this.#name} nests deeper than ${MOST_DEPTH} bodies; move inner ones to helpers`)
    }
    const lets: Value[] = []
    for (const statement of body) {
      this.#statement(statement)
      if (statement.kind !== 'let') continue
      this.#values.set(statement.value, this.#values.size)
      lets.push(statement.value)
    }
    for (const value of lets) this.#values.delete(value)
    this.words.push(STATEMENT.end)
    this.#depth--
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'let':
        this.#let(statement.value)
        break
      case 'set':
        this.words.push(STATEMENT.set, this.#variable(statement.variable), this.#operand(statement.value))
        break
      case 'if':
        this.words.push(STATEMENT.if, this.#operand(statement.condition))
        this.#body(statement.yes)
        this.#body(statement.no)
        break
      case 'block':
        this.words.push(STATEMENT.block)
        this.#labelled(statement.label, statement.body)
        break
      case 'loop':
        this.words.push(STATEMENT.loop, this.#rounds(statement.rounds))
        this.#labelled(statement.label, statement.body)
        break
      case 'leave': {
        const at = this.#labels.indexOf(statement.label)
        invariant(at !== -1, `${statement.label.name} is around its leave`)
        this.words.push(STATEMENT.leave, at)
        break
      }
      case 'call': {
        const at = this.#subroutines.indexOf(statement.subroutine)
        invariant(at !== -1, `${statement.subroutine.name} is a subroutine of the program`)
        this.words.push(STATEMENT.call, at)
        invariant(new Set(statement.results).size === statement.results.length, 'results of a call share no variable')
        for (const arg of statement.args) this.words.push(this.#operand(arg))
        for (const result of statement.results) this.words.push(this.#variable(result))
      }
    }
  }

  #rounds(rounds: number | undefined): number {
    if (rounds === undefined) return 0
    invariant(Number.isSafeInteger(rounds) && rounds >= 0, `a loop has ${rounds} rounds at most`)
    return this.#pool.index(rounds + 0) + 1 // not -0
  }

  #labelled(label: Label, body: readonly Statement[]): void {
    invariant(!this.#labels.includes(label), `${label.name} is not inside itself`)
    this.#labels.push(label)
    this.#labelNames.push(label.name)
    this.#body(body)
    this.#labels.pop()
  }

  #let(value: Value): void {
    const { op, args, imm, variable } = value
    invariant(!isLeaf(value), `${op} has no let`)
    invariant(!this.#values.has(value), `a value has one let, this ${op} has two`)
    const wrong = flaw(value, this.#form)
    invariant(wrong === undefined, wrong as string)
    this.words.push(CODES[value.op as keyof typeof CODES])
    if (op === 'get') this.words.push(this.#variable(variable as Variable))
    if (op === 'gather' || op === 'exponent' || op === 'mantissa') this.words.push(imm)
    for (const arg of args) this.words.push(this.#operand(arg))
  }

  #operand(value: Value): number {
    if (isLeaf(value)) {
      const isConstant = value.op === 'const' || value.op === 'constI32'
      return operand(value.op, isConstant ? this.#pool.index(value.imm) : value.imm)
    }
    const at = this.#values.get(value)
    invariant(at !== undefined, `this ${value.op} has its let in scope`)
    return operand('value', at)
  }

  #variable(variable: Variable): number {
    const known = this.#variables.get(variable)
    if (known !== undefined) return known
    invariant(!this.#taken.has(variable), `${variable.name} is a variable of one subroutine`)
    this.#taken.add(variable)
    this.#variables.set(variable, this.#variables.size)
    return this.#variables.size - 1
  }
}

function isLeaf(value: Value): value is Value & { readonly op: LeafName } {
  return LEAVES.has(value.op)
}

function operand(kind: keyof typeof OPERAND, index: number): number {
  return index * 8 + OPERAND[kind]
}

/** `list.push(...more)` for lists of any length: arguments lie on the stack. */
function append<T>(list: T[], more: readonly T[]): void {
  for (const each of more) list.push(each)
}
