import { invariant } from '../../../invariant.ts'
import type { Call, If, Label, Loop, Statement, Value, Variable } from '../../ir/ir.ts'
import { setIn } from '../../ir/places.ts'
import type { MaskedBody } from '../../masks/masked.ts'
import type { FunctionWriter } from './function-writer.ts'
import { OP, SIMD, TYPE } from './opcodes.ts'
import { type Surroundings, Values } from './values.ts'

/** Prints a body as code: what varies as f64x2, in `copies` copies, which are so many vectors in flight; all else as scalars. */
export class BodyPrinter {
  readonly #w: FunctionWriter
  readonly #body: MaskedBody
  readonly #around: Surroundings
  readonly #copies: number
  readonly #values: Values
  /** Labels around, from the outside; undefined: of an `if`, or of a loop's begin. */
  readonly #labels: (Label | undefined)[] = []

  constructor(w: FunctionWriter, body: MaskedBody, around: Surroundings, copies: number) {
    this.#w = w
    this.#body = body
    this.#around = around
    this.#copies = copies
    this.#values = new Values(w, body, around, copies)
  }

  statements(statements: readonly Statement[] = this.#body.body): void {
    for (const statement of statements) this.#statement(statement)
  }

  /** Takes values of another body from variables, which setVariable() sets. */
  adopt(held: ReadonlyMap<Value, Variable>): void {
    for (const [value, variable] of held) this.#values.adopt(value, variable)
  }

  varies(variable: Variable): boolean {
    return this.#body.variableVaries(variable)
  }

  /** Sets a variable to what is on the stack. */
  setVariable(variable: Variable, copy: number): void {
    this.#w.set(this.#values.localOf(variable, copy))
  }

  /** Pushes a variable as it is now. */
  pushVariable(variable: Variable, copy: number): void {
    this.#w.get(this.#values.localOf(variable, copy))
  }

  pushVector(variable: Variable, copy: number): void {
    this.pushVariable(variable, copy)
    if (!this.#body.variableVaries(variable)) this.#values.splat(variable.type)
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'let':
        this.#values.let(statement.value)
        break
      case 'set':
        this.#set(statement.variable, statement.value)
        break
      case 'if':
        this.#if(statement)
        break
      case 'block':
        this.#values.settle(statement)
        this.#w.op(OP.block, TYPE.none)
        this.#inside(statement.label, statement.body)
        this.#w.op(OP.end)
        break
      case 'loop':
        this.#loop(statement)
        break
      case 'leave':
        this.#w.branch(OP.br, this.#depthOf(statement.label))
        break
      case 'call':
        this.#call(statement)
        break
    }
  }

  #set(variable: Variable, value: Value): void {
    const varies = this.#body.variableVaries(variable)
    const copies = varies ? this.#copies : 1
    for (let copy = 0; copy < copies; copy++) this.#values.push(value, copy, varies)
    this.#values.releaseAliases(variable)
    for (let copy = copies - 1; copy >= 0; copy--) this.#w.set(this.#values.localOf(variable, copy))
  }

  #if(statement: If): void {
    const w = this.#w
    const { condition, yes, no } = statement
    this.#condition(condition)
    this.#values.settle(statement)
    const [only] = yes.length > 0 ? yes : no
    if (yes.length + no.length === 1 && only?.kind === 'leave') {
      if (no.length > 0) w.op(OP.i32Eqz)
      w.branch(OP.brIf, this.#depthOf(only.label))
      return
    }
    if (yes.length === 0) w.op(OP.i32Eqz)
    w.op(OP.if, TYPE.none)
    this.#inside(undefined, yes.length > 0 ? yes : no)
    if (yes.length > 0 && no.length > 0) {
      w.op(OP.else)
      this.#inside(undefined, no)
    }
    w.op(OP.end)
  }

  /** Pushes whether a mask holds: in any lane, if it varies. */
  #condition(condition: Value): void {
    if (!this.#body.varies(condition)) {
      this.#values.push(condition, 0, false)
      return
    }
    for (let copy = 0; copy < this.#copies; copy++) {
      this.#values.push(condition, copy, true)
      if (copy > 0) this.#w.simd(SIMD.or)
    }
    this.#w.simd(SIMD.anyTrue)
  }

  #loop(statement: Loop): void {
    const w = this.#w
    this.#values.settle(statement)
    // A local that is free inside the loop may be in use at its begin: there lanes that are off keep what they had.
    for (const variable of setIn(statement)) this.#values.localOf(variable, 0)
    w.op(OP.block, TYPE.none, OP.loop, TYPE.none)
    this.#labels.push(statement.label, undefined)
    this.#values.beginLoop()
    this.statements(statement.body)
    this.#values.endLoop()
    w.branch(OP.br, 0)
    w.op(OP.end, OP.end)
    this.#labels.length -= 2
  }

  #inside(label: Label | undefined, body: readonly Statement[]): void {
    this.#labels.push(label)
    this.statements(body)
    this.#labels.pop()
  }

  #call({ subroutine, args, results }: Call): void {
    const w = this.#w
    const isVector = args.some(this.#body.varies)
    const index = this.#around.subroutine(subroutine, isVector)
    if (!isVector) {
      for (const arg of args) this.#values.push(arg, 0, false)
      w.call(index)
      this.#storeScalars(results)
      return
    }
    // One call after the other: results of all copies on the stack would be in the order of calls, not of variables.
    const copies = Array.from({ length: this.#copies }, (_, copy) => {
      for (const arg of args) this.#values.push(arg, copy, true)
      const locals = results.map(() => w.take('v128'))
      this.#callIfAsked(index, args.length, locals)
      return locals
    })
    for (const variable of results) this.#values.releaseAliases(variable)
    for (const [copy, locals] of copies.entries()) {
      for (const [i, local] of locals.entries()) {
        w.get(local)
        w.set(this.#values.localOf(results[i] as Variable, copy))
        w.giveBack(local, 'v128')
      }
    }
  }

  /** Calls a subroutine, whose arguments are on the stack, the mask on top; with several copies it may be that none of this one's lanes asks. */
  #callIfAsked(index: number, count: number, results: readonly number[]): void {
    const w = this.#w
    const call = () => {
      w.call(index)
      for (const local of results.toReversed()) w.set(local)
    }
    if (this.#copies === 1) {
      call()
      return
    }
    const asked = w.take('v128') // the last of the arguments
    const args = [...Array.from({ length: count - 1 }, () => w.take('v128')), asked]
    for (const local of args.toReversed()) w.set(local)
    w.get(asked)
    w.simd(SIMD.anyTrue)
    w.op(OP.if, TYPE.none)
    for (const local of args) w.get(local)
    call()
    w.op(OP.end)
    for (const local of args) w.giveBack(local, 'v128')
  }

  /** Stores results of a scalar call, the last on top of the stack. */
  #storeScalars(results: readonly Variable[]): void {
    for (const variable of results) this.#values.releaseAliases(variable)
    for (const variable of results.toReversed()) {
      const copies = this.#body.variableVaries(variable) ? this.#copies : 1
      if (this.#body.variableVaries(variable)) this.#values.splat(variable.type)
      for (let copy = 0; copy < copies; copy++) {
        const local = this.#values.localOf(variable, copy)
        if (copy < copies - 1) this.#w.tee(local)
        else this.#w.set(local)
      }
    }
  }

  #depthOf(label: Label): number {
    const at = this.#labels.lastIndexOf(label)
    invariant(at !== -1, `${label.name} is left from outside`)
    return this.#labels.length - 1 - at
  }
}
