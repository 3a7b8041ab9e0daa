import type {
  Block,
  Call,
  If,
  Label,
  Leave,
  Loop,
  Program,
  Set as SetStatement,
  Statement,
  Subroutine,
  Value,
  Variable,
} from './ir.ts'
import type { MaskedBody } from './masked.ts'
import { OPS, type OpName } from './ops.ts'
import { bodiesOf, type Place } from './places.ts'
import { callVaries, type Uniformity, uniformity, zeroed } from './uniform.ts'

/**
 * What a body may cost, in additions, to be run for lanes that do not want it rather than skipped by a branch: asking whether any lane wants it costs
 * about three, and a branch that is mispredicted as much as thirty.
 */
const CHEAP = 12

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
  const whole = zeroed(body, results)
  return new Masker(uniformity(whole, results)).masked(whole, results, asked)
}

/** A block or loop that lanes leave one by one. */
interface Scope {
  readonly label: Label
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
  /** Lanes that are here; undefined: all. */
  mask: Value | undefined
  mayBeEmpty: boolean
}

class Masker {
  readonly #uniformity: Uniformity
  /** Masks, and what is selected by them. */
  readonly #varying = new Set<Value>()
  readonly #varyingVariables = new Set<Variable>()
  readonly #escapes = new Map<Statement, ReadonlySet<Label>>()
  #out: Statement[] = []

  constructor(uniform: Uniformity) {
    this.#uniformity = uniform
  }

  masked(body: readonly Statement[], results: readonly Variable[], asked: Value | undefined): MaskedBody {
    const { places } = this.#uniformity
    for (const statement of body) this.#escapesOf(statement)
    const here = { place: places.root, scope: undefined, isOwn: false, mask: asked, mayBeEmpty: false }
    return {
      body: this.#written(() => this.#statements(body, here)),
      results,
      varies: (value) => this.#uniformity.varies(value) || this.#varying.has(value),
      variableVaries: (variable) => this.#uniformity.variableVaries(variable) || this.#varyingVariables.has(variable),
    }
  }

  #statements(statements: readonly Statement[], here: Here): void {
    for (const [i, statement] of statements.entries()) {
      this.#statement(statement, here)
      if (statement.kind === 'leave') return // nothing comes here, whatever stands behind it
      if (this.#escapesOf(statement).size === 0) continue
      this.#followMask(here)
      const rest = statements.slice(i + 1)
      if (this.#askIfEmpty(rest, here)) return
    }
  }

  /** Lanes left through the statement before: the mask is what is left of it. */
  #followMask(here: Here): void {
    const { scope, isOwn } = here
    if (scope === undefined) return
    const on = this.#get(scope.on)
    here.mask = isOwn || here.mask === undefined ? on : this.#op('and', here.mask, on)
    here.mayBeEmpty = true
  }

