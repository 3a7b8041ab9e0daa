import type { Statement, Variable } from '../../ir/ir.ts'
import type { Body } from './uses.ts'

/** Where the variables of a program or subroutine are declared. */
export interface Declarations {
  /** In front of everything. */
  readonly ahead: readonly Variable[]
  /** By the statement of the outermost body that sets them, as their first mention. */
  readonly by: ReadonlyMap<Variable, Statement>
  readonly setOnce: ReadonlySet<Variable>
}

export function declarations(body: Body, results: readonly Variable[]): Declarations {
  const by = new Map<Variable, Statement>()
  const sets = new Map<Variable, number>()
  for (const statement of body) {
    // What is set here and was never mentioned in front of here; a value that reads it comes later.
    const fresh = variablesSet(statement).filter((variable) => !sets.has(variable))
    mention([statement], sets)
    for (const variable of fresh) by.set(variable, statement)
  }
  for (const variable of results) if (!sets.has(variable)) sets.set(variable, 0)
  const all = [...sets.keys()]
  return {
    ahead: all.filter((variable) => !by.has(variable)),
    by,
    setOnce: new Set(all.filter((variable) => sets.get(variable) === 1)),
  }
}

function variablesSet(statement: Statement): readonly Variable[] {
  if (statement.kind === 'set') return [statement.variable]
  return statement.kind === 'call' ? statement.results : []
}

/** Counts how often each variable is set; 0 of those that are read alone. */
function mention(body: Body, sets: Map<Variable, number>): void {
  for (const statement of body) {
    if (statement.kind === 'let') {
      const { variable } = statement.value
      if (variable && !sets.has(variable)) sets.set(variable, 0)
    } else if (statement.kind === 'if') {
      mention(statement.yes, sets)
      mention(statement.no, sets)
    } else if (statement.kind === 'block' || statement.kind === 'loop') mention(statement.body, sets)
    for (const variable of variablesSet(statement)) sets.set(variable, (sets.get(variable) ?? 0) + 1)
  }
}
