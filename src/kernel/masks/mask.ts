import type { Block, Call, If, Leave, Loop, Program, Statement, Subroutine, Value, Variable } from '../ir/ir.ts'
import { givenBy, hasLoops, isCheap, isHandover } from '../ir/sides.ts'
import { closed, straightened } from './closed.ts'
import { Escapes } from './escapes.ts'
import { type Here, Lanes } from './lanes.ts'
import { ALL, MaskWriter } from './mask-writer.ts'
import type { MaskedBody } from './masked.ts'
import { callVaries, type Uniformity, uniformity, zeroed } from './uniform.ts'

/**
 * Makes the masked form of a program (masked.ts).
 *
 * Each place has a mask, the lanes that are there; none means all lanes. Where lanes part:
 *
 *   if      runs each body under its part of the mask: skipped when that is empty, run for nothing where it is cheap
 *           What does no more than choose what variables are is a select.
 *   leave   takes its lanes out of the mask `on` of each block and loop that it leaves; what follows goes on with those still on, and behind a block
 *           or loop all are on again that did not leave more than it
 *   loop    ends when none is on; its variables are its own, and handed over by each lane that leaves (closed.ts)
 *   set     keeps what lanes that are off had, where they may still read it
 *
 * With an empty mask nothing may loop or call: a loop that all lanes leave together would not end. Where a mask may have become empty this is asked
 * first.
 * Source: M. Pharr, W. Mark, "ispc: A SPMD Compiler for High-Performance CPU Programming" (2012), section 4; its masks are one a function and one a
 * loop, ours one a label that lanes leave one by one.
 */
export function mask({ body, result }: Program): MaskedBody {
  return maskBody(body, [result], undefined)
}

/** As mask(); its last input is the mask of the lanes that call it. */
export function maskSubroutine({ inputs, body, results }: Subroutine): MaskedBody {
  return maskBody(body, results, { op: 'input', type: 'mask', args: [], imm: inputs.length })
}

function maskBody(body: readonly Statement[], results: readonly Variable[], asked: Value | undefined): MaskedBody {
  const whole = zeroed(straightened(body), results)
  const uniform = uniformity(whole, results)
  const escapes = new Escapes(whole, uniform.parts)
  if (!escapes.any) return masked(whole, uniform, results, asked)
  const own = zeroed(closed(whole, uniform.places, escapes), results)
  return masked(own, uniformity(own, results), results, asked)
}

function masked(
  body: readonly Statement[],
  uniform: Uniformity,
  results: readonly Variable[],
  asked: Value | undefined,
): MaskedBody {
  const writer = new MaskWriter()
  const masker = new Masker(body, uniform, writer)
  return {
    body: writer.body(() => masker.all(body, asked)),
    results,
    varies: (value) => uniform.varies(value) || writer.varies(value),
    variableVaries: (variable) => uniform.variableVaries(variable) || writer.variableVaries(variable),
  }
}

class Masker {
  readonly #uniform: Uniformity
  readonly #escapes: Escapes
  readonly #w: MaskWriter
  readonly #lanes: Lanes

  constructor(body: readonly Statement[], uniform: Uniformity, writer: MaskWriter) {
    this.#uniform = uniform
    this.#escapes = new Escapes(body, uniform.parts)
    this.#w = writer
    this.#lanes = new Lanes(uniform, this.#escapes, writer)
  }

  all(body: readonly Statement[], asked: Value | undefined): void {
    const place = this.#uniform.places.root
    this.#statements(body, { place, scope: undefined, isOwn: false, side: undefined, mask: asked, mayBeEmpty: false })
  }

