import type { Label } from '../ir/ir.ts'
import type { Expr, Local, Step } from './core.ts'
import { type Place, refuse } from './frame.ts'

/** A set of variables, a bit for each: it is copied at every assignment, and thousands of variables are but a few words. */
type Locals = bigint

/** What is sure at a place of the program. */
interface State {
  /** Those that hold a value. */
  readonly assigned: Locals
  /** let and const whose declaration was passed. */
  readonly declared: Locals
}

/** Undefined: never reached. */
type Reached = State | undefined

/**
 * Checks that every variable has a value where it is read, and every function a result where it ends.
 *
 * Errors: KernelSyntaxError for what JavaScript would answer with undefined, or with a ReferenceError.
 * Cost:   O(size of the program × variables / 64).
 */
export function checkFlow(body: readonly Step[]): void {
  new Flow().steps(body)
}

class Flow {
  #state: Reached = { assigned: 0n, declared: 0n }
  readonly #left = new Map<Label, State>()
  readonly #bits = new Map<Local, Locals>()

  steps(steps: readonly Step[]): void {
    for (const step of steps) this.#step(step)
  }

  #step(step: Step): void {
    switch (step.kind) {
      case 'do':
        this.#expression(step.expression)
        break
      case 'declare':
        this.#state &&= {
          assigned: this.#state.assigned & ~this.#bit(step.local),
          declared: this.#state.declared | this.#bit(step.local),
        }
        break
      case 'if': {
        const [yes, no] = this.#condition(step.condition)
        this.#state = yes
        this.steps(step.yes)
        const after = this.#state
        this.#state = no
        this.steps(step.no)
        this.#state = meet(after, this.#state)
        break
      }
      case 'block':
        this.steps(step.body)
        this.#state = meet(this.#state, this.#left.get(step.label))
        break
      case 'loop':
        // What holds before the loop holds at the head of every round: nothing loses its value but what a round declares anew.
        this.steps(step.body)
        this.#state = this.#left.get(step.label)
        break
      case 'leave':
        if (this.#state) this.#left.set(step.label, meet(this.#left.get(step.label), this.#state) as State)
        this.#state = undefined
        break
      case 'end':
        if (this.#state) refuse(step.at, 'the function may end here without return', 'return a number on every path')
        break
      case 'cold':
        for (const arg of step.args) this.#expression(arg)
        for (const local of step.targets) if (local) this.#assign(local, step.declares, step.at)
        break
    }
  }

  #expression(expr: Expr): void {
    switch (expr.kind) {
      case 'read':
        this.#read(expr.local, expr.at)
        break
      case 'assign':
        this.#expression(expr.value)
        this.#assign(expr.local, expr.declares, expr.at)
        break
      case 'after':
        this.steps(expr.steps)
        this.#expression(expr.value)
        break
      case 'operation':
      case 'program':
        for (const arg of expr.args) this.#expression(arg)
        break
      case 'gather':
        this.#expression(expr.index)
        break
      case 'choose': {
        const [yes, no] = this.#condition(expr.condition)
        this.#state = yes
        this.#expression(expr.yes)
        const after = this.#state
        this.#state = no
        this.#expression(expr.no)
        this.#state = meet(after, this.#state)
        break
      }
      case 'logic': {
        const [yes, no] = this.#condition(expr)
        this.#state = meet(yes, no)
        break
      }
      default:
    }
  }

  /** What is sure where the condition holds, and where it does not. */
  #condition(expr: Expr): [yes: Reached, no: Reached] {
    switch (expr.kind) {
      case 'boolean':
      case 'number':
        return expr.value ? [this.#state, undefined] : [undefined, this.#state]
      case 'logic': {
        const isAnd = expr.operator === '&&'
        const [yes, no] = this.#condition(expr.left)
        this.#state = isAnd ? yes : no
        const [rightYes, rightNo] = this.#condition(expr.right)
        return isAnd ? [rightYes, meet(no, rightNo)] : [meet(yes, rightYes), rightNo]
      }
      case 'choose': {
        const [yes, no] = this.#condition(expr.condition)
        this.#state = yes
        const [yesYes, yesNo] = this.#condition(expr.yes)
        this.#state = no
        const [noYes, noNo] = this.#condition(expr.no)
        return [meet(yesYes, noYes), meet(yesNo, noNo)]
      }
      case 'operation':
        if (expr.operator === '!') {
          const [yes, no] = this.#condition(expr.args[0] as Expr)
          return [no, yes]
        }
        break
      case 'after':
        this.steps(expr.steps)
        return this.#condition(expr.value)
      default:
    }
    this.#expression(expr)
    return [this.#state, this.#state]
  }

  #read(local: Local, at: Place): void {
    if (!this.#state || this.#state.assigned & this.#bit(local)) return
    const wayOut = `give it a value first: ${local.kind === 'var' ? 'var' : 'let'} ${local.name} = 0`
    refuse(at, `${local.name} may be read before it is assigned`, wayOut)
  }

  #assign(local: Local, declares: boolean, at: Place): void {
    if (!this.#state) return
    const { assigned, declared } = this.#state
    const isLexical = local.kind === 'let' || local.kind === 'const'
    if (isLexical && !declares && !(declared & this.#bit(local))) {
      refuse(at, `${local.name} is assigned before its declaration`, 'declare it first')
    }
    this.#state = {
      assigned: assigned | this.#bit(local),
      declared: declares ? declared | this.#bit(local) : declared,
    }
  }

  #bit(local: Local): Locals {
    const known = this.#bits.get(local)
    if (known !== undefined) return known
    const bit = 1n << BigInt(this.#bits.size)
    this.#bits.set(local, bit)
    return bit
  }
}

/** What is sure on both ways. */
function meet(a: Reached, b: Reached): Reached {
  if (!a || !b || a === b) return a ?? b
  return { assigned: a.assigned & b.assigned, declared: a.declared & b.declared }
}
