import type { Label, Program } from '../ir/ir.ts'
import type { Place } from './frame.ts'

/**
 * The form of a kernel between its syntax and the IR: names are resolved, sugar is gone, helpers are in place; types are still to be found.
 *
 * A statement or an expression here does what JavaScript's does, in the same order.
 */
export type Step = Do | Declare | If | Block | Loop | Leave | End | Cold

export interface Do {
  readonly kind: 'do'
  readonly expression: Expr
}

/** `let x` without a value, where it stands: until it is assigned, nobody may read it; before that, nobody may touch it. */
export interface Declare {
  readonly kind: 'declare'
  readonly local: Local
}

export interface If {
  readonly kind: 'if'
  readonly condition: Expr
  readonly yes: readonly Step[]
  readonly no: readonly Step[]
}

export interface Block {
  readonly kind: 'block'
  readonly label: Label
  readonly body: readonly Step[]
}

export interface Loop {
  readonly kind: 'loop'
  readonly label: Label
  readonly body: readonly Step[]
  readonly rounds?: number | undefined
}

export interface Leave {
  readonly kind: 'leave'
  readonly label: Label
}

/** Where a function would end without `return`: must not be reached. */
export interface End {
  readonly kind: 'end'
  readonly at: Place
}

/** `const [a, b] = coldX(…)` of src/math: a hole is undefined. */
export interface Cold {
  readonly kind: 'cold'
  readonly cold: ColdFunction
  readonly args: readonly Expr[]
  readonly targets: readonly (Local | undefined)[]
  /** It stands at their declaration. */
  readonly declares: boolean
  readonly at: Place
}

export interface ColdFunction {
  readonly name: string
  readonly parameters: number
  readonly body: readonly Step[]
  readonly results: readonly Local[]
}

export type Expr =
  | { readonly kind: 'number'; readonly value: number; readonly at: Place }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly at: Place }
  | { readonly kind: 'input'; readonly index: number; readonly at: Place }
  | { readonly kind: 'uniform'; readonly index: number; readonly isBoolean: boolean; readonly at: Place }
  | { readonly kind: 'length'; readonly table: number; readonly at: Place }
  | { readonly kind: 'gather'; readonly table: number; readonly index: Expr; readonly at: Place }
  | { readonly kind: 'read'; readonly local: Local; readonly at: Place }
  /** Its value is what was assigned. */
  | {
      readonly kind: 'assign'
      readonly local: Local
      readonly value: Expr
      /** It stands at the declaration. */
      readonly declares: boolean
      readonly at: Place
    }
  /** Does the steps, then gives the value. */
  | { readonly kind: 'after'; readonly steps: readonly Step[]; readonly value: Expr; readonly at: Place }
  | { readonly kind: 'operation'; readonly operator: Operator; readonly args: readonly Expr[]; readonly at: Place }
  | { readonly kind: 'choose'; readonly condition: Expr; readonly yes: Expr; readonly no: Expr; readonly at: Place }
  | {
      readonly kind: 'logic'
      readonly operator: '&&' | '||'
      readonly left: Expr
      readonly right: Expr
      readonly at: Place
    }
  /** A compiled function, to be put in place. */
  | { readonly kind: 'program'; readonly program: Placed; readonly args: readonly Expr[]; readonly at: Place }

/** The expressions that one is made of, in the order in which they are computed; not what the steps of an `after` do. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'gather':
      return [expr.index]
    case 'assign':
    case 'after':
      return [expr.value]
    case 'operation':
    case 'program':
      return expr.args
    case 'choose':
      return [expr.condition, expr.yes, expr.no]
    case 'logic':
      return [expr.left, expr.right]
    default:
      return []
  }
}

/** A compiled function, and where its captures stand among those of the kernel. */
export interface Placed {
  readonly program: Program
  readonly uniforms: readonly number[]
  readonly tables: readonly number[]
}

/** JavaScript's operators by their signs, functions by their names. */
export type Operator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | 'neg'
  | 'number'
  | '!'
  | '&'
  | '|'
  | '^'
  | '~'
  | '<<'
  | '>>'
  | '>>>'
  | '<'
  | '<='
  | '>'
  | '>='
  | '=='
  | '!='
  | '==='
  | '!=='
  | 'abs'
  | 'sqrt'
  | 'floor'
  | 'ceil'
  | 'trunc'
  | 'round'
  | 'fround'
  | 'min'
  | 'max'
  | 'imul'
  | 'clz32'
  | 'isNaN'
  | 'isFinite'
  | 'isInteger'
  | 'isSafeInteger'
  | MathOperator

/** Operators that compare two numbers. */
export const COMPARISONS: readonly Operator[] = ['<', '<=', '>', '>=', '==', '!=', '===', '!==']

/** For src/math alone, each the operation of its name. The second argument of `exponent`, `mantissa`, `bit` is a constant. */
export type MathOperator = 'pow2' | 'scalb' | 'exponent' | 'mantissa' | 'signbit' | 'bit' | 'lesser' | 'greater'

/** A variable of the source, or one that the compiler made. */
export interface Local {
  readonly name: string
  readonly kind: 'const' | 'let' | 'var' | 'parameter' | 'hidden'
  /** How often the text assigns it. */
  assignments: number
  /** Assigned where it is declared, in a body that holds every use of it: assigned once, it is a value and no variable. */
  readonly isScoped: boolean
  /** It never holds anything else, so that reads of it are this constant. */
  constant?: number | boolean
  /** What it stays within, as a loop's header says, where the header alone assigns it. */
  counted?: Range
}

/** A loop's header assigns its variable where it begins and at each step. */
export const HEADER_ASSIGNMENTS = 2

/** The integers from `low` to `high`, all of them exact; −0 only where `minusZero` says so. */
export interface Range {
  readonly low: number
  readonly high: number
  readonly minusZero: boolean
}
