import { closed, straightened } from './closed.ts'
import { Escapes } from './escapes.ts'
import type { Block, Call, If, Label, Leave, Loop, Program, Statement, Subroutine, Value, Variable } from './ir.ts'
import { ALL, MaskWriter } from './mask-writer.ts'
import type { MaskedBody } from './masked.ts'
import type { Place } from './places.ts'
import { givenBy, hasLoops, isCheap, isHandover } from './sides.ts'
import { callVaries, type Uniformity, uniformity, zeroed } from './uniform.ts'

/**
 * Makes the masked form of a program (masked.ts).
 *
 * Each place has a mask, the lanes that are there; none means all lanes. Where lanes part:
 *
 *   if      runs each body under its part of the mask: skipped when that is empty, run for nothing where it is cheap
 *   leave   takes its lanes out of the mask `on` of each block and loop that it leaves; what follows goes on with those still on, and behind a block
 *           or loop all are on again that did not leave more than it
 *   loop    ends when none is on
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

/** A block or loop that lanes leave one by one. */
interface Scope {
  readonly label: Label
  readonly isLoop: boolean
  readonly body: Place
  /** The lanes that are still in it. */
  readonly on: Variable
  readonly outer: Scope | undefined
}

/** Where statements are being masked. */
interface Here {
  readonly place: Place
  /** The innermost around this place. */
  readonly scope: Scope | undefined
  /** This is the body of `scope` itself, so that all lanes on in it are here. */
  readonly isOwn: boolean
  /** Of the lanes on in `scope`, those that are here; lanes that are off in it may be in or not. Undefined: all. */
  readonly side: Value | undefined
  /** Lanes that are here; undefined: all. */
  mask: Value | undefined
  mayBeEmpty: boolean
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

  constructor(body: readonly Statement[], uniform: Uniformity, writer: MaskWriter) {
    this.#uniform = uniform
    this.#escapes = new Escapes(body, uniform.parts)
    this.#w = writer
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
      this.#followMask(here)
      if (here.isOwn && this.#asksItself(statement, here)) here.mayBeEmpty = false
      else if (this.#askIfEmpty(statements.slice(i + 1), here)) return
    }
  }

  /** Lanes left through the statement before: the mask is what is left of it. */
  #followMask(here: Here): void {
    const { scope, isOwn } = here
    if (scope === undefined) return
    const on = this.#w.get(scope.on)
    here.mask = isOwn || here.mask === undefined ? on : this.#w.op('and', here.mask, on)
    here.mayBeEmpty = true
  }

  /** Skips the rest where no lane is left for it and that pays; answers whether the rest is written. */
  #askIfEmpty(rest: readonly Statement[], here: Here): boolean {
    const { scope, isOwn, mask } = here
    if (scope === undefined || mask === undefined) return false
    // The last of these questions in a loop is what ends it.
    const asksLater = rest.some((later) => this.#escapes.of(later).size > 0 && !this.#asksItself(later, here))
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
    const mask = this.#sparing(variable, here)
    if (mask) this.#w.setSome(variable, value, mask)
    else this.#w.set(variable, value)
  }

