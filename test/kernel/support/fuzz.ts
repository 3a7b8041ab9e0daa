import { expect } from 'vitest'
import { caseOf, type KernelCase, type Outcome, outcomeOf } from './fuzz-kernel.ts'
import { shrink } from './shrink-kernel.ts'

/** Rules that the generator may break, knowing no types of variables; a kernel that is refused by another one is refused wrongly. */
const RULES: readonly RegExp[] = [
  / of what may be a truth value would ask for its type/,
  / between what is or may be a truth value/,
]

/** Compares the kernels of these seeds everywhere, and answers how many were refused. Fails with a smaller kernel where one differs. */
export function fuzz(from: number, to: number): number {
  let refused = 0
  for (let seed = from; seed < to; seed++) {
    const outcome = outcomeOf(caseOf(seed))
    if (outcome.kind === 'different') expect.fail(report(seed))
    if (outcome.kind !== 'refused') continue
    refused++
    if (!RULES.some((rule) => rule.test(outcome.message))) expect.fail(`seed ${seed}: ${outcome.message}`)
  }
  return refused
}

/** The smallest kernel to be had that differs as that of the seed does. */
function report(seed: number): string {
  const found = caseOf(seed)
  const kind = kindOf(outcomeOf(found))
  const small = shrink(found, (candidate) => kindOf(outcomeOf(candidate)) === kind)
  const outcome = outcomeOf(small)
  return `seed ${seed}: ${outcome.kind === 'different' ? outcome.what : ''}\n${show(small)}\nbefore it was shrunk:\n${show(found)}`
}

function show({ source, captures, kernels }: KernelCase): string {
  const given = Object.entries(captures).map(([name, value]) => {
    const kind = ArrayBuffer.isView(value) ? value.constructor.name : kernels.includes(name) ? 'kernel' : ''
    return `  ${name}: ${kind} ${value},\n`
  })
  return `${source}\nwith {\n${given.join('')}}`
}

/** One error does not become another by being shrunk. */
function kindOf(outcome: Outcome): string {
  if (outcome.kind !== 'different') return outcome.kind
  return /^it threw \w+/.exec(outcome.what)?.[0] ?? 'other bits'
}
