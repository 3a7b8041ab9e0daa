import type { Statement, Value, Variable } from '../ir/ir.ts'
import { LEAVES } from '../ir/ops.ts'
import { everyStatement, type Place, usesOf } from '../ir/places.ts'

/** How long values are needed, while a program is written anew. */
export class Lives {
  readonly #targets: ReadonlyMap<Value, Place>
  /** Uses that are not written yet, of values and, by reads, of variables. */
  readonly #left = new Map<Value | Variable, number>()
  /** What is used by a statement that is no `let`, or by values that go elsewhere. */
  readonly #usedElsewhere = new Set<Value>()

  /** `targets`: where values go; what goes nowhere uses nothing. */
  constructor(body: readonly Statement[], targets: ReadonlyMap<Value, Place>) {
    this.#targets = targets
    for (const statement of everyStatement(body)) {
      const target = statement.kind === 'let' ? targets.get(statement.value) : undefined
      if (statement.kind === 'let' && target === undefined) continue
      if (statement.kind === 'let' && statement.value.variable) this.#count(statement.value.variable, 1)
      for (const value of usesOf(statement)) {
        this.#count(value, 1)
        if (target === undefined || targets.get(value) !== target) this.#usedElsewhere.add(value)
      }
    }
  }

  /** The statement is written. */
  write(statement: Statement): void {
    if (statement.kind === 'let' && statement.value.variable) this.#count(statement.value.variable, -1)
    for (const value of usesOf(statement)) this.#count(value, -1)
  }

  #count(used: Value | Variable, by: number): void {
    this.#left.set(used, (this.#left.get(used) ?? 0) + by)
  }

  isUsedElsewhere(value: Value): boolean {
    return this.#usedElsewhere.has(value)
  }

  /** Whether computing a value in a place, with all that is not written and that it needs, ends the lives of more than one value or variable. */
  endsSeveral(value: Value, place: Place, written: ReadonlySet<Value>): boolean {
    const used = new Map<Value, number>()
    const met = new Set<Value>()
    const meet = (each: Value): void => {
      met.add(each)
      for (const arg of each.args) {
        if (LEAVES.has(arg.op)) continue
        used.set(arg, (used.get(arg) ?? 0) + 1)
        if (!met.has(arg) && !written.has(arg) && this.#targets.get(arg) === place) meet(arg)
      }
    }
    meet(value)
    let ended = 0
    for (const [each, times] of used) {
      // What comes from outside a loop lives for its next round too.
      if (this.#targets.get(each) !== place || this.#left.get(each) !== times) continue
      if (written.has(each) || (each.variable && this.#left.get(each.variable) === 1)) ended++
    }
    return ended > 1
  }
}
