import type { Function as FunctionNode } from 'acorn'
import type { Label, Program } from '../ir/ir.ts'
import type { ColdFunction, Expr, Local, Operator, Placed, Step } from './core.ts'
import { constant } from './fold.ts'
import type { Place, Source } from './frame.ts'

/** What a name outside a kernel stands for. */
export type Outer =
  | { readonly kind: 'number'; readonly value: number | boolean }
  | { readonly kind: 'uniform'; readonly index: number; readonly isBoolean: boolean }
  | { readonly kind: 'table'; readonly index: number }
  | { readonly kind: 'helper'; readonly helper: () => Helper }
  | { readonly kind: 'program'; readonly program: Placed }
  /** Of MATH_ONLY, under another name. */
  | { readonly kind: 'operation'; readonly name: Operator }

/** A function to be put in place where it is called. */
export interface Helper {
  readonly name: string
  readonly source: Source
  readonly node: FunctionNode
}

/** What all functions of one kernel share. */
export interface Session {
  readonly library: ReadonlyMap<string, Program>
  readonly isMath: boolean
  /** Compiled functions without captures are called, not put in place. */
  readonly isCalling?: boolean
  /** A name of `with`; undefined: it is not there. */
  outer(name: string): Outer | undefined
  /** Those of src/math that were met, by their nodes. */
  readonly cold: Map<FunctionNode, ColdFunction>
  /** Calls that were put in place so far. */
  inlined: number
}

/** Where `break` and `continue` go. */
export interface Target {
  /** Labels that the source gives it. */
  readonly names: readonly string[]
  readonly breakTo: Label
  /** Undefined: not a loop. */
  readonly continueTo: Label | undefined
  /** Only by its label. */
  readonly isNamedOnly: boolean
}

/** Steps that were done just before, one after the other. */
export interface Preceding {
  readonly steps: readonly Step[]
  readonly outer: Preceding | undefined
}

/** What a function's statements are read in. */
export interface Context {
  readonly session: Session
  readonly source: Source
  scope: Scope
  readonly targets: Target[]
  /** Undefined: at the start of a function, or of a round of a loop. */
  preceding: Preceding | undefined
  /** Takes a `return`: what it gives, and where it goes. */
  readonly give: (value: Expr, at: Place) => Step[]
  /** Of a cold function: several values. */
  readonly giveMany?: (values: readonly Expr[], at: Place) => Step[]
  /** Names that the function assigns, declarations apart. */
  readonly reassigned: ReadonlySet<string>
  /** Functions under way, outermost first. */
  readonly stack: readonly FunctionNode[]
  /** Puts a helper in place of its call. */
  readonly inline: (context: Context, helper: Helper, args: readonly Expr[], at: Place) => Expr
  readonly cold: (context: Context, helper: Helper) => ColdFunction
}

/** Names of a block and of those around it, up to the function's. */
export class Scope {
  readonly #names = new Map<string, Local>()
  readonly #parent: Scope | undefined
  /** Values declared here may be used where this body does not enclose: in another case of a `switch`. */
  readonly isOpen: boolean

  constructor(parent: Scope | undefined, isOpen = false) {
    this.#parent = parent
    this.isOpen = isOpen
  }

  declare(name: string, local: Local): void {
    this.#names.set(name, local)
  }

  own(name: string): Local | undefined {
    return this.#names.get(name)
  }

  find(name: string): Local | undefined {
    return this.#names.get(name) ?? this.#parent?.find(name)
  }
}

export function makeLocal(name: string, kind: Local['kind'], isScoped: boolean): Local {
  return { name, kind, isScoped, assignments: 0 }
}

export function assign(local: Local, value: Expr, at: Place, declares = false): Expr {
  local.assignments += 1
  return { kind: 'assign', local, value, declares, at }
}

export function read(local: Local, at: Place): Expr {
  return local.constant === undefined ? { kind: 'read', local, at } : constant(local.constant, at)
}

export function act(expression: Expr): Step {
  return { kind: 'do', expression }
}

export function placeOf(
  { source }: { readonly source: Source },
  { start, end }: { readonly start: number; readonly end: number },
): Place {
  return { source, start, end }
}
