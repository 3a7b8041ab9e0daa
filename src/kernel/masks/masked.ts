import type { Statement, Value, Variable } from '../ir/ir.ts'

/**
 * The body of a program or a subroutine for several lanes that run in step, and what of it differs between them: mask() makes it of one for a single
 * item.
 *
 * Statements are those of the IR, with a meaning for all lanes at once: `if` on a condition that varies asks whether any lane holds it, and runs one
 * body or the other for all; `set` sets a variable in every lane; `leave` takes every lane along. What a lane is spared is done by `select`.
 * A `call` whose arguments vary has one more behind them: the mask of lanes that ask. It is the last input of the subroutine's masked body.
 */
export interface MaskedBody {
  readonly body: readonly Statement[]
  /** Read behind the last statement. */
  readonly results: readonly Variable[]
  varies(value: Value): boolean
  variableVaries(variable: Variable): boolean
}

/** A body for one item, in the same form: nothing varies. */
export function oneLane(body: readonly Statement[], results: readonly Variable[]): MaskedBody {
  return { body, results, varies: () => false, variableVaries: () => false }
}
