import { invariant } from '../../../invariant.ts'
import type { Statement, Subroutine, Type, Value, Variable } from '../../ir/ir.ts'
import { LEAVES } from '../../ir/ops.ts'
import { setIn } from '../../ir/places.ts'
import type { MaskedBody } from '../../masks/masked.ts'
import { choiceOf } from './choices.ts'
import type { FunctionWriter } from './function-writer.ts'
import { OP, SIMD, type WasmType } from './opcodes.ts'
import type { Computed, Operands } from './rule.ts'
import { SCALAR } from './scalar.ts'
import { computedIn, operandsOf, type Use, usesIn } from './uses.ts'
import { SIGN, signOf, VECTOR } from './vector.ts'

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

/** The values and variables of a body while it is printed: where they are, and the code that computes them. */
export class Values {
  readonly #w: FunctionWriter
  readonly #body: MaskedBody
  readonly #around: Surroundings
  readonly #copies: number
  /** What the body computes. */
  readonly #here: ReadonlySet<Value>
  readonly #uses: ReadonlyMap<Value, Use>
  readonly #slots = new Map<Value, Slot>()
  /** In the order in which they were met. */
  readonly #pending = new Set<Value>()
  readonly #aliases = new Map<Variable, Set<Value>>()
  readonly #variables = new Map<Variable, number[]>()
  /** Of each loop around, locals from outside it that are free when it ends. */
  readonly #loops: { local: number; type: WasmType }[][] = []

  constructor(w: FunctionWriter, body: MaskedBody, around: Surroundings, copies: number) {
    this.#w = w
    this.#body = body
    this.#around = around
    this.#copies = copies
    this.#here = computedIn(body.body)
    this.#uses = usesIn(body, copies, this.#here)
  }

  /** Makes a variable, which is never set here, the home of a value that was computed elsewhere. */
  adopt(value: Value, variable: Variable): void {
    this.#slots.set(value, { kind: 'alias', variable, pushes: this.#uses.get(value)?.pushes ?? 0 })
  }

  /** Gives a value a home, or leaves it to where it is used. */
  let(value: Value): void {
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
    let depth = 1
    for (const arg of operandsOf(value, this.#here)) depth = Math.max(depth, 1 + this.#depth(arg))
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

  /** The variable is about to change: what was read from it and is still wanted gets locals. */
  releaseAliases(variable: Variable): void {
    for (const value of this.#aliases.get(variable) ?? []) {
      const slot = this.#slots.get(value) as Slot & { kind: 'alias' }
      this.#keep(value, slot.pushes, (copy) => this.#w.get(this.localOf(variable, copy)))
    }
    this.#aliases.delete(variable)
  }

  /** Gives a home to all that code inside the statement might use: what it computes may come more than once, or not at all. */
  settle(statement: Statement): void {
    // From the last: what another one uses is computed with it.
    for (const value of [...this.#pending].toReversed()) {
      if (this.#pending.delete(value)) {
        this.#keep(value, this.#copiesOf(value), (copy) => this.#compute(value, copy))
      }
    }
    for (const variable of setIn(statement)) this.releaseAliases(variable)
  }

  beginLoop(): void {
    this.#loops.push([])
  }

  endLoop(): void {
    for (const { local, type } of this.#loops.pop() ?? []) this.#free(local, type)
  }

  #compute(value: Value, copy: number): void {
    const varies = this.#body.varies(value)
    if (value.op === 'rem') {
      for (const arg of value.args) this.push(arg, copy, varies)
      // For all lanes: it ends for any arguments.
      if (varies) this.#constMask(true)
      this.#w.call(this.#around.subroutine('rem', varies))
      return
    }
    if (value.op === 'and' && varies && this.#andNot(value, copy)) return
    if (value.op === 'select' && varies && this.#choose(value, copy)) return
    const operands: Operands = {
      value,
      table: value.op === 'gather' ? this.#around.table(value.imm) : 0,
      push: (i) => this.push(value.args[i] as Value, copy, varies),
      isUniform: (i) => !this.#body.varies(value.args[i] as Value),
      pushScalar: (i) => this.push(value.args[i] as Value, copy, false),
    }
    const rules = varies ? VECTOR : SCALAR
    rules[value.op as Computed](this.#w, operands)
  }

  /** a and not b by one operation, where the `not` serves nothing else; answers whether that is so. */
  #andNot({ args }: Value, copy: number): boolean {
    const at = args.findIndex((arg) => arg.op === 'not' && this.#slots.get(arg)?.kind === 'pending')
    if (at === -1) return false
    const negated = args[at] as Value
    this.push(args[1 - at] as Value, copy, true)
    this.#pending.delete(negated)
    this.push(negated.args[0] as Value, copy, true)
    this.#w.simd(SIMD.andnot)
    return true
  }

  /** A choice that needs not all bits of both sides; answers whether it is one. */
  #choose(value: Value, copy: number): boolean {
    const choice = choiceOf(value)
    if (choice === undefined) return false
    const { kind, x, mask, isNegated } = choice
    const [, operand] = operandsOf(value, this.#here) as [Value, Value]
    this.push(x, copy, true)
    if (kind === 'flipped') this.#w.splatBits(SIGN)
    this.push(operand, copy, true)
    if (operand !== mask) signOf(this.#w, mask)
    this.#w.simd(isNegated ? SIMD.andnot : SIMD.and)
    if (kind === 'flipped') this.#w.simd(SIMD.xor)
    return true
  }

  /** Pushes a value, as a vector or as a scalar. */
  push(value: Value, copy: number, asVector: boolean): void {
    if (asVector && !this.#body.varies(value)) {
      if (this.#pushSplatLeaf(value)) return
      this.push(value, 0, false)
      this.splat(value.type)
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
        this.#w.get(this.localOf(slot.variable, copy))
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
    this.#w.simdWith(SIMD.const, ...new Array<number>(16).fill(truth ? 0xff : 0))
  }

  /** Makes a vector of the scalar on the stack. */
  splat(type: Type): void {
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

  /** The local of a variable, of one copy where it varies. */
  localOf(variable: Variable, copy: number): number {
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
}
