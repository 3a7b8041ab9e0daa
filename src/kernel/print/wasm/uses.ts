import type { Statement, Value } from '../../ir/ir.ts'
import { LEAVES } from '../../ir/ops.ts'
import { bodiesOf, everyStatement, usesOf } from '../../ir/places.ts'
import type { MaskedBody } from '../../masks/masked.ts'
import { choiceOf, hasCheapSign } from './choices.ts'

/** How often a value is pushed on the stack by the code of a body. */
export interface Use {
  /** Statements and values that use it. */
  sites: number
  /** Pushes of all copies together. */
  pushes: number
}

/**
 * Counts the uses of all values but leaves; one that is not found is never used. With `copies` vectors in flight, what varies is computed so many
 * times, and pushes what does not vary each time.
 */
export function usesIn(
  { body, varies, variableVaries }: MaskedBody,
  copies: number,
  here: ReadonlySet<Value>,
): Map<Value, Use> {
  const uses = new Map<Value, Use>()
  const use = (value: Value, times: number) => {
    if (LEAVES.has(value.op)) return
    const known = uses.get(value)
    if (known) {
      known.sites++
      known.pushes += times
    } else uses.set(value, { sites: 1, pushes: times })
  }
  /** How often the statement pushes what it uses. */
  const timesOf = (statement: Statement): number => {
    switch (statement.kind) {
      case 'let':
        return varies(statement.value) ? copies : 1
      case 'set':
        return variableVaries(statement.variable) ? copies : 1
      case 'if':
        return varies(statement.condition) ? copies : 1
      case 'call':
        return statement.args.some(varies) ? copies : 1
      default:
        return 0
    }
  }
  // From the end: what uses a value stands behind it, so that what only unused values use is unused itself.
  const visit = (statements: readonly Statement[]) => {
    for (const statement of statements.toReversed()) {
      for (const inner of bodiesOf(statement)) visit(inner)
      if (statement.kind === 'let' && !uses.has(statement.value)) continue
      const used =
        statement.kind === 'let' && varies(statement.value) ? operandsOf(statement.value, here) : usesOf(statement)
      for (const value of used) use(value, timesOf(statement))
    }
  }
  visit(body)
  return uses
}

/** Values of a body, and not of a part before it. */
export function computedIn(body: readonly Statement[]): Set<Value> {
  const found = new Set<Value>()
  for (const statement of everyStatement(body)) if (statement.kind === 'let') found.add(statement.value)
  return found
}

/** What the code of a vector operation pushes; `here`: what is computed in its body. */
export function operandsOf(value: Value, here: ReadonlySet<Value>): readonly Value[] {
  const choice = choiceOf(value)
  if (choice === undefined) return value.args
  const { kind, x, mask } = choice
  return kind === 'flipped' && hasCheapSign(mask) && here.has(mask) ? [x, mask.args[0] as Value] : [x, mask]
}