  /** The lanes that a `set` here may set: all that are here, and such as never read the variable again. Undefined: all. */
  #sparing(variable: Variable, { place, scope, side, mask }: Here): Value | undefined {
    const seenFrom = this.#uniform.seenFrom(variable, place)
    if (seenFrom === undefined) return undefined
    return seenFrom.depth > (scope?.body.depth ?? -1) ? side : mask
  }

  #commonIf(statement: If, here: Here): void {
    const [yes, no] = [statement.yes, statement.no].map((body) =>
      this.#w.body(() => this.#statements(body, this.#inside(body, here))),
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
        this.#turnOff(only, here, wanted(), before)
        continue
      }
      const came = { ...this.#inside(body, here), side: sideBefore, mask: before }
      if (this.#isWayOut(body, here)) this.#wayOut(body, wanted(), came)
      else {
        const { inside, mask } = this.#those(wanted(), came)
        if (isCheap(body)) this.#statements(body, { ...inside, mayBeEmpty: true })
        else this.#w.ifAny(mask, () => this.#statements(body, inside))
      }
    }
  }

  /** The lanes of a mask among those that came. */
  #those(wanted: Value, came: Here): { inside: Here; mask: Value } {
    const side = this.#w.and(came.side, wanted)
    const mask = came.mask === came.side ? side : this.#w.and(came.mask, wanted)
    return { inside: { ...came, side, mask, mayBeEmpty: false }, mask }
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
      else this.#setSide(variable, value, condition, this.#inside(yes, here), here)
    }
    for (const [variable, value] of fromNo) {
      if (!fromYes.has(variable)) {
        this.#setSide(variable, value, this.#w.not(condition), this.#inside(no, here), here)
      }
    }
    return true
  }

  #setSide(variable: Variable, value: Value, wanted: Value, inside: Here, here: Here): void {
    const before = this.#sparing(variable, { ...here, place: inside.place })
    if (this.#uniform.seenFrom(variable, inside.place)) this.#w.setSome(variable, value, this.#w.and(before, wanted))
    else this.#w.set(variable, value)
  }

  /** Whether lanes leave a loop at the end of a side. */
  #isWayOut(side: readonly Statement[], { scope }: Here): boolean {
    const last = side.at(-1)
    if (last?.kind !== 'leave' || !this.#uniform.parts(last)) return false
    for (let left = scope; left !== undefined; left = left.outer) {
      if (left.isLoop) return true
      if (left.label === last.label) return false
    }
    return false
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
    const { inside, mask } = this.#those(wanted, came)
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

  /** Whether lanes leave through a statement by ways out alone, which ask whether any are left. */
  #asksItself(statement: Statement, here: Here): boolean {
    if (statement.kind !== 'if' || !this.#uniform.parts(statement)) return false
    return [statement.yes, statement.no].every((side) => {
      const escaping = side.filter((inner) => this.#escapes.of(inner).size > 0)
      return escaping.length === 0 || (escaping.length === 1 && side.length > 1 && this.#isWayOut(side, here))
    })
  }

  #block(statement: Block, here: Here): void {
    const { label, body } = statement
    const inside = this.#enter(statement, here, this.#escapes.isLeft(label))
    this.#w.write({ kind: 'block', label, body: this.#w.body(() => this.#statements(body, inside)) })
  }

  #loop(statement: Loop, here: Here): void {
    const { label, body } = statement
    const inside = this.#enter(statement, here, this.#escapes.isLeft(label) || this.#escapes.of(statement).size > 0)
    const written = this.#w.body(() => {
      const { scope, isOwn } = inside
      const mask = scope && isOwn ? this.#w.get(scope.on) : here.mask
      this.#statements(body, { ...inside, mask, mayBeEmpty: false })
    })
    this.#w.write({ ...statement, body: written })
  }

  #enter({ kind, label, body }: Block | Loop, here: Here, isLeft: boolean): Here {
    const inside = this.#inside(body, here)
    if (!isLeft) return inside
    const on = this.#onAround(label, here) ?? this.#w.variable(`on ${label.name}`, 'mask', true)
    if (on !== here.scope?.on) this.#w.set(on, here.mask ?? ALL)
    const scope = { label, isLoop: kind === 'loop', body: inside.place, on, outer: here.scope }
    return { ...inside, scope, isOwn: true, side: undefined }
  }

  /** The mask of the scope around, if whoever leaves this one by himself leaves that one too. */
  #onAround(label: Label, { scope, isOwn }: Here): Variable | undefined {
    return isOwn && !this.#escapes.isLeft(label) ? scope?.on : undefined
  }

  #leave(statement: Leave, here: Here): void {
    if (!this.#uniform.parts(statement)) {
      this.#w.write(statement)
      return
    }
    this.#turnOff(statement, here, ALL, here.mask)
    // Nobody is left in it; a loop would not end by itself.
    if (here.isOwn && here.scope) this.#w.write({ kind: 'leave', label: here.scope.label })
  }

  /** Takes the lanes of `mask` that want to leave out of each scope that they leave. */
  #turnOff({ label }: Leave, here: Here, wanted: Value, mask: Value | undefined): void {
    let leaving: Value | undefined
    for (let scope = here.scope; scope !== undefined; scope = scope.outer) {
      if (scope.on !== scope.outer?.on) {
        // In the scope's own body all that are on in it are here, so there the mask says nothing more; elsewhere others may be on in it.
        if (mask === undefined || (here.isOwn && scope.on === here.scope?.on)) leaving = undefined
        else leaving ??= wanted === ALL ? mask : this.#w.op('and', mask, wanted)
        const staying = this.#w.not(leaving ?? wanted)
        const value = staying.op === 'constMask' ? staying : this.#w.op('and', this.#w.get(scope.on), staying)
        this.#w.set(scope.on, value)
      }
      if (scope.label === label) return
    }
  }

  #call(statement: Call, here: Here): void {
    const varies = callVaries(statement, this.#uniform.varies)
    const args = varies ? [...statement.args, here.mask ?? ALL] : statement.args
    const sparing = new Map(statement.results.map((variable) => [variable, this.#sparing(variable, here)]))
    const results = statement.results.map((variable) =>
      sparing.get(variable) ? this.#w.variable(variable.name, variable.type, varies) : variable,
    )
    this.#w.write({ ...statement, args, results })
    for (const [i, [variable, mask]] of [...sparing].entries()) {
      if (mask) this.#w.setSome(variable, this.#w.get(results[i] as Variable, varies), mask)
    }
  }

  #inside(body: readonly Statement[], here: Here): Here {
    return { ...here, place: this.#uniform.places.bodies.get(body) as Place, isOwn: false }
  }
}
