import type { Label, Leave, Statement } from '../ir/ir.ts'
import { bodiesOf } from '../ir/places.ts'

const NONE: ReadonlySet<Label> = new Set()

/** Where lanes leave one by one: labels that some of them leave while others stay. */
export class Escapes {
  readonly #parts: (leave: Leave) => boolean
  readonly #known = new Map<Statement, ReadonlySet<Label>>()
  readonly #left = new Set<Label>()

  constructor(body: readonly Statement[], parts: (leave: Leave) => boolean) {
    this.#parts = parts
    for (const statement of body) this.of(statement)
  }

  /** Labels outside a statement to which some lanes leave from inside it. */
  of(statement: Statement): ReadonlySet<Label> {
    if (statement.kind === 'let' || statement.kind === 'set' || statement.kind === 'call') return NONE
    const known = this.#known.get(statement)
    if (known) return known
    const found = new Set<Label>()
    if (statement.kind === 'leave') {
      if (this.#parts(statement)) found.add(statement.label)
    } else {
      for (const body of bodiesOf(statement)) {
        for (const inner of body) for (const label of this.of(inner)) found.add(label)
      }
      if (statement.kind === 'block' || statement.kind === 'loop') {
        if (found.delete(statement.label)) this.#left.add(statement.label)
      }
    }
    this.#known.set(statement, found)
    return found
  }

  /** Whether lanes leave anything so. */
  get any(): boolean {
    return this.#left.size > 0
  }

  /** Of a block or loop of the body: whether lanes leave it itself, rather than something around it. */
  isLeft(label: Label): boolean {
    return this.#left.has(label)
  }
}
