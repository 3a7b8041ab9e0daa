import type { OpName } from './ops.ts'

/**
 * The form of a kernel between its source and what the engines run: what one item computes, as straight code, branches and loops.
 *
 *   program    statements, and the variable that holds the result behind the last of them
 *   statement  let     computes a value, here and now; later statements of the same or an inner body may use it
 *              set     gives a variable the value
 *              if      one body or the other
 *              block   a body; `leave` goes to its end from anywhere inside
 *              loop    a body, again and again; only `leave`, of it or of a block around it, ends it
 *              leave   goes to the end of a block or loop around it: `break` of JavaScript; `continue` leaves a block inside its loop, `return` the outermost
 *              call    a subroutine, for rare cases
 *   value      an operation of ops.ts on values
 *   variable   what JavaScript's are: a place that is set again and again
 *
 * Types are those of ops.ts. A program is pure: nothing but its result is seen outside, and no operation traps, so that any of them may be
 * computed where its result is not wanted.
 */
export interface Program {
  readonly name: string
  /** Parameters of the kernel, in order; `input` values name them by index. */
  readonly inputs: readonly Input[]
  /** Captured numbers, in order; `uniform` values name them by index. */
  readonly uniforms: readonly string[]
  /** Captured arrays, in order; `gather` and `length` values name them by index. */
  readonly tables: readonly string[]
  readonly body: readonly Statement[]
  /** Holds the result at the end of `body`; of type f64. */
  readonly result: Variable
  readonly subroutines: readonly Subroutine[]
}

export interface Input {
  readonly name: string
  /** What a missing argument is; undefined: it may not be missing. */
  readonly default?: number
}

export type Type = 'f64' | 'i32' | 'mask'

/** Compared by identity: two values of the same operation on the same values may stand in different places. */
export interface Value {
  readonly op: OpName
  readonly type: Type
  readonly args: readonly Value[]
  /** Of `const`, `constI32`, `constMask`: the constant, as a number. Of `input`, `uniform`, `gather`, `length`: the index. Of `exponent`, `mantissa`: the word c. Else 0. */
  readonly imm: number
  /** Of `get`: what is read. */
  readonly variable?: Variable
}

/** Compared by identity. */
export interface Variable {
  readonly name: string
  readonly type: Type
}

/** Names a block or a loop; compared by identity. */
export interface Label {
  readonly name: string
}

export type Statement = Let | Set | If | Block | Loop | Leave | Call

/** Not for leaves, which stand wherever they are used: `const`, `constI32`, `constMask`, `input`, `uniform`, `length`. */
export interface Let {
  readonly kind: 'let'
  readonly value: Value
}

export interface Set {
  readonly kind: 'set'
  readonly variable: Variable
  readonly value: Value
}

export interface If {
  readonly kind: 'if'
  /** Of type mask. */
  readonly condition: Value
  readonly yes: readonly Statement[]
  readonly no: readonly Statement[]
}

export interface Block {
  readonly kind: 'block'
  readonly label: Label
  readonly body: readonly Statement[]
}

export interface Loop {
  readonly kind: 'loop'
  readonly label: Label
  readonly body: readonly Statement[]
  /** Rounds at most, where that is known. */
  readonly rounds?: number
}

export interface Leave {
  readonly kind: 'leave'
  readonly label: Label
}

/** Sets `results` to what the subroutine gives. */
export interface Call {
  readonly kind: 'call'
  readonly subroutine: Subroutine
  readonly args: readonly Value[]
  readonly results: readonly Variable[]
}

/**
 * A rare path, printed once a kernel: its parameters are `input` values. It has no uniforms and no tables of its own, and calls nothing.
 * In the form for long texts of the js engine, also a function that others call, which may call in turn.
 */
export interface Subroutine {
  readonly name: string
  readonly inputs: readonly Type[]
  readonly body: readonly Statement[]
  readonly results: readonly Variable[]
}