  /** Skips the rest where no lane is left for it and that pays; answers whether the rest is written. */
  #askIfEmpty(rest: readonly Statement[], here: Here): boolean {
    const { scope, isOwn, mask } = here
    if (scope === undefined || mask === undefined) return false
    // The last of these questions in a loop is what ends it.
    const endsLoop = isOwn && this.#isLoop(scope.label) && !rest.some((later) => this.#escapesOf(later).size > 0)
    if (!endsLoop && isCheap(rest)) return false
    if (isOwn) {
      this.#out.push({ kind: 'if', condition: mask, yes: [], no: [{ kind: 'leave', label: scope.label }] })
      here.mayBeEmpty = false
      return false
    }
    this.#ifAny(mask, () => this.#statements(rest, { ...here, mayBeEmpty: false }))
    return true
  }

  #statement(statement: Statement, here: Here): void {
    switch (statement.kind) {
      case 'let':
        this.#out.push(statement)
        break
      case 'set':
        this.#set(statement, here)
        break
      case 'if':
        if (this.#uniformity.parts(statement)) this.#partingIf(statement, here)
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
    if (here.mayBeEmpty && mask && hasLoops([statement])) this.#ifAny(mask, () => write({ ...here, mayBeEmpty: false }))
    else write(here)
  }

  #set(statement: SetStatement, here: Here): void {
    const { variable, value } = statement
    if (here.mask === undefined || !this.#uniformity.isSeen(variable, here.place)) {
      this.#out.push(statement)
      return
    }
    this.#setSome(variable, value, here.mask)
  }

  #setSome(variable: Variable, value: Value, mask: Value): void {
    const kept = this.#get(variable)
    this.#out.push({ kind: 'set', variable, value: this.#op('select', mask, value, kept) })
  }

  #commonIf(statement: If, here: Here): void {
    const [yes, no] = [statement.yes, statement.no].map((body) =>
      this.#written(() => this.#statements(body, this.#inside(body, here))),
    )
    this.#out.push({ ...statement, yes: yes as Statement[], no: no as Statement[] })
  }

  #partingIf({ condition, yes, no }: If, here: Here): void {
    // Both masks are of the lanes that came here, whatever the first body does to them.
    const before = here.mask
    const sides = [
      [yes, () => condition],
      [no, () => this.#not(condition)],
    ] as const
    for (const [body, wanted] of sides) {
      if (body.length === 0) continue
      const [only] = body
      if (body.length === 1 && only?.kind === 'leave' && this.#uniformity.parts(only)) {
        this.#turnOff(only, here, wanted(), before)
        continue
      }
      const mask = before === undefined ? wanted() : this.#op('and', before, wanted())
      const inside = { ...this.#inside(body, here), mask }
      if (isCheap(body)) this.#statements(body, { ...inside, mayBeEmpty: true })
      else this.#ifAny(mask, () => this.#statements(body, { ...inside, mayBeEmpty: false }))
    }
  }

  #block(statement: Block, here: Here): void {
    const { label, body } = statement
    const scope = this.#enter(label, here, this.#isLeft(label))
    const inside = { ...this.#inside(body, here), ...(scope && { scope, isOwn: true }) }
    this.#out.push({ kind: 'block', label, body: this.#written(() => this.#statements(body, inside)) })
  }

  #loop(statement: Loop, here: Here): void {
    const { label, body } = statement
    const scope = this.#enter(label, here, this.#isLeft(label) || this.#escapesOf(statement).size > 0)
    const written = this.#written(() => {
      const mask = scope ? this.#get(scope.on) : here.mask
      const inside = { ...this.#inside(body, here), mask, mayBeEmpty: false, ...(scope && { scope, isOwn: true }) }
      this.#statements(body, inside)
    })
    this.#out.push({ ...statement, body: written })
  }

  #enter(label: Label, here: Here, isLeft: boolean): Scope | undefined {
    if (!isLeft) return undefined
    const on: Variable = { name: `on ${label.name}`, type: 'mask' }
    this.#varyingVariables.add(on)
    this.#out.push({ kind: 'set', variable: on, value: here.mask ?? all })
    return { label, on, outer: here.scope }
  }

  #leave(statement: Leave, here: Here): void {
    if (!this.#uniformity.parts(statement)) {
      this.#out.push(statement)
      return
    }
    this.#turnOff(statement, here, all, here.mask)
    // Nobody is left in it; a loop would not end by itself.
    if (here.isOwn && here.scope) this.#out.push({ kind: 'leave', label: here.scope.label })
  }

  /** Takes the lanes of `mask` that want to leave out of each scope that they leave. */
  #turnOff({ label }: Leave, here: Here, wanted: Value, mask: Value | undefined): void {
    let leaving: Value | undefined
    for (let scope = here.scope; scope !== undefined; scope = scope.outer) {
      // In the scope's own body all that are on in it are here, so there the mask says nothing more; elsewhere others may be on in it.
      if (mask === undefined || (here.isOwn && scope === here.scope)) leaving = undefined
      else leaving ??= wanted === all ? mask : this.#op('and', mask, wanted)
      const staying = this.#not(leaving ?? wanted)
      const value = staying.op === 'constMask' ? staying : this.#op('and', this.#get(scope.on), staying)
      this.#out.push({ kind: 'set', variable: scope.on, value })
      if (scope.label === label) return
    }
  }

  #call(statement: Call, here: Here): void {
    const varies = callVaries(statement, this.#uniformity.varies)
    const args = varies ? [...statement.args, here.mask ?? all] : statement.args
    const { mask, place } = here
    const results = statement.results.map((variable) => {
      if (mask === undefined || !this.#uniformity.isSeen(variable, place)) return variable
      const fresh: Variable = { name: variable.name, type: variable.type }
      if (varies) this.#varyingVariables.add(fresh)
      return fresh
    })
    this.#out.push({ ...statement, args, results })
    for (const [i, variable] of statement.results.entries()) {
      const fresh = results[i] as Variable
      if (fresh !== variable) this.#setSome(variable, this.#get(fresh, varies), mask as Value)
    }
  }

  #inside(body: readonly Statement[], here: Here): Here {
    return { ...here, place: this.#uniformity.places.bodies.get(body) as Place, isOwn: false }
  }

  #ifAny(mask: Value, write: () => void): void {
    this.#out.push({ kind: 'if', condition: mask, yes: this.#written(write), no: [] })
  }

  /** Labels outside a statement to which some lanes leave from inside it. */
  #escapesOf(statement: Statement): ReadonlySet<Label> {
    const known = this.#escapes.get(statement)
    if (known) return known
    const found = new Set<Label>()
    if (statement.kind === 'leave') {
      if (this.#uniformity.parts(statement)) found.add(statement.label)
    } else {
      for (const body of bodiesOf(statement)) {
        for (const inner of body) for (const label of this.#escapesOf(inner)) found.add(label)
      }
      if (statement.kind === 'block' || statement.kind === 'loop') {
        if (found.delete(statement.label)) this.#left.add(statement.label)
        if (statement.kind === 'loop') this.#loops.add(statement.label)
      }
    }
    this.#escapes.set(statement, found)
    return found
  }

  /** Filled by #escapesOf, which has been at every statement that one asks about. */
  readonly #left = new Set<Label>()
  readonly #loops = new Set<Label>()

  #isLeft(label: Label): boolean {
    return this.#left.has(label)
  }

  #isLoop(label: Label): boolean {
    return this.#loops.has(label)
  }

  #written(write: () => void): Statement[] {
    const outer = this.#out
    this.#out = []
    try {
      write()
      return this.#out
    } finally {
      this.#out = outer
    }
  }

  #get(variable: Variable, varies = true): Value {
    return this.#let({ op: 'get', type: variable.type, args: [], imm: 0, variable }, varies)
  }

  #op(op: OpName, ...args: readonly Value[]): Value {
    return this.#let({ op, type: (args.at(-1) as Value).type, args, imm: 0 }, true)
  }

  #not(mask: Value): Value {
    if (mask.op === 'not') return mask.args[0] as Value
    if (mask.op === 'constMask') return { ...mask, imm: 1 - mask.imm }
    return this.#op('not', mask)
  }

  #let(value: Value, varies: boolean): Value {
    if (varies) this.#varying.add(value)
    this.#out.push({ kind: 'let', value })
    return value
  }
}

const all: Value = { op: 'constMask', type: 'mask', args: [], imm: 1 }

function isCheap(statements: readonly Statement[]): boolean {
  return !hasLoops(statements) && cost(statements) <= CHEAP
}

/** A subroutine may loop. */
function hasLoops(statements: readonly Statement[]): boolean {
  return statements.some(
    (statement) => statement.kind === 'loop' || statement.kind === 'call' || bodiesOf(statement).some(hasLoops),
  )
}

function cost(statements: readonly Statement[]): number {
  let sum = 0
  for (const statement of statements) {
    if (statement.kind === 'let') sum += OPS[statement.value.op].cost
    for (const body of bodiesOf(statement)) sum += cost(body)
  }
  return sum
}
