import type { Block, Label, Leave, Loop, Statement, Value, Variable } from '../ir/ir.ts'
import type { Place } from '../ir/places.ts'
import type { Escapes } from './escapes.ts'
import { ALL, type MaskWriter } from './mask-writer.ts'
import type { Uniformity } from './uniform.ts'

/** A block or loop that lanes leave one by one. */
export interface Scope {
  readonly label: Label
  readonly isLoop: boolean
  readonly body: Place
  /** The lanes that are still in it. */
  readonly on: Variable
  readonly outer: Scope | undefined
}

/** Where statements are being masked. */
export interface Here {
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

/** Which lanes are where, and where they go; what that takes of masks is written. */
export class Lanes {
  readonly #uniform: Uniformity
  readonly #escapes: Escapes
  readonly #w: MaskWriter

  constructor(uniform: Uniformity, escapes: Escapes, writer: MaskWriter) {
    this.#uniform = uniform
    this.#escapes = escapes
    this.#w = writer
  }

  /** In a body inside this place. */
  inside(body: readonly Statement[], here: Here): Here {
    return { ...here, place: this.#uniform.places.bodies.get(body) as Place, isOwn: false }
  }

  /** Goes into a block or loop, which gets a mask of its own if lanes leave it one by one. */
  enter({ kind, label, body }: Block | Loop, here: Here, isLeft: boolean): Here {
    const inside = this.inside(body, here)
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

  /** The lanes of a mask among those that came. */
  those(wanted: Value, came: Here): { inside: Here; mask: Value } {
    const side = this.#w.and(came.side, wanted)
    const mask = came.mask === came.side ? side : this.#w.and(came.mask, wanted)
    return { inside: { ...came, side, mask, mayBeEmpty: false }, mask }
  }

  /** The lanes that a `set` here may set: all that are here, and such as never read the variable again. Undefined: all. */
  sparing(variable: Variable, { place, scope, side, mask }: Here): Value | undefined {
    const seenFrom = this.#uniform.seenFrom(variable, place)
    if (seenFrom === undefined) return undefined
    return seenFrom.depth > (scope?.body.depth ?? -1) ? side : mask
  }

  /** Whether lanes leave a loop at the end of a side. */
  isWayOut(side: readonly Statement[], { scope }: Here): boolean {
    const last = side.at(-1)
    if (last?.kind !== 'leave' || !this.#uniform.parts(last)) return false
    for (let left = scope; left !== undefined; left = left.outer) {
      if (left.isLoop) return true
      if (left.label === last.label) return false
    }
    return false
  }

  /** Whether lanes leave through a statement by ways out alone, which ask whether any are left. */
  asksItself(statement: Statement, here: Here): boolean {
    if (statement.kind !== 'if' || !this.#uniform.parts(statement)) return false
    return [statement.yes, statement.no].every((side) => {
      const escaping = side.filter((inner) => this.#escapes.of(inner).size > 0)
      return escaping.length === 0 || (escaping.length === 1 && side.length > 1 && this.isWayOut(side, here))
    })
  }

  /** Lanes left through the statement before: the mask is what is left of it. */
  followMask(here: Here): void {
    const { scope, isOwn } = here
    if (scope === undefined) return
    const on = this.#w.get(scope.on)
    here.mask = isOwn || here.mask === undefined ? on : this.#w.op('and', here.mask, on)
    here.mayBeEmpty = true
  }

  /** Takes the lanes of `mask` that want to leave out of each scope that they leave. */
  turnOff({ label }: Leave, here: Here, wanted: Value, mask: Value | undefined): void {
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
}
