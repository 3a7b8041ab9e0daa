import { invariant } from '../../../invariant.ts'
import type { Call, If, Label, Loop, Statement, Subroutine, Type, Value, Variable } from '../../ir.ts'
import type { MaskedBody } from '../../masked.ts'
import { LEAVES } from '../../ops.ts'
import { setIn } from '../../places.ts'
import type { FunctionWriter } from './function-writer.ts'
import { OP, SIMD, TYPE, type WasmType } from './opcodes.ts'
import type { Computed, Operands } from './rule.ts'
import { SCALAR } from './scalar.ts'
import { type Use, usesIn } from './uses.ts'
import { VECTOR } from './vector.ts'

/** What is around a body. */
export interface Surroundings {
  /** Addresses of uniforms, and of the descriptions of tables. */
  uniform(index: number): number
  table(index: number): number
  /** Pushes an input, of vector `copy`. */
  input(index: number, copy: number): void
  /** Functions of subroutines; `rem` is one. */
  subroutine(subroutine: Subroutine | 'rem', isVector: boolean): number
}

/**
 * Where a value is until its last use.
 *
 *   pending    nowhere: it has one use, and is computed there, on the stack
 *   alias      in the variable that it was read from, which was not set since
 *   kept       in a local, or one a copy
 */
type Slot =
  | { readonly kind: 'pending'; readonly depth: number }
  | { readonly kind: 'alias'; readonly variable: Variable; pushes: number }
  | {
      readonly kind: 'kept'
      readonly locals: readonly number[]
      readonly type: WasmType
      pushes: number
      loops: number
    }

/** How deep expressions may be: code is printed by recursion. */
const DEEPEST = 100

/** The type of a local that holds what does not vary. */
export function scalarType(type: Type): WasmType {
  return type === 'f64' ? 'f64' : 'i32'
}

/** Prints a body as code: what varies as f64x2, in `copies` copies, which are so many vectors in flight; all else as scalars. */
export class BodyPrinter {
  readonly #w: FunctionWriter
  readonly #body: MaskedBody
  readonly #around: Surroundings
  readonly #copies: number
  readonly #uses: ReadonlyMap<Value, Use>
  readonly #slots = new Map<Value, Slot>()
  /** In the order in which they were met. */
  readonly #pending = new Set<Value>()
  readonly #aliases = new Map<Variable, Set<Value>>()
  readonly #variables = new Map<Variable, number[]>()
  /** Of each loop around, locals from outside it that are free when it ends. */
  readonly #loops: { local: number; type: WasmType }[][] = []
  /** Labels around, from the outside; undefined: of an `if`, or of a loop's begin. */
  readonly #labels: (Label | undefined)[] = []

  constructor(w: FunctionWriter, body: MaskedBody, around: Surroundings, copies: number) {
    this.#w = w
    this.#body = body
    this.#around = around
    this.#copies = copies
    this.#uses = usesIn(body, copies)
  }

  /** Prints a loop around the body, whose head and end `head` and `end` write; `end` may push variables. */
  rows(head: (leave: number) => void, end: () => void): void {
    const w = this.#w
    w.op(OP.block, TYPE.none, OP.loop, TYPE.none)
    this.#labels.push(undefined, undefined)
    this.#loops.push([])
    head(1)
    this.statements(this.#body.body)
    end()
    this.#endLoop()
    w.branch(OP.br, 0)
    w.op(OP.end, OP.end)
    this.#labels.length -= 2
  }

  statements(statements: readonly Statement[] = this.#body.body): void {
    for (const statement of statements) this.#statement(statement)
  }

  /** Pushes a variable as it is now. */
  pushVariable(variable: Variable, copy: number): void {
    this.#w.get(this.#localOf(variable, copy))
  }

  pushVector(variable: Variable, copy: number): void {
    this.pushVariable(variable, copy)
    if (!this.#body.variableVaries(variable)) this.#splat(variable.type)
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'let':
        this.#let(statement.value)
        break
      case 'set':
        this.#set(statement.variable, statement.value)
        break
      case 'if':
        this.#if(statement)
        break
      case 'block':
        this.#settle(statement)
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

  #let(value: Value): void {
    const use = this.#uses.get(value)
    if (use === undefined) return
    if (value.variable) {
      const { variable } = value
      this.#slots.set(value, { kind: 'alias', variable, pushes: use.pushes })
      const aliases = this.#aliases.get(variable)
      if (aliases) aliases.add(value)
      else this.#aliases.set(variable, new Set([value]))
      return
    }
    const depth = 1 + Math.max(0, ...value.args.map((arg) => this.#depth(arg)))
    if (use.sites === 1 && use.pushes === this.#copiesOf(value) && depth <= DEEPEST) {
      this.#slots.set(value, { kind: 'pending', depth })
      this.#pending.add(value)
    } else this.#keep(value, use.pushes, (copy) => this.#compute(value, copy))
  }

  #depth(value: Value): number {
    const slot = this.#slots.get(value)
    return slot?.kind === 'pending' ? slot.depth : 0
  }

  /** Computes a value into locals of its own. */
  #keep(value: Value, pushes: number, compute: (copy: number) => void): void {
    const type = this.#body.varies(value) ? 'v128' : scalarType(value.type)
    const locals: number[] = []
    for (let copy = 0; copy < this.#copiesOf(value); copy++) {
      compute(copy)
      const local = this.#w.take(type)
      this.#w.set(local)
      locals.push(local)
    }
    this.#slots.set(value, { kind: 'kept', locals, type, pushes, loops: this.#loops.length })
  }

  #set(variable: Variable, value: Value): void {
    const varies = this.#body.variableVaries(variable)
    const copies = varies ? this.#copies : 1
    for (let copy = 0; copy < copies; copy++) this.#push(value, copy, varies)
    this.#releaseAliases(variable)
    for (let copy = copies - 1; copy >= 0; copy--) this.#w.set(this.#localOf(variable, copy))
  }

  /** The variable is about to change: what was read from it and is still wanted gets locals. */
  #releaseAliases(variable: Variable): void {
    for (const value of this.#aliases.get(variable) ?? []) {
      const slot = this.#slots.get(value) as Slot & { kind: 'alias' }
      this.#keep(value, slot.pushes, (copy) => this.#w.get(this.#localOf(variable, copy)))
    }
    this.#aliases.delete(variable)
  }

