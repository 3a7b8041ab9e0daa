import type { Statement, Value, Variable } from '../ir/ir.ts'
import type { BlockItem, IfItem, Item, LoopItem, Node } from './draft.ts'

/** Writes what is needed of a draft. */
export class Written {
  /** Something was left out by which other things were decided. */
  again = false
  /** Bodies that are open of an `if`, and of any construct. */
  #ifs = 0
  #depth = 0
  /** Of sets that were left out: a later one may be the second that gives the variable what it holds. */
  readonly #dropped = new Set<Variable>()

  statements(items: readonly Item[]): Statement[] {
    const out: Statement[] = []
    for (const item of items) this.#item(item, out)
    return out
  }

  #item(item: Item, out: Statement[]): void {
    if (item.kind === 'let') {
      if (item.node.isNeeded) out.push({ kind: 'let', value: valueIn(item.node) })
      else if (this.#ifs > 0 && item.node.op !== 'get') this.again = true
      return
    }
    if (!item.isNeeded) {
      if (this.#depth > 0) this.again = true
      if (item.kind === 'set') this.#dropped.add(item.variable)
      if (item.kind === 'call') for (const variable of item.results) this.#dropped.add(variable)
      return
    }
    switch (item.kind) {
      case 'set':
        if (this.#dropped.has(item.variable)) this.again = true
        out.push({ kind: 'set', variable: item.variable, value: valueIn(item.node) })
        break
      case 'call': {
        const { subroutine, args, results } = item
        out.push({ kind: 'call', subroutine, args: args.map(valueIn), results })
        break
      }
      case 'leave':
        out.push({ kind: 'leave', label: item.target.label })
        break
      case 'if':
        this.#if(item, out)
        break
      default:
        this.#labelled(item, out)
    }
  }

  #if({ condition, yes, no }: IfItem, out: Statement[]): void {
    this.#ifs++
    const [ifSo, ifNot] = [this.#inside(yes), this.#inside(no)]
    this.#ifs--
    if (ifSo.length === 0) this.again = true
    if (ifSo.length + ifNot.length > 0) out.push({ kind: 'if', condition: valueIn(condition), yes: ifSo, no: ifNot })
  }

  #labelled(item: BlockItem | LoopItem, out: Statement[]): void {
    const { label } = item
    const isLeft = item.leaves.length > 0
    const body = this.#inside(item.body)
    if (item.kind === 'loop' && item.isRepeated) {
      out.push({ kind: 'loop', label, body, ...(item.rounds !== undefined && { rounds: item.rounds }) })
      return
    }
    if (item.kind === 'loop' || !isLeft) this.again = true
    if (isLeft) out.push({ kind: 'block', label, body })
    else out.push(...body)
  }

  #inside(items: readonly Item[]): Statement[] {
    this.#depth++
    const statements = this.statements(items)
    this.#depth--
    return statements
  }
}

function valueIn(node: Node): Value {
  node.value ??= {
    op: node.op,
    type: node.type,
    args: node.args.map(valueIn),
    imm: node.imm,
    ...(node.read && { variable: node.read.variable }),
  }
  return node.value
}
