import { REMAINDERS, searchesBy } from '../../ir/cost.ts'
import type { Loop, Statement, Variable } from '../../ir/ir.ts'
import { bodiesOf } from '../../ir/places.ts'
import { cost } from '../../ir/sides.ts'
import type { MaskedBody } from '../../masks/masked.ts'

/** How many vectors a module may have in flight: it computes so many together, operation by operation. */
export type Copies = 1 | 2 | 4 | 8

/**
 * Variables of an innermost loop that stay in vector registers, with eight and with two copies: x86-64 has 16 registers, and what a round computes takes
 * some besides. More copies than fit are slower than fewer. The logistic map has one, collatz two: 5.9 and 5.5 times a plain loop with four copies, 8.9
 * and 7.3 with eight; mandelbrot has three: 2.6 with two, 2.5 with four.
 */
const FIT = { eight: 2, two: 5 } as const

/**
 * A round, or a body without loops, that costs more, in additions, has enough to do by itself while it waits; with two copies a processor still finds
 * more. Black-Scholes and haversine, of some 400: 2.4 and 1.7 times a plain loop with one copy, 3.2 and 2.1 with two, 3.0 and 1.9 with four on Node 20;
 * on Node 24 2.4 and 1.6, 2.9 and 2.0, 3.9 and 2.4. Four would double the code, and the time it takes to make. Two remainders a round are long too: trial
 * division takes 2.2 times as long with eight copies as with two, since each waits for the slowest lane of all.
 */
const LONG = 120

/**
 * A body without loops that costs less waits for memory. What stands around loops and costs more has enough to do with two copies, and with eight too many
 * values for 16 registers: an exponential, and a filter of up to 64 rounds, took 207 ns with eight, 109 with four, 90 with two (Node 24).
 */
const SHORT = 30

/**
 * Chooses how many vectors to have in flight. A loop waits for what its round before computed, so that several vectors hide one another's latency; so do
 * long chains of operations. But each waits for the slowest lane of all, which costs most where lanes search.
 */
export function vectorsInFlight(body: MaskedBody): Copies {
  if (searchesBy(body.body, REMAINDERS)) return 1
  const loops = innermost(body.body)
  if (loops.length === 0) return cost(body.body) > SHORT ? 2 : 1
  const round = Math.max(...loops.map((loop) => cost(loop.body)))
  if (round > LONG) return 2
  const around = cost(body.body) - loops.reduce((sum, loop) => sum + cost(loop.body), 0)
  if (around > SHORT) return 2
  const most = Math.max(...loops.map((loop) => variablesOf(loop, body)))
  if (most <= FIT.eight) return round > LONG / 2 ? 4 : 8
  return most <= FIT.two ? 2 : 1
}

function innermost(statements: readonly Statement[]): Loop[] {
  return statements.flatMap((statement) => {
    const inside = bodiesOf(statement).flatMap(innermost)
    return statement.kind === 'loop' && inside.length === 0 ? [statement] : inside
  })
}

/** Variables that vary and that each round sets or reads, but for those on a way out: each lane goes there once. */
function variablesOf(loop: Loop, { variableVaries }: MaskedBody): number {
  const found = new Set<Variable>()
  const walk = (statements: readonly Statement[]) => {
    for (const statement of statements) {
      if (statement.kind === 'let' && statement.value.variable) found.add(statement.value.variable)
      if (statement.kind === 'set') found.add(statement.variable)
      if (statement.kind === 'if' && (leaves(statement.yes) || leaves(statement.no))) continue
      bodiesOf(statement).forEach(walk)
    }
  }
  walk(loop.body)
  return [...found].filter(variableVaries).length
}

function leaves(statements: readonly Statement[]): boolean {
  return statements.some((statement) => statement.kind === 'leave' || bodiesOf(statement).some(leaves))
}
