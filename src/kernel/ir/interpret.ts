import { invariant } from '../../invariant.ts'
import type { Label, Program, Statement, Value, Variable } from './ir.ts'
import { OPS } from './ops.ts'

/** What a program reads besides its own values. */
interface Surroundings {
  readonly inputs: ArrayLike<number>
  readonly uniforms: ArrayLike<number>
  readonly tables: readonly ArrayLike<number>[]
  /** Rounds that are left to all loops together. */
  rounds: number
}

/**
 * What `program` computes for one item: the meaning of the IR, which every printer is held to. Inputs that are not given are their defaults; a
 * variable that was never set is 0, or false.
 * Errors: RangeError when its loops take more than `rounds` rounds together.
 */
export function interpret(
  program: Program,
  inputs: ArrayLike<number>,
  uniforms: ArrayLike<number> = [],
  tables: readonly ArrayLike<number>[] = [],
  rounds: number = Number.POSITIVE_INFINITY,
): number {
  const given = program.inputs.map((input, i) => inputs[i] ?? input.default ?? Number.NaN)
  const run = new Run({ inputs: given, uniforms, tables, rounds })
  const left = run.body(program.body)
  invariant(left === undefined, `${program.name} leaves ${left?.name}, which is not around it`)
  return run.variable(program.result)
}

/** One item, or one call of a subroutine. */
class Run {
  readonly #around: Surroundings
  readonly #values = new Map<Value, number>()
  readonly #variables = new Map<Variable, number>()

  constructor(around: Surroundings) {
    this.#around = around
  }

  variable(variable: Variable): number {
    return this.#variables.get(variable) ?? 0
  }

  /** Runs the statements; answers the label that was left, if one around them was. */
  body(statements: readonly Statement[]): Label | undefined {
    for (const statement of statements) {
      const left = this.#statement(statement)
      if (left) return left
    }
    return undefined
  }

  #statement(statement: Statement): Label | undefined {
    switch (statement.kind) {
      case 'let':
        this.#values.set(statement.value, this.#compute(statement.value))
        return undefined
      case 'set':
        this.#variables.set(statement.variable, this.#value(statement.value))
        return undefined
      case 'if':
        return this.body(this.#value(statement.condition) === 1 ? statement.yes : statement.no)
      case 'block': {
        const left = this.body(statement.body)
        return left === statement.label ? undefined : left
      }
      case 'loop':
        for (;;) {
          if (this.#around.rounds-- <= 0) throw new RangeError(`the loop ${statement.label.name} takes too many rounds`)
          const left = this.body(statement.body)
          if (left) return left === statement.label ? undefined : left
        }
      case 'leave':
        return statement.label
      case 'call': {
        const { body, results } = statement.subroutine
        const inputs = statement.args.map((arg) => this.#value(arg))
        const around = { inputs, uniforms: [], tables: [], rounds: this.#around.rounds }
        const run = new Run(around)
        run.body(body)
        this.#around.rounds = around.rounds
        for (const [i, variable] of statement.results.entries()) {
          this.#variables.set(variable, run.variable(results[i] as Variable))
        }
        return undefined
      }
    }
  }

  /** A value where it is used: a leaf, or what its `let` computed last. */
  #value(value: Value): number {
    const computed = this.#values.get(value)
    if (computed !== undefined) return computed
    invariant(value.args.length === 0 && value.op !== 'get', `${value.op} is used before it is computed`)
    return this.#compute(value)
  }

  #compute({ op, args, imm, variable }: Value): number {
    const { inputs, uniforms, tables } = this.#around
    switch (op) {
      case 'const':
      case 'constI32':
      case 'constMask':
        return imm
      case 'input':
        return inputs[imm] as number
      case 'uniform':
        return uniforms[imm] as number
      case 'length':
        return (tables[imm] as ArrayLike<number>).length
      case 'get':
        return this.variable(variable as Variable)
      case 'gather':
        return lookUp(tables[imm] as ArrayLike<number>, this.#value(args[0] as Value))
      default: {
        const [a, b, c] = args.map((arg) => this.#value(arg))
        return evaluate(op, a as number, op === 'exponent' || op === 'mantissa' ? imm : (b as number), c as number)
      }
    }
  }
}

/** Entry `index` of a table; NaN where there is none. */
function lookUp(table: ArrayLike<number>, index: number): number {
  return Number.isInteger(index) && index >= 0 && index < table.length ? (table[index] as number) : Number.NaN
}

function evaluate(op: Value['op'], a: number, b: number, c: number): number {
  const compute = OPS[op].evaluate
  invariant(compute !== undefined, `${op} has no meaning by itself`)
  return compute(a, b, c)
}
