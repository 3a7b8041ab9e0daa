import type { Input, Label, Loop, Program, Statement, Subroutine, Type, Value, Variable } from '../../ir/ir.ts'
import { OPS, type OpName } from '../../ir/ops.ts'
import { CODES, type Form, flaw, MOST_DEPTH, OPERAND, STATEMENT, TYPES } from './format.ts'
import { Reader } from './reader.ts'

/**
 * The program of its binary form, which is in the form that is said, checked: every value is used where its `let` has been, by operations that take its type; every index is of something that
 * is there; and `encode` would give these very bytes.
 *
 * Errors: LanewiseError (`ERR_LANEWISE_IR`) for any other bytes, with what is wrong and where.
 * Cost:   O(bytes) time and space, whatever they hold.
 */
export function decode(bytes: Uint8Array, form: Form = 'item'): Program {
  const reader = new Reader(bytes, form)
  const name = reader.name()
  const defaults = reader.list('defaults', () => reader.word())
  const inputs = defaults.map((word): Input => {
    const input = { name: reader.name() }
    return word === 0 ? input : { ...input, default: reader.constant(word - 1) }
  })
  const uniforms = reader.names(reader.word())
  const tables = reader.names(reader.word())
  const count = reader.word()
  const subroutines: Subroutine[] = []
  const outside = { uniforms: uniforms.length, tables: tables.length, subroutines }
  while (subroutines.length < count) subroutines.push(readSubroutine(reader, form))
  const types = inputs.map((): Type => 'f64')
  const { body, results } = new CodeReader(reader, form, types, outside).read(1)
  const result = results[0] as Variable
  if (result.type !== 'f64') reader.fail(`the result is f64, not ${result.type}`)
  reader.end()
  return { name, inputs, uniforms, tables, body, result, subroutines }
}

function readSubroutine(reader: Reader, form: Form): Subroutine {
  const name = reader.name()
  const inputs = reader.list('inputs', () => readType(reader))
  const last = inputs.at(-1)
  if (form === 'lanes' && last !== 'mask') reader.fail(`the last input of ${name} is mask, not ${last ?? 'missing'}`)
  const results = reader.word()
  const nothing = { uniforms: 0, tables: 0, subroutines: [] }
  return { name, inputs, ...new CodeReader(reader, form, inputs, nothing).read(results) }
}

function readType(reader: Reader): Type {
  const word = reader.word()
  return TYPES[word] ?? reader.fail(`${word} is no type`)
}

/** What code may name that stands outside it. */
interface Outside {
  readonly uniforms: number
  readonly tables: number
  readonly subroutines: readonly Subroutine[]
}

/** Reads and checks what `CodeWriter` writes. */
class CodeReader {
  readonly #reader: Reader
  readonly #form: Form
  readonly #inputs: readonly Type[]
  readonly #outside: Outside
  #variables: Variable[] = []
  /** Variables used so far: the next new one must be this. */
  #used = 0
  /** In the form for lanes, variables whose first `set` stands in a body that is open. */
  readonly #begun: number[] = []
  /** And those that stood in one that has ended. */
  readonly #over = new Set<number>()
  /** Values of the bodies that are open. What is not in here is not in scope. */
  readonly #values: Value[] = []
  readonly #labels: Label[] = []
  #depth = 0

  constructor(reader: Reader, form: Form, inputs: readonly Type[], outside: Outside) {
    this.#reader = reader
    this.#form = form
    this.#inputs = inputs
    this.#outside = outside
  }

