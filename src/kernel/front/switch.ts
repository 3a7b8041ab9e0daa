import type { AnyNode, Statement, SwitchStatement } from 'acorn'
import type { Label } from '../ir/ir.ts'
import { branch, logic } from './conditions.ts'
import { type Expr, partsOf, type Step } from './core.ts'
import { operation } from './fold.ts'
import { hoistBlock } from './hoist.ts'
import { act, assign, type Context, makeLocal, placeOf, Scope } from './scope.ts'
import { isLeaving } from './shape.ts'

/**
 * Reads a `switch`. Where no case runs on into the next it is a chain of ifs; else blocks inside one another, one for each case, that the
 * tests leave to where their case begins:
 *
 *     block switch: block case 1: block case 0: if (d === v0) leave case 0 … leave default │ end of case 0: its body │ end of case 1: …
 */
export function switchSteps(
  context: Context,
  node: SwitchStatement,
  names: readonly string[],
  expression: (context: Context, node: AnyNode) => Expr,
  statement: (context: Context, node: Statement) => Step[],
): Step[] {
  const at = placeOf(context, node.discriminant)
  const asked = makeLocal('switched', 'hidden', true)
  const ask = act(assign(asked, expression(context, node.discriminant), at))
  const out: Label = { name: 'switch' }

  // All cases are one scope, and none of them encloses the others.
  const { scope } = context
  context.scope = new Scope(scope, true)
  for (const { consequent } of node.cases) hoistBlock(context, consequent, context.scope)
  context.targets.push({ names, breakTo: out, continueTo: undefined, isNamedOnly: false })
  const cases = node.cases.map(({ test, consequent }): Case => {
    const value = test ? expression(context, test) : undefined
    return {
      test: value && operation('===', [{ kind: 'read', local: asked, at }, value], value.at),
      body: consequent.flatMap((each) => statement(context, each)),
    }
  })
  context.targets.pop()
  context.scope = scope
  return [ask, { kind: 'block', label: out, body: chain(cases) ?? nested(cases, out) }]
}

interface Case {
  /** Undefined: of `default`. */
  readonly test: Expr | undefined
  readonly body: readonly Step[]
}

/** Ifs, one after the other; undefined: a case runs on into the next. */
function chain(cases: readonly Case[]): Step[] | undefined {
  let otherwise: readonly Step[] = []
  const groups: { test: Expr; body: readonly Step[] }[] = []
  let group: Expr | undefined
  let isDefault = false
  for (const [i, { test, body }] of cases.entries()) {
    const isLast = i === cases.length - 1
    if (test) group = group ? logic('||', group, test, test.at) : test
    else isDefault = true
    if (!isLast && body.length === 0) continue
    if (!isLast && !isLeaving(body)) return undefined
    if (isDefault) {
      // Other cases that lead where `default` leads need no test, unless it does something, or a later case asks for the same value again.
      if (group && (!isLast || assigns(group))) return undefined
      otherwise = body
    } else if (group) groups.push({ test: group, body })
    group = undefined
    isDefault = false
  }
  return groups.reduceRight((no, { test, body }) => branch(test, body, no), [...otherwise])
}

/** Whether an expression does more than give a value. */
function assigns(expr: Expr): boolean {
  return expr.kind === 'assign' || expr.kind === 'after' || partsOf(expr).some(assigns)
}

function nested(cases: readonly Case[], out: Label): Step[] {
  const labels = cases.map((_, i): Label => ({ name: `case_${i}` }))
  const enter = (i: number): Step => ({ kind: 'leave', label: labels[i] as Label })
  const defaultAt = cases.findIndex(({ test }) => !test)
  let steps = cases.flatMap(({ test }, i) => (test ? branch(test, [enter(i)], []) : []))
  steps.push(defaultAt === -1 ? { kind: 'leave', label: out } : enter(defaultAt))
  for (const [i, { body }] of cases.entries()) {
    steps = [{ kind: 'block', label: labels[i] as Label, body: steps }, ...body]
  }
  return steps
}
