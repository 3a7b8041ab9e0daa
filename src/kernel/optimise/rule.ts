import type { OpName } from '../ir/ops.ts'
import type { Node } from './draft.ts'

/** Makes values for rules. */
export interface Maker {
  op(op: OpName, args: readonly Node[], imm?: number): Node
  const(x: number): Node
  constI32(x: number): Node
  constMask(truth: boolean): Node
}

/**
 * What an operation on these arguments is besides itself: a value with the same bits, and no dearer; undefined if the rule knows none. Arguments that an
 * operation does not have are undefined, which their types do not say.
 */
export type Rule = (make: Maker, a: Node, b: Node, c: Node) => Node | undefined

export type Rules = Partial<Record<OpName, Rule>>

export function isConst(node: Node, x: number): boolean {
  return node.op === 'const' && Object.is(node.imm, x)
}

export function isZero({ op, imm }: Node): boolean {
  return op === 'const' && imm === 0
}

export function isI32(node: Node, x: number): boolean {
  return node.op === 'constI32' && node.imm === x
}

export function isConstant({ op }: Node): boolean {
  return op === 'const' || op === 'constI32' || op === 'constMask'
}

/** The first argument. */
export function of({ args }: Node): Node {
  return args[0] as Node
}
