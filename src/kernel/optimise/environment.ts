import type { Variable } from '../ir/ir.ts'
import type { Definition, Node } from './draft.ts'

/** What a variable holds: its value, and the statements that may have set it. */
export interface Held {
  readonly node: Node
  readonly definition: Definition
}

interface Change {
  readonly variable: Variable
  readonly before: Held | undefined
}

export type Changes = ReadonlyMap<Variable, Held>

/** What the variables hold at the place that is being written. Changes can be taken back, to write another branch from the same start. */
export class Environment {
  readonly #held = new Map<Variable, Held>()
  readonly #log: Change[] = []
  readonly #initial: (variable: Variable) => Held

  constructor(initial: (variable: Variable) => Held) {
    this.#initial = initial
  }

  get(variable: Variable): Held {
    return this.#held.get(variable) ?? this.#initial(variable)
  }

  set(variable: Variable, held: Held): void {
    this.#log.push({ variable, before: this.#held.get(variable) })
    this.#held.set(variable, held)
  }

  /** For `since` and `undo`: now. */
  mark(): number {
    return this.#log.length
  }

  /** What was changed since the mark, as it is now; in the order of first changes. */
  since(mark: number): Changes {
    const changes = new Map<Variable, Held>()
    for (let i = mark; i < this.#log.length; i++) {
      const { variable } = this.#log[i] as Change
      if (!changes.has(variable)) changes.set(variable, this.get(variable))
    }
    return changes
  }

  /** Takes back what was changed since the mark, and answers it. */
  undo(mark: number): Changes {
    const changes = this.since(mark)
    while (this.#log.length > mark) {
      const { variable, before } = this.#log.pop() as Change
      if (before) this.#held.set(variable, before)
      else this.#held.delete(variable)
    }
    return changes
  }
}
