import type { Construct, Definition, Item, Node } from './draft.ts'
import type { Draft } from './rewrite.ts'

/**
 * Marks what a draft's results need: values, what sets the variables that are read, and what decides whether that comes to pass.
 *
 * A loop that may go on for ever is needed for that: nobody but its limit ends it.
 */
export function markNeeded({ items, results }: Draft): void {
  const marker = new Marker()
  for (const definition of results ?? []) marker.definition(definition)
  marker.endless(items)
  marker.finish()
}

class Marker {
  /** Marked, and still to be looked at. */
  readonly #nodes: Node[] = []
  readonly #definitions: Definition[] = []
  readonly #constructs: Construct[] = []

  definition(definition: Definition): void {
    if (definition.isNeeded) return
    definition.isNeeded = true
    this.#definitions.push(definition)
  }

  endless(items: readonly Item[]): void {
    for (const item of items) {
      switch (item.kind) {
        case 'if':
          this.endless(item.yes)
          this.endless(item.no)
          break
        case 'block':
          this.endless(item.body)
          break
        case 'loop':
          if (item.isRepeated && item.rounds === undefined) this.#construct(item)
          this.endless(item.body)
          break
        default:
      }
    }
  }

  finish(): void {
    for (;;) {
      const node = this.#nodes.pop()
      if (node) {
        for (const arg of node.args) this.#node(arg)
        if (node.read) this.definition(node.read.definition)
        continue
      }
      const definition = this.#definitions.pop()
      if (definition) {
        this.#followDefinition(definition)
        continue
      }
      const construct = this.#constructs.pop()
      if (construct === undefined) return
      this.#followConstruct(construct)
    }
  }

  #node(node: Node): void {
    if (node.isNeeded) return
    node.isNeeded = true
    this.#nodes.push(node)
  }

  #construct(construct: Construct | undefined): void {
    if (construct === undefined || construct.isNeeded) return
    construct.isNeeded = true
    this.#constructs.push(construct)
  }

  #followDefinition({ by, from }: Definition): void {
    for (const each of from) this.definition(each)
    if (by === undefined || by.isNeeded) return
    by.isNeeded = true
    if (by.kind === 'set') this.#node(by.node)
    else for (const arg of by.args) this.#node(arg)
    this.#construct(by.inside)
  }

  /** Whoever leaves it decides what of it comes to pass. */
  #followConstruct(construct: Construct): void {
    this.#construct(construct.inside)
    if (construct.kind === 'if') {
      this.#node(construct.condition)
      return
    }
    for (const leave of construct.leaves) {
      leave.isNeeded = true
      this.#construct(leave.inside)
    }
  }
}
