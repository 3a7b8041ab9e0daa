import type { Label, Statement } from '../../ir/ir.ts'

/**
 * Where the labels of a body are left from. AssemblyScript has no labels: `break` ends the innermost `do` or `while`, and what is to end one further
 * out sets a flag, which is looked at behind each of those that it comes through.
 */
export class Exits {
  /** Left from somewhere: others need nothing that `break` could end. */
  readonly #left = new Set<Label>()
  /** Left from inside another: these need a flag. */
  readonly #flagged = new Set<Label>()
  /** Those that are left through it, in the order of their leaves. */
  readonly #through = new Map<Label, Set<Label>>()

  constructor(body: readonly Statement[]) {
    this.#findLeft(body)
    this.#findWays(body, [])
  }

  /** Whether it is printed as something that `break` ends. */
  isBreakable(statement: Extract<Statement, { label: Label; body: unknown }>): boolean {
    return statement.kind === 'loop' || this.#left.has(statement.label)
  }

  isFlagged(label: Label): boolean {
    return this.#flagged.has(label)
  }

  through(label: Label): Label[] {
    return [...(this.#through.get(label) ?? [])]
  }

  #findLeft(body: readonly Statement[]): void {
    for (const statement of body) {
      if (statement.kind === 'leave') this.#left.add(statement.label)
      for (const inner of bodiesOf(statement)) this.#findLeft(inner)
    }
  }

  /** `around`: what `break` can end, from the outside. */
  #findWays(body: readonly Statement[], around: readonly Label[]): void {
    for (const statement of body) {
      if (statement.kind === 'leave') this.#leave(statement.label, around)
      const isInner = 'body' in statement && this.isBreakable(statement)
      const inside = isInner ? [...around, statement.label] : around
      for (const inner of bodiesOf(statement)) this.#findWays(inner, inside)
    }
  }

  #leave(label: Label, around: readonly Label[]): void {
    const inner = around.slice(around.indexOf(label) + 1)
    if (inner.length > 0) this.#flagged.add(label)
    for (const each of inner) {
      const through = this.#through.get(each) ?? new Set()
      this.#through.set(each, through.add(label))
    }
  }
}

function bodiesOf(statement: Statement): (readonly Statement[])[] {
  if (statement.kind === 'if') return [statement.yes, statement.no]
  return 'body' in statement ? [statement.body] : []
}
