import type { Call, Program, Statement, Subroutine, Variable } from '../../ir/ir.ts'
import { bodiesOf, everyStatement, placesOf } from '../../ir/places.ts'
import { mask, maskSubroutine } from '../../masks/mask.ts'
import { ALL } from '../../masks/mask-writer.ts'
import { zero } from '../../masks/uniform.ts'
import { remCalled, remInlined } from './remainders.ts'

/**
 * The program for several lanes that run in step (masked.ts), as a program again.
 *
 *   rem          is no operation: it is a subroutine as others
 *   subroutines  are those that are called; the last input of each is the mask of the lanes that ask, and the last argument of every call
 *   variables    begin with a `set` or as a result of a call, in the body that all that names them is in
 */
export function lanesOf(program: Program): Program {
  const { body, results } = mask({ ...program, body: remCalled(program.body) })
  const forms = new Map<Subroutine, Subroutine>()
  for (const statement of everyStatement(body)) {
    if (statement.kind !== 'call' || forms.has(statement.subroutine)) continue
    forms.set(statement.subroutine, subroutineOf(statement.subroutine))
  }
  return { ...program, body: written(body, results, forms), subroutines: [...forms.values()] }
}

function subroutineOf(subroutine: Subroutine): Subroutine {
  const { body, results } = maskSubroutine({ ...subroutine, body: remInlined(subroutine.body) })
  return { ...subroutine, inputs: [...subroutine.inputs, 'mask'], body: written(body, results, new Map()) }
}

/** The masked body with calls of the subroutines' forms, and with variables begun. */
function written(
  body: readonly Statement[],
  results: readonly Variable[],
  forms: ReadonlyMap<Subroutine, Subroutine>,
): Statement[] {
  const begins = beginsOf(body, results)
  const all = (statements: readonly Statement[]): Statement[] =>
    statements.flatMap((statement) => [...(begins.get(statement) ?? []).map(zero), one(statement)])
  return all(body)

  function one(statement: Statement): Statement {
    switch (statement.kind) {
      case 'call':
        return callOf(statement, forms.get(statement.subroutine) as Subroutine)
      case 'if':
        return { ...statement, yes: all(statement.yes), no: all(statement.no) }
      case 'block':
      case 'loop':
        return { ...statement, body: all(statement.body) }
      default:
        return statement
    }
  }
}

/** mask() gives a call its mask where the arguments vary. */
function callOf(call: Call, subroutine: Subroutine): Call {
  const isAsked = call.args.length === subroutine.inputs.length
  return { ...call, subroutine, args: isAsked ? call.args : [...call.args, ALL] }
}

/**
 * Variables that have to be set to 0 in front of a statement, since what names them first is a `get`, or further inside than another that names them. It
 * changes nothing: only lanes that are off read what they held, or paths on which they have been set.
 */
function beginsOf(body: readonly Statement[], results: readonly Variable[]): ReadonlyMap<Statement, Variable[]> {
  const { variables } = placesOf(body, results)
  const begins = new Map<Statement, Variable[]>()
  const known = new Set<Variable>()
  /** The statements that are open, from the outside in. */
  const path: Statement[] = []

  const meet = (variable: Variable, isSet: boolean) => {
    if (known.has(variable)) return
    known.add(variable)
    const depth = variables.get(variable)?.scope.depth as number
    if (isSet && depth === path.length - 1) return
    const statement = path[depth] as Statement
    begins.set(statement, [...(begins.get(statement) ?? []), variable])
  }
  const walk = (statements: readonly Statement[]) => {
    for (const statement of statements) {
      path.push(statement)
      if (statement.kind === 'set') meet(statement.variable, true)
      else if (statement.kind === 'call') for (const variable of statement.results) meet(variable, true)
      else if (statement.kind === 'let' && statement.value.variable) meet(statement.value.variable, false)
      for (const inner of bodiesOf(statement)) walk(inner)
      path.pop()
    }
  }
  walk(body)
  // Named by no statement: the body does not end.
  path.push(body[0] as Statement)
  for (const variable of results) meet(variable, false)
  return begins
}