  /** Gives a home to all that code inside the statement might use: what it computes may come more than once, or not at all. */
  #settle(statement: Statement): void {
    // From the last: what another one uses is computed with it.
    for (const value of [...this.#pending].toReversed()) {
      if (this.#pending.delete(value)) {
        this.#keep(value, this.#copiesOf(value), (copy) => this.#compute(value, copy))
      }
    }
    for (const variable of setIn(statement)) this.#releaseAliases(variable)
  }

  #if(statement: If): void {
    const w = this.#w
    const { condition, yes, no } = statement
    this.#condition(condition)
    this.#settle(statement)
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
      this.#push(condition, 0, false)
      return
    }
    for (let copy = 0; copy < this.#copies; copy++) {
      this.#push(condition, copy, true)
      if (copy > 0) this.#w.simd(SIMD.or)
    }
    this.#w.simd(SIMD.anyTrue)
  }

  #loop(statement: Loop): void {
    const w = this.#w
    this.#settle(statement)
    // A local that is free inside the loop may be in use at its begin: there lanes that are off keep what they had.
    for (const variable of setIn(statement)) this.#localOf(variable, 0)
    w.op(OP.block, TYPE.none, OP.loop, TYPE.none)
    this.#labels.push(statement.label, undefined)
    this.#loops.push([])
    this.statements(statement.body)
    this.#endLoop()
    w.branch(OP.br, 0)
    w.op(OP.end, OP.end)
    this.#labels.length -= 2
  }

  #endLoop(): void {
    for (const { local, type } of this.#loops.pop() ?? []) this.#free(local, type)
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
      for (const arg of args) this.#push(arg, 0, false)
      w.call(index)
      this.#storeScalars(results)
      return
    }
    // One call after the other: results of all copies on the stack would be in the order of calls, not of variables.
    const copies = Array.from({ length: this.#copies }, (_, copy) => {
      for (const arg of args) this.#push(arg, copy, true)
      const locals = results.map(() => w.take('v128'))
      this.#callIfAsked(index, args.length, locals)
      return locals
    })
    for (const variable of results) this.#releaseAliases(variable)
    for (const [copy, locals] of copies.entries()) {
      for (const [i, local] of locals.entries()) {
        w.get(local)
        w.set(this.#localOf(results[i] as Variable, copy))
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
    const args = Array.from({ length: count }, () => w.take('v128'))
    for (const local of args.toReversed()) w.set(local)
    w.get(args.at(-1) as number)
    w.simd(SIMD.anyTrue)
    w.op(OP.if, TYPE.none)
    for (const local of args) w.get(local)
    call()
    w.op(OP.end)
    for (const local of args) w.giveBack(local, 'v128')
  }

  /** Stores results of a scalar call, the last on top of the stack. */
  #storeScalars(results: readonly Variable[]): void {
    for (const variable of results) this.#releaseAliases(variable)
    for (const variable of results.toReversed()) {
      const copies = this.#body.variableVaries(variable) ? this.#copies : 1
      if (this.#body.variableVaries(variable)) this.#splat(variable.type)
      for (let copy = 0; copy < copies; copy++) {
        const local = this.#localOf(variable, copy)
        if (copy < copies - 1) this.#w.tee(local)
        else this.#w.set(local)
      }
    }
  }

  #compute(value: Value, copy: number): void {
    const varies = this.#body.varies(value)
    if (value.op === 'rem') {
      for (const arg of value.args) this.#push(arg, copy, varies)
      // For all lanes: it ends for any arguments.
      if (varies) this.#constMask(true)
      this.#w.call(this.#around.subroutine('rem', varies))
      return
    }
    if (value.op === 'and' && varies && this.#andNot(value, copy)) return
    const operands: Operands = {
      value,
      table: value.op === 'gather' ? this.#around.table(value.imm) : 0,
      push: (i) => this.#push(value.args[i] as Value, copy, varies),
      isUniform: (i) => !this.#body.varies(value.args[i] as Value),
      pushScalar: (i) => this.#push(value.args[i] as Value, copy, false),
    }
    const rules = varies ? VECTOR : SCALAR
    rules[value.op as Computed](this.#w, operands)
  }

  /** a and not b by one operation, where the `not` serves nothing else; answers whether that is so. */
  #andNot({ args }: Value, copy: number): boolean {
    const at = args.findIndex((arg) => arg.op === 'not' && this.#slots.get(arg)?.kind === 'pending')
    if (at === -1) return false
    const negated = args[at] as Value
    this.#push(args[1 - at] as Value, copy, true)
    this.#pending.delete(negated)
    this.#push(negated.args[0] as Value, copy, true)
    this.#w.simd(SIMD.andnot)
    return true
  }

  /** Pushes a value, as a vector or as a scalar. */
  #push(value: Value, copy: number, asVector: boolean): void {
    if (asVector && !this.#body.varies(value)) {
      if (this.#pushSplatLeaf(value)) return
      this.#push(value, 0, false)
      this.#splat(value.type)
      return
    }
    if (LEAVES.has(value.op)) {
      this.#pushLeaf(value, copy)
      return
    }
    const slot = this.#slots.get(value)
    invariant(slot !== undefined, `${value.op} is used before it is computed`)
    switch (slot.kind) {
      case 'pending':
        this.#pending.delete(value)
        this.#compute(value, copy)
        break
      case 'alias':
        this.#w.get(this.#localOf(slot.variable, copy))
        slot.pushes--
        if (slot.pushes === 0) this.#aliases.get(slot.variable)?.delete(value)
        break
      case 'kept':
        this.#w.get(slot.locals[this.#body.varies(value) ? copy : 0] as number)
        slot.pushes--
        if (slot.pushes === 0) this.#release(slot)
        break
    }
  }

  /** After the last use: at once, or behind the outermost loop that began since, which may come back to it. */
  #release(slot: Slot & { kind: 'kept' }): void {
    for (const local of slot.locals) {
      const loop = this.#loops[slot.loops]
      if (loop) loop.push({ local, type: slot.type })
      else this.#free(local, slot.type)
    }
  }

  #free(local: number, type: WasmType): void {
    this.#w.giveBack(local, type)
  }

  #pushLeaf(value: Value, copy: number): void {
    const w = this.#w
    switch (value.op) {
      case 'const':
        w.f64(value.imm)
        break
      case 'constI32':
      case 'constMask':
        w.i32(value.imm)
        break
      case 'uniform':
        w.loadF64(this.#around.uniform(value.imm))
        break
      case 'length':
        w.loadF64(this.#around.table(value.imm))
        break
      default:
        this.#around.input(value.imm, copy)
    }
  }

  /** Pushes a leaf that is the same in all lanes as a vector; answers whether it is one that is loaded like that. */
  #pushSplatLeaf({ op, imm }: Value): boolean {
    switch (op) {
      case 'const':
        this.#w.splat(imm)
        return true
      case 'constI32':
        this.#w.splatBits(BigInt.asUintN(32, BigInt(imm)))
        return true
      case 'constMask':
        this.#constMask(imm === 1)
        return true
      case 'uniform':
        this.#w.loadSplat(this.#around.uniform(imm))
        return true
      case 'length':
        this.#w.loadSplat(this.#around.table(imm))
        return true
      default:
        return false
    }
  }

  #constMask(truth: boolean): void {
    this.#w.simd(SIMD.const, ...new Array<number>(16).fill(truth ? 0xff : 0))
  }

  /** Makes a vector of the scalar on the stack. */
  #splat(type: Type): void {
    const w = this.#w
    if (type === 'f64') w.simd(SIMD.f64x2Splat)
    else if (type === 'i32') w.simd(SIMD.i32x4Splat)
    else {
      w.keep('i32', (flag) => {
        w.i32(0)
        w.get(flag)
        w.op(OP.i32Sub)
      })
      w.simd(SIMD.i32x4Splat)
    }
  }

  #localOf(variable: Variable, copy: number): number {
    let locals = this.#variables.get(variable)
    if (locals === undefined) {
      const varies = this.#body.variableVaries(variable)
      locals = Array.from({ length: varies ? this.#copies : 1 }, () =>
        this.#w.take(varies ? 'v128' : scalarType(variable.type)),
      )
      this.#variables.set(variable, locals)
    }
    return (locals[copy] ?? locals[0]) as number
  }

  #copiesOf(value: Value): number {
    return this.#body.varies(value) ? this.#copies : 1
  }

  #depthOf(label: Label): number {
    const at = this.#labels.lastIndexOf(label)
    invariant(at !== -1, `${label.name} is left from outside`)
    return this.#labels.length - 1 - at
  }
}