  read(resultCount: number): { body: Statement[]; results: Variable[] } {
    const reader = this.#reader
    const types = reader.list('variables', () => readType(reader))
    this.#variables = types.map((type) => ({ name: reader.name(), type }))
    const body = this.#body()
    const results = reader.times(resultCount, 'results', () => this.#variable('get'))
    if (this.#used < types.length) reader.fail(`variable ${this.#used} of ${types.length} is not used`)
    return { body, results }
  }

  #body(): Statement[] {
    if (++this.#depth > MOST_DEPTH) this.#reader.fail(`bodies nest deeper than ${MOST_DEPTH}`)
    const [outer, begun] = [this.#values.length, this.#begun.length]
    const body: Statement[] = []
    for (;;) {
      const code = this.#reader.word()
      if (code === STATEMENT.end) break
      body.push(this.#statement(code))
    }
    this.#values.length = outer
    // Results are read behind the outermost.
    if (--this.#depth > 0) for (const variable of this.#begun.splice(begun)) this.#over.add(variable)
    return body
  }

  #statement(code: number): Statement {
    switch (code) {
      case STATEMENT.set: {
        const variable = this.#variable('set')
        return { kind: 'set', variable, value: this.#operand(variable.type, `variable ${variable.name}`) }
      }
      case STATEMENT.if: {
        const condition = this.#operand('mask', 'a condition')
        const yes = this.#body()
        return { kind: 'if', condition, yes, no: this.#body() }
      }
      case STATEMENT.block:
        return { kind: 'block', ...this.#labelled() }
      case STATEMENT.loop:
        return this.#loop()
      case STATEMENT.leave: {
        const at = this.#reader.word()
        const label = this.#labels[at] ?? this.#reader.fail(`leave ${at} is inside ${this.#labels.length} labels`)
        return { kind: 'leave', label }
      }
      case STATEMENT.call:
        return this.#call()
      default: {
        const value = this.#value(OPS_BY_CODE.get(code) ?? this.#reader.fail(`${code} begins no statement`))
        this.#values.push(value)
        return { kind: 'let', value }
      }
    }
  }

  #loop(): Loop {
    const reader = this.#reader
    const word = reader.word()
    if (word === 0) return { kind: 'loop', ...this.#labelled() }
    const rounds = reader.constant(word - 1)
    if (!Number.isSafeInteger(rounds) || rounds < 0 || Object.is(rounds, -0))
      reader.fail(`${rounds} is no number of rounds`)
    return { kind: 'loop', ...this.#labelled(), rounds }
  }

  #labelled(): { label: Label; body: Statement[] } {
    const label = { name: this.#reader.name() }
    this.#labels.push(label)
    const body = this.#body()
    this.#labels.pop()
    return { label, body }
  }

  #call(): Statement {
    const { subroutines } = this.#outside
    const at = this.#reader.word()
    const subroutine = subroutines[at] ?? this.#reader.fail(`call ${at} is of ${subroutines.length} subroutines`)
    const args = subroutine.inputs.map((type, i) => this.#operand(type, `argument ${i} of ${subroutine.name}`))
    const results = subroutine.results.map(({ type }, i) => {
      const variable = this.#variable('set')
      if (variable.type === type) return variable
      return this.#reader.fail(`result ${i} of ${subroutine.name} is ${type}, not ${variable.type}`)
    })
    if (new Set(results).size < results.length) this.#reader.fail(`results of ${subroutine.name} share a variable`)
    return { kind: 'call', subroutine, args, results }
  }

  #value(op: OpName): Value {
    if (op === 'get') {
      const variable = this.#variable('get')
      return { op, type: variable.type, args: [], imm: 0, variable }
    }
    const imm = this.#imm(op)
    if (op === 'select') return this.#select()
    const { args: types, result } = OPS[op]
    const args = types.map((type, i) => this.#operand(type, `argument ${i} of ${op}`))
    const value: Value = { op, type: result as Type, args, imm }
    const wrong = flaw(value, this.#form)
    return wrong === undefined ? value : this.#reader.fail(wrong)
  }

  #imm(op: OpName): number {
    if (op === 'exponent' || op === 'mantissa') return this.#reader.word()
    return op === 'gather' ? this.#index('table', this.#reader.word(), this.#outside.tables) : 0
  }

  /** Its two sides are of any one type. */
  #select(): Value {
    const condition = this.#operand('mask', 'argument 0 of select')
    const yes = this.#operand(undefined, 'argument 1 of select')
    const no = this.#operand(yes.type, 'argument 2 of select')
    return { op: 'select', type: yes.type, args: [condition, yes, no], imm: 0 }
  }

  #operand(type: Type | undefined, what: string): Value {
    const value = this.#anyOperand()
    if (type === undefined || value.type === type) return value
    return this.#reader.fail(`${what} is ${type}, not ${value.type}`)
  }

  #anyOperand(): Value {
    const reader = this.#reader
    const word = reader.word()
    const index = word >>> 3
    switch (word & 7) {
      case OPERAND.value:
        return this.#values[index] ?? reader.fail(`value ${index} is not one of the ${this.#values.length} in scope`)
      case OPERAND.const:
        return leaf('const', 'f64', reader.constant(index))
      case OPERAND.constI32: {
        const imm = reader.constant(index)
        return Object.is(imm | 0, imm) ? leaf('constI32', 'i32', imm) : reader.fail(`${imm} is no i32`)
      }
      case OPERAND.constMask:
        return leaf('constMask', 'mask', this.#index('truth value', index, 2))
      case OPERAND.input:
        return leaf('input', this.#inputs[index] ?? reader.fail(`input ${index} is of ${this.#inputs.length}`), index)
      case OPERAND.uniform:
        return leaf('uniform', 'f64', this.#index('uniform', index, this.#outside.uniforms))
      case OPERAND.length:
        return leaf('length', 'f64', this.#index('table', index, this.#outside.tables))
      default:
        return reader.fail(`${word} is no operand`)
    }
  }

  #index(what: string, index: number, count: number): number {
    return index < count ? index : this.#reader.fail(`${what} ${index} is of ${count}`)
  }

  #variable(use: 'set' | 'get'): Variable {
    const at = this.#reader.word()
    if (at > this.#used) this.#reader.fail(`variable ${at} is used before variable ${this.#used}`)
    const variable = this.#variables[at] ?? this.#reader.fail(`variable ${at} is of ${this.#variables.length}`)
    const isNew = at === this.#used
    if (isNew) this.#used++
    if (this.#form === 'lanes') {
      if (isNew && use === 'get') this.#reader.fail(`variable ${at} is read before it is set`)
      if (this.#over.has(at)) this.#reader.fail(`variable ${at} began in a body that has ended`)
      if (isNew) this.#begun.push(at)
    }
    return variable
  }
}

const OPS_BY_CODE: ReadonlyMap<number, OpName> = new Map(
  Object.entries(CODES).map(([name, code]) => [code, name as OpName]),
)

function leaf(op: OpName, type: Type, imm: number): Value {
  return { op, type, args: [], imm }
}