  #statements(statements: readonly Statement[], here: Here): void {
    for (const [i, statement] of statements.entries()) {
      this.#statement(statement, here)
      if (statement.kind === 'leave') return // nothing comes here, whatever stands behind it
      if (this.#escapes.of(statement).size === 0) continue
      this.#lanes.followMask(here)
      if (here.isOwn && this.#lanes.asksItself(statement, here)) here.mayBeEmpty = false
      else if (this.#askIfEmpty(statements.slice(i + 1), here)) return
    }
  }

  /** Skips the rest where no lane is left for it and that pays; answers whether the rest is written. */
  #askIfEmpty(rest: readonly Statement[], here: Here): boolean {
    const { scope, isOwn, mask } = here
    if (scope === undefined || mask === undefined) return false
    // The last of these questions in a loop is what ends it.
    const asksLater = rest.some((later) => this.#escapes.of(later).size > 0 && !this.#lanes.asksItself(later, here))
    const endsLoop = isOwn && scope.isLoop && !asksLater
    if (!endsLoop && isCheap(rest)) return false
    if (isOwn) {
      this.#w.leaveIfNone(mask, scope.label)
      here.mayBeEmpty = false
      return false
    }
    this.#w.ifAny(mask, () => this.#statements(rest, { ...here, mayBeEmpty: false }))
    return true
  }

  #statement(statement: Statement, here: Here): void {
    switch (statement.kind) {
      case 'let':
        this.#w.write(statement)
        break
      case 'set':
        this.#set(statement.variable, statement.value, here)
        break
      case 'if':
        if (this.#uniform.parts(statement)) this.#partingIf(statement, here)
        else this.#guarded(statement, here, (inside) => this.#commonIf(statement, inside))
        break
      case 'block':
        this.#block(statement, here)
        break
      case 'loop':
        this.#guarded(statement, here, (inside) => this.#loop(statement, inside))
        break
      case 'leave':
        this.#leave(statement, here)
        break
      case 'call':
        this.#guarded(statement, here, (inside) => this.#call(statement, inside))
        break
    }
  }

  /** Writes a statement that must not be run for no lane at all. */
  #guarded(statement: Statement, here: Here, write: (here: Here) => void): void {
    const { mask } = here
    if (here.mayBeEmpty && mask && hasLoops([statement]))
      this.#w.ifAny(mask, () => write({ ...here, mayBeEmpty: false }))
    else write(here)
  }

  #set(variable: Variable, value: Value, here: Here): void {
    const mask = this.#lanes.sparing(variable, here)
    if (mask) this.#w.setSome(variable, value, mask)
    else this.#w.set(variable, value)
  }

