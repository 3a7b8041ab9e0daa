import type { Value } from '../../ir/ir.ts'

/**
 * A `select` of vectors that takes fewer operations than choosing all bits of both sides, which V8 does by three.
 *
 *   flipped   x, with its sign flipped where the mask holds: only the sign bit of the mask matters
 *   cleared   x where the mask holds, else 0
 *
 * `isNegated`: where it does not hold.
 */
export interface Choice {
  readonly kind: 'flipped' | 'cleared'
  readonly x: Value
  readonly mask: Value
  readonly isNegated: boolean
}

export function choiceOf({ op, args }: Value): Choice | undefined {
  if (op !== 'select') return undefined
  const [mask, yes, no] = args as [Value, Value, Value]
  if (yes.op === 'neg' && yes.args[0] === no) return { kind: 'flipped', x: no, mask, isNegated: false }
  if (no.op === 'neg' && no.args[0] === yes) return { kind: 'flipped', x: yes, mask, isNegated: true }
  if (isZero(no)) return { kind: 'cleared', x: yes, mask, isNegated: false }
  return isZero(yes) ? { kind: 'cleared', x: no, mask, isNegated: true } : undefined
}

function isZero({ op, imm }: Value): boolean {
  return (op === 'const' && Object.is(imm, 0)) || (op === 'constI32' && imm === 0)
}

/** Whether what has the sign bit of a mask is cheaper than the mask. */
export function hasCheapSign({ op }: Value): boolean {
  return op === 'bit' || op === 'signbit'
}
