import { invariant } from '../../invariant.ts'
import type { Label, Statement, Subroutine, Type, Value, Variable } from './ir.ts'
import { LEAVES, OPS, type OpName } from './ops.ts'

/** Writes statements of the IR, each value by a `let` where it is asked for. Types are checked here, once for all who make IR. */
export class Builder {
  /** What was written in the body that is open. */
  #statements: Statement[] = []

  const(x: number): Value {
    return leaf('const', 'f64', x)
  }

  constI32(x: number): Value {
    return leaf('constI32', 'i32', x | 0)
  }

  constMask(truth: boolean): Value {
    return leaf('constMask', 'mask', Number(truth))
  }

  /** `type`: of a subroutine's. */
  input(index: number, type: Type = 'f64'): Value {
    return leaf('input', type, index)
  }

  uniform(index: number): Value {
    return leaf('uniform', 'f64', index)
  }

  length(table: number): Value {
    return leaf('length', 'f64', table)
  }

  get(variable: Variable): Value {
    return this.#let({ op: 'get', type: variable.type, args: [], imm: 0, variable })
  }

  gather(table: number, index: Value): Value {
    return this.#let({ op: 'gather', type: 'f64', args: check('gather', [index]), imm: table })
  }

  /** `imm`: the word c of `exponent` and `mantissa`. */
  op(name: OpName, args: readonly Value[], imm = 0): Value {
    const { result } = OPS[name]
    check(name, args)
    const type = result === 'args' ? (args.at(-1) as Value).type : (result as Type)
    return this.#let({ op: name, type, args, imm })
  }

  set(variable: Variable, value: Value): void {
    invariant(variable.type === value.type, `${variable.name} is ${variable.type}, not ${value.type}`)
    this.#statements.push({ kind: 'set', variable, value })
  }

  if(condition: Value, yes: () => void, no: () => void = () => {}): void {
    invariant(condition.type === 'mask', `a condition is a mask, not ${condition.type}`)
    this.#statements.push({ kind: 'if', condition, yes: this.body(yes), no: this.body(no) })
  }

  block(name: string, write: (label: Label) => void): void {
    const label = { name }
    this.#statements.push({ kind: 'block', label, body: this.body(() => write(label)) })
  }

  loop(name: string, write: (label: Label) => void, rounds?: number): void {
    const label = { name }
    const body = this.body(() => write(label))
    this.#statements.push({ kind: 'loop', label, body, ...(rounds !== undefined && { rounds }) })
  }

  leave(label: Label): void {
    this.#statements.push({ kind: 'leave', label })
  }

  call(subroutine: Subroutine, args: readonly Value[], results: readonly Variable[]): void {
    this.#statements.push({ kind: 'call', subroutine, args, results })
  }

  /** The statements that `write` writes. */
  body(write: () => void): Statement[] {
    const outer = this.#statements
    this.#statements = []
    try {
      write()
      return this.#statements
    } finally {
      this.#statements = outer
    }
  }

  #let(value: Value): Value {
    if (!LEAVES.has(value.op)) this.#statements.push({ kind: 'let', value })
    return value
  }
}

function leaf(op: OpName, type: Type, imm: number): Value {
  return { op, type, args: [], imm }
}

function check(name: OpName, args: readonly Value[]): readonly Value[] {
  const wanted: readonly Type[] = OPS[name].args
  invariant(args.length === wanted.length, `${name} takes ${wanted.length} values, not ${args.length}`)
  for (const [i, { type }] of args.entries()) {
    // The two sides of a select are of any one type.
    const expected = name === 'select' && i > 0 ? (args[1] as Value).type : wanted[i]
    invariant(type === expected, `argument ${i} of ${name} is ${expected}, not ${type}`)
  }
  return args
}
