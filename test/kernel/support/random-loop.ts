import { type Expressions, MOST_ROUNDS } from './random-expression.ts'
import type { Draws } from './random-number.ts'
import type { Scope } from './random-scope.ts'

/** Loops have up to so many rounds, and those inside one another no more than MOST_ROUNDS together. */
const ROUNDS = 7

/**
 * A loop that ends: nothing but its own text assigns its counter. `block` writes its body, with these statements first. Undefined: the loops around have
 * rounds enough.
 */
export function randomLoop(
  draws: Draws,
  scope: Scope,
  expressions: Expressions,
  isLabelled: boolean,
  block: (before: readonly string[]) => string,
): string | undefined {
  const most = Math.floor(MOST_ROUNDS / scope.rounds) - 1
  if (most < 1) return undefined
  const rounds = 1 + draws.below(Math.min(most, ROUNDS))
  const k = scope.counter()
  const any = () => expressions.any(2)
  const body = (...before: readonly string[]) =>
    scope.loop(rounds + 1, () => {
      if (!scope.has(k)) scope.declare(k, 'integer', false)
      return block(before)
    })
  const limit = `if (++${k} > ${rounds}) break;`
  const forms = [
    () => `for (${constantHeader(draws, k, rounds)}) ${body()}`,
    () => `for (${constantHeader(draws, k, rounds)}) ${body()}`,
    () => `for (let ${k} = 0; ${k} < ${rounds} && ${any()}; ${k}++) ${body()}`,
    () => `for (let ${k} = 0; ${any()} && ${k} < ${rounds}; ${k}++) ${body()}`,
    () => `for (let ${k} = 0; ; ) ${body(limit)}`,
    () => {
      const bound = scope.fresh(draws)
      const value = expressions.number(2)
      return scope.block(() => {
        scope.declare(bound, 'number', true)
        return `for (let ${k} = 0, ${bound} = ${value}; ${k} < ${bound} && ${k} < ${rounds}; ${k}++) ${body()}`
      })
    },
    () => {
      const down = scope.counter()
      return `for (let ${k} = 0, ${down} = ${rounds}; ${k} < ${down}; ${k}++, ${down}--) ${body()}`
    },
  ]
  const statements = [
    () => `let ${k} = 0;\nwhile (${k}++ < ${rounds} && ${any()}) ${body()}`,
    () => `let ${k} = 0;\nwhile (${k} < ${rounds}) ${body(`${k}++;`)}`,
    () => `let ${k} = 0;\ndo ${body(`${k}++;`)} while (${k} < ${rounds} && ${any()});`,
    () => `let ${k} = 0;\ndo ${body()} while (${any()} && ++${k} < ${rounds});`,
    () => `let ${k} = 0;\nwhile (true) ${body(limit)}`,
  ]
  if (isLabelled || draws.below(2)) return draws.of(forms)()
  // Its counter is still there behind it.
  scope.declare(k, 'integer', false)
  return draws.of(statements)()
}

/** Whose rounds can be counted. */
function constantHeader(draws: Draws, k: string, rounds: number): string {
  return draws.of([
    `let ${k} = 0; ${k} < ${rounds}; ${k}++`,
    `let ${k} = 0; ${k} < ${rounds}; ++${k}`,
    `let ${k} = ${rounds}; ${k} > 0; ${k}--`,
    `let ${k} = 1; ${k} <= ${rounds}; ${k} += 1`,
    `let ${k} = -2; ${k} < ${2 * rounds - 2}; ${k} += 2`,
    `let ${k} = 0; ${k} !== ${rounds}; ${k}++`,
    `let ${k} = 1; ${k} < ${2 ** rounds}; ${k} *= 2`,
    `let ${k} = 0; ${k} < ${rounds / 4}; ${k} += 0.25`,
    `let ${k} = 4294967290; ${k} < ${4294967290 + rounds}; ${k}++`,
    `let ${k} = -0; ${k} > -${rounds}; ${k}--`,
    `let ${k} = 5; ${k} < 3; ${k}++`,
  ])
}
