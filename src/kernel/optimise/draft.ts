import type { Label, Subroutine, Type, Value, Variable } from '../ir/ir.ts'
import type { OpName } from '../ir/ops.ts'

/**
 * A program while it is rewritten: its statements as lists that still grow, each value once, and for each read of a variable what it may read.
 *
 * Values are nodes. One is placed in the list of a scope, and may be used there and in what is inside, as long as the scope is open.
 */
export class Node {
  readonly op: OpName
  readonly type: Type
  readonly args: readonly Node[]
  readonly imm: number
  /** Counts nodes, from 1 on. */
  readonly id: number
  /** What is known of it: traits.ts. */
  readonly traits: number
  /** Where it is computed. */
  readonly scope: Scope
  /** Of `get`. */
  readonly read: Read | undefined
  /** The same for values of which is known that they are equal, though one may be out of reach where the other is computed. */
  symbol: number
  /** A mask that is known here. */
  known: boolean | undefined = undefined
  /** Of a remainder: something wants to know the sign of a zero. */
  isSigned = false
  isNeeded = false
  /** In the program that is written. */
  value: Value | undefined = undefined

  constructor(
    op: OpName,
    type: Type,
    args: readonly Node[],
    imm: number,
    id: number,
    traits: number,
    scope: Scope,
    read?: Read,
  ) {
    this.op = op
    this.type = type
    this.args = args
    this.imm = imm
    this.id = id
    this.symbol = id
    this.traits = traits
    this.scope = scope
    this.read = read
  }
}

export interface Read {
  readonly variable: Variable
  readonly definition: Definition
}

/** What a variable holds at some place: what one statement gave it, or one of several, by the way that led there; neither: 0, or false. */
export interface Definition {
  readonly by: SetItem | CallItem | undefined
  /** Those of a loop's head are completed at its end. */
  readonly from: readonly Definition[]
  isNeeded: boolean
}

/** A list of statements that is being written. */
export interface Scope {
  readonly items: Item[]
  readonly outer: Scope | undefined
  readonly depth: number
  /** Whose body it is; undefined: the program's. */
  readonly owner: Construct | undefined
  isOpen: boolean
  /** A `leave` of it, or of something around it, stands in it already. */
  mayBeLeft: boolean
}

export type Construct = IfItem | BlockItem | LoopItem
export type Item = LetItem | SetItem | Construct | LeaveItem | CallItem

export interface LetItem {
  readonly kind: 'let'
  readonly node: Node
}

interface Needed {
  /** The construct around it. */
  readonly inside: Construct | undefined
  isNeeded: boolean
}

export interface SetItem extends Needed {
  readonly kind: 'set'
  readonly variable: Variable
  readonly node: Node
}

export interface IfItem extends Needed {
  readonly kind: 'if'
  readonly condition: Node
  readonly yes: Item[]
  readonly no: Item[]
}

export interface BlockItem extends Needed {
  readonly kind: 'block'
  readonly label: Label
  readonly body: Item[]
  readonly leaves: LeaveItem[]
}

export interface LoopItem extends Needed {
  readonly kind: 'loop'
  readonly label: Label
  readonly body: Item[]
  readonly leaves: LeaveItem[]
  readonly rounds: number | undefined
  /** Its end is reached. */
  isRepeated: boolean
}

export interface LeaveItem extends Needed {
  readonly kind: 'leave'
  readonly target: BlockItem | LoopItem
}

export interface CallItem extends Needed {
  readonly kind: 'call'
  readonly subroutine: Subroutine
  readonly args: readonly Node[]
  readonly results: readonly Variable[]
}