  #commonIf(statement: If, here: Here): void {
    const [yes, no] = [statement.yes, statement.no].map((body) =>
      this.#w.body(() => this.#statements(body, this.#lanes.inside(body, here))),
    )
    this.#w.write({ ...statement, yes: yes as Statement[], no: no as Statement[] })
  }

  #partingIf(statement: If, here: Here): void {
    if (this.#choosingIf(statement, here)) return
    const { condition, yes, no } = statement
    // Both masks are of the lanes that came here, whatever the first body does to them.
    const { mask: before, side: sideBefore } = here
    const sides = [
      [yes, () => condition],
      [no, () => this.#w.not(condition)],
    ] as const
    for (const [body, wanted] of sides) {
      if (body.length === 0) continue
      const [only] = body
      if (body.length === 1 && only?.kind === 'leave' && this.#uniform.parts(only)) {
        this.#lanes.turnOff(only, here, wanted(), before)
        continue
      }
      const came = { ...this.#lanes.inside(body, here), side: sideBefore, mask: before }
      if (this.#lanes.isWayOut(body, here)) this.#wayOut(body, wanted(), came)
      else {
        const { inside, mask } = this.#lanes.those(wanted(), came)
        if (isCheap(body)) this.#statements(body, { ...inside, mayBeEmpty: true })
        else this.#w.ifAny(mask, () => this.#statements(body, inside))
      }
    }
  }

  /** An `if` that does no more than choose what some variables are; answers whether it is one. */
  #choosingIf({ condition, yes, no }: If, here: Here): boolean {
    if (!isCheap(yes) || !isCheap(no)) return false
    const [fromYes, fromNo] = [givenBy(yes), givenBy(no)]
    if (fromYes === undefined || fromNo === undefined) return false
    for (const statement of [...yes, ...no]) if (statement.kind === 'let') this.#w.write(statement)
    for (const [variable, value] of fromYes) {
      const other = fromNo.get(variable)
      // The same for all lanes although these part here: nobody reads what it is given.
      if (!this.#uniform.variableVaries(variable)) continue
      if (other) this.#set(variable, this.#w.op('select', condition, value, other), here)
      else this.#setSide(variable, value, condition, this.#lanes.inside(yes, here), here)
    }
    for (const [variable, value] of fromNo) {
      if (!fromYes.has(variable)) {
        this.#setSide(variable, value, this.#w.not(condition), this.#lanes.inside(no, here), here)
      }
    }
    return true
  }

  #setSide(variable: Variable, value: Value, wanted: Value, inside: Here, here: Here): void {
    const before = this.#lanes.sparing(variable, { ...here, place: inside.place })
    if (this.#uniform.seenFrom(variable, inside.place)) this.#w.setSome(variable, value, this.#w.and(before, wanted))
    else this.#w.set(variable, value)
  }

  /**
   * Each lane goes here once a loop, however many rounds that takes: so this is branched to, and asks whether the loop has ended. What makes all lanes
   * leave together, a counter's end, is asked by itself: no vector is made of what is the same in all.
   */
  #wayOut(body: readonly Statement[], wanted: Value, came: Here): void {
    const parts = isHandover(body) && this.#alternatives(wanted)
    if (!parts) {
      this.#someOut(body, wanted, came)
      return
    }
    for (const statement of body) if (statement.kind === 'let') this.#w.write(statement)
    const rest = body.filter(({ kind }) => kind !== 'let')
    this.#w.write({ kind: 'if', condition: parts.common(), yes: this.#w.body(() => this.#out(rest, came)), no: [] })
    this.#someOut(rest, parts.other(), came)
  }

  #someOut(body: readonly Statement[], wanted: Value, came: Here): void {
    const { inside, mask } = this.#lanes.those(wanted, came)
    this.#w.ifAny(mask, () => this.#out(body, inside))
  }

  #out(body: readonly Statement[], inside: Here): void {
    this.#statements(body, { ...inside, mayBeEmpty: false })
    if (inside.scope) this.#w.leaveIfNone(this.#w.get(inside.scope.on), inside.scope.label)
  }

  /** Of a mask that is the `or` of two: what is the same in all lanes, and what is not. */
  #alternatives(mask: Value): { common: () => Value; other: () => Value } | undefined {
    const isNegated = mask.op === 'not'
    const joined = isNegated ? (mask.args[0] as Value) : mask
    const common = joined.args.find((arg) => !this.#uniform.varies(arg))
    const other = joined.args.find((arg) => this.#uniform.varies(arg))
    if (joined.op !== (isNegated ? 'and' : 'or') || !common || !other) return undefined
    if (!isNegated) return { common: () => common, other: () => other }
    return { common: () => this.#w.not(common, false), other: () => this.#w.not(other) }
  }

  #block(statement: Block, here: Here): void {
    const { label, body } = statement
    const inside = this.#lanes.enter(statement, here, this.#escapes.isLeft(label))
    this.#w.write({ kind: 'block', label, body: this.#w.body(() => this.#statements(body, inside)) })
  }

  #loop(statement: Loop, here: Here): void {
    const { label, body } = statement
    const inside = this.#lanes.enter(
      statement,
      here,
      this.#escapes.isLeft(label) || this.#escapes.of(statement).size > 0,
    )
    const written = this.#w.body(() => {
      const { scope, isOwn } = inside
      const mask = scope && isOwn ? this.#w.get(scope.on) : here.mask
      this.#statements(body, { ...inside, mask, mayBeEmpty: false })
    })
    this.#w.write({ ...statement, body: written })
  }

  #leave(statement: Leave, here: Here): void {
    if (!this.#uniform.parts(statement)) {
      this.#w.write(statement)
      return
    }
    this.#lanes.turnOff(statement, here, ALL, here.mask)
    // Nobody is left in it; a loop would not end by itself.
    if (here.isOwn && here.scope) this.#w.write({ kind: 'leave', label: here.scope.label })
  }

  #call(statement: Call, here: Here): void {
    const varies = callVaries(statement, this.#uniform.varies)
    const args = varies ? [...statement.args, here.mask ?? ALL] : statement.args
    const sparing = new Map(statement.results.map((variable) => [variable, this.#lanes.sparing(variable, here)]))
    const results = statement.results.map((variable) =>
      sparing.get(variable) ? this.#w.variable(variable.name, variable.type, varies) : variable,
    )
    this.#w.write({ ...statement, args, results })
    for (const [i, [variable, mask]] of [...sparing].entries()) {
      if (mask) this.#w.setSome(variable, this.#w.get(results[i] as Variable, varies), mask)
    }
  }
}
