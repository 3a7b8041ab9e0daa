/** States what holds here; a failure is a bug of lanewise, never of its user. */
export function invariant(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`lanewise is at fault: ${what}; please report it`)
}
