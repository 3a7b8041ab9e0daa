import type { Label } from '../ir/ir.ts'
import { branch } from './conditions.ts'
import type { Step } from './core.ts'

/**
 * The same steps with as few jumps as their structure allows, since every jump costs vector code a mask:
 *
 *     if (c) { A; leave L }  B      ─▶  if (c) { A; leave L } else { B }
 *     … leave L } end of L          ─▶  … }
 *     block that nobody leaves      ─▶  its body
 *
 * Nothing is moved past anything else. Steps that cannot be reached are dropped.
 */
export function shape(steps: readonly Step[], tails: ReadonlySet<Label> = new Set()): Step[] {
  const shaped: Step[] = []
  for (const [i, step] of steps.entries()) {
    const rest = steps.slice(i + 1)
    const here: ReadonlySet<Label> = rest.length === 0 ? tails : new Set()
    switch (step.kind) {
      case 'leave':
        if (!tails.has(step.label)) shaped.push(step)
        return shaped
      case 'end':
        return shaped
      case 'if': {
        const [yes, no] = [isLeaving(step.yes), isLeaving(step.no)]
        const into = (side: readonly Step[], isOpen: boolean) => shape(isOpen ? [...side, ...rest] : side, around)
        const takesRest = rest.length === 0 || yes || no
        const around = takesRest ? tails : here
        shaped.push(...branch(step.condition, into(step.yes, no && !yes), into(step.no, yes && !no)))
        if (takesRest) return shaped
        break
      }
      case 'block': {
        const body = shape(step.body, new Set([...here, step.label]))
        // Without its block the body is part of this list: jumps in it may take the rest in.
        if (!leaves(body, step.label)) return [...shaped, ...shape([...body, ...rest], tails)]
        shaped.push({ ...step, body })
        break
      }
      case 'loop':
        shaped.push({ ...step, body: shape(step.body) })
        if (isLeaving([step])) return shaped
        break
      case 'do':
      case 'declare':
      case 'cold':
        shaped.push(step)
    }
  }
  return shaped
}

/** Nothing behind these steps is ever reached. */
export function isLeaving(steps: readonly Step[]): boolean {
  return steps.some((step) => {
    switch (step.kind) {
      case 'leave':
        return true
      case 'if':
        return isLeaving(step.yes) && isLeaving(step.no)
      case 'block':
        return isLeaving(step.body) && !leaves(step.body, step.label)
      case 'loop':
        return !leaves(step.body, step.label)
      default:
        return false
    }
  })
}

/** Whether any of the steps leaves `label`. */
export function leaves(steps: readonly Step[], label: Label): boolean {
  return steps.some((step) => {
    switch (step.kind) {
      case 'leave':
        return step.label === label
      case 'if':
        return leaves(step.yes, label) || leaves(step.no, label)
      case 'block':
      case 'loop':
        return leaves(step.body, label)
      default:
        return false
    }
  })
}
