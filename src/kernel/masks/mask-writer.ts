import type { Label, Statement, Type, Value, Variable } from '../ir/ir.ts'
import type { OpName } from '../ir/ops.ts'

/** All lanes, as a mask. */
export const ALL: Value = { op: 'constMask', type: 'mask', args: [], imm: 1 }

/** Writes statements for several lanes, and remembers what of it varies besides what inputs make vary: masks, and what they select. */
export class MaskWriter {
  readonly #values = new Set<Value>()
  readonly #variables = new Set<Variable>()
  #out: Statement[] = []

  varies(value: Value): boolean {
    return this.#values.has(value)
  }

  variableVaries(variable: Variable): boolean {
    return this.#variables.has(variable)
  }

  write(statement: Statement): void {
    this.#out.push(statement)
  }

  /** The statements that `write` writes. */
  body(write: () => void): Statement[] {
    const outer = this.#out
    this.#out = []
    try {
      write()
      return this.#out
    } finally {
      this.#out = outer
    }
  }

  set(variable: Variable, value: Value): void {
    this.#out.push({ kind: 'set', variable, value })
  }

  /** Sets a variable in the lanes of a mask. */
  setSome(variable: Variable, value: Value, mask: Value): void {
    const kept = this.get(variable)
    this.set(variable, this.op('select', mask, value, kept))
  }

  ifAny(mask: Value, write: () => void): void {
    this.#out.push({ kind: 'if', condition: mask, yes: this.body(write), no: [] })
  }

  leaveIfNone(mask: Value, label: Label): void {
    this.#out.push({ kind: 'if', condition: mask, yes: [], no: [{ kind: 'leave', label }] })
  }

  /** A variable of its own. */
  variable(name: string, type: Type, varies: boolean): Variable {
    const made: Variable = { name, type }
    if (varies) this.#variables.add(made)
    return made
  }

  get(variable: Variable, varies = true): Value {
    return this.#let({ op: 'get', type: variable.type, args: [], imm: 0, variable }, varies)
  }

  op(op: OpName, ...args: readonly Value[]): Value {
    return this.#let({ op, type: (args.at(-1) as Value).type, args, imm: 0 }, true)
  }

  not(mask: Value, varies = true): Value {
    if (mask.op === 'not') return mask.args[0] as Value
    if (mask.op === 'constMask') return { ...mask, imm: 1 - mask.imm }
    return this.#let({ op: 'not', type: 'mask', args: [mask], imm: 0 }, varies)
  }

  /** Lanes of both; undefined: of all. */
  and(a: Value | undefined, b: Value): Value {
    return a === undefined ? b : this.op('and', a, b)
  }

  #let(value: Value, varies: boolean): Value {
    if (varies) this.#values.add(value)
    this.#out.push({ kind: 'let', value })
    return value
  }
}
