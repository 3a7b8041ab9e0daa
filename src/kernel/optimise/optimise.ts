import type { Program, Statement, Subroutine, Variable } from '../ir/ir.ts'
import { everyStatement } from '../ir/places.ts'
import { markNeeded } from './needed.ts'
import { rewrite } from './rewrite.ts'
import { Written } from './written.ts'

/**
 * A body is written anew until nothing more comes of it, so often at most. The 64 kernels of the test corpus take one round or two, of 3,000 random programs
 * one takes five. Larger, and a hostile source may cost more rounds; smaller, and some of these stop halfway.
 */
const MOST_ROUNDS = 8

/**
 * A program that computes the same, in every bit, by less: what engines are given.
 *
 * Constants are folded, values computed once, taken out of loops and, where cheap, out of branches; what no result needs is gone. Of it there is nothing
 * left to be done: the same again gives the same.
 * Cost: O(statements × depth), a few times.
 */
export function optimise(program: Program): Program {
  const body = optimiseBody(program.body, [program.result])
  const called = new Set<Subroutine>()
  collectCalled(body, called)
  return { ...program, body, subroutines: [...called] }
}

function optimiseBody(body: readonly Statement[], results: readonly Variable[]): readonly Statement[] {
  let statements = body
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const draft = rewrite(statements, results, optimiseSubroutine)
    markNeeded(draft)
    const written = new Written()
    statements = written.statements(draft.items)
    if (!draft.again && !written.again) break
  }
  return statements
}

const optimised = new WeakMap<Subroutine, Subroutine>()

/** Optimises a subroutine, once for all kernels that call it. */
function optimiseSubroutine(subroutine: Subroutine): Subroutine {
  let made = optimised.get(subroutine)
  if (made === undefined) {
    const { body, results } = subroutine
    made = { ...subroutine, body: optimiseBody(body, results) }
    optimised.set(subroutine, made)
    optimised.set(made, made)
  }
  return made
}

function collectCalled(statements: readonly Statement[], called: Set<Subroutine>): void {
  for (const statement of everyStatement(statements)) {
    if (statement.kind !== 'call') continue
    collectCalled(statement.subroutine.body, called)
    called.add(statement.subroutine)
  }
}
