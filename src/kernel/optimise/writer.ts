import type { Call, Label, Subroutine, Variable } from '../ir/ir.ts'
import type { BlockItem, CallItem, Construct, Definition, Item, LoopItem, Node, Scope, SetItem } from './draft.ts'
import { type Changes, Environment, type Held } from './environment.ts'
import { Values } from './values.ts'

/** Where a `leave` of a block or loop goes to. */
interface Target {
  readonly item: BlockItem | LoopItem
  readonly body: Scope
  /** Of the environment, at its begin. */
  readonly mark: number
  readonly exits: Changes[]
}

/** Writes a draft: its statements, and by the way what each variable holds. */
export class Writer {
  readonly values: Values
  readonly environment: Environment
  scope: Scope
  /** Only what variables hold is written: the statements of a body that is computed wherever one comes by. */
  isChoosing = false
  /** Something became simpler by which other things were decided: to rewrite what is written may pay. */
  again = false
  /** Bodies of an `if`, and of loops, that are open. */
  ifs = 0
  loops = 0
  readonly #targets = new Map<Label, Target>()
  readonly #assumed: Node[] = []
  readonly #meetings = new Map<number, Node>()
  readonly #results = new Map<string, number>()
  readonly #subroutines = new Map<Subroutine, number>()

  constructor() {
    this.scope = { items: [], outer: undefined, depth: 0, owner: undefined, isOpen: true, mayBeLeft: false }
    const values = new Values(this.scope)
    const zero = (node: Node): Held => ({ node, definition: unset })
    const zeros = { f64: zero(values.const(0)), i32: zero(values.constI32(0)), mask: zero(values.constMask(false)) }
    this.values = values
    this.environment = new Environment(({ type }) => zeros[type])
  }

  /** Writes a body of `owner` into `items`. */
  inside<T>(owner: Construct, items: Item[], write: () => T): T {
    const { scope: outer } = this
    const assumed = this.#assumed.length
    const scope = { items, outer, depth: outer.depth + 1, owner, isOpen: true, mayBeLeft: false }
    this.#enter(scope)
    this.#count(owner, 1)
    const answer = write()
    this.#count(owner, -1)
    scope.isOpen = false
    this.forget(assumed)
    this.#enter(outer)
    return answer
  }

  #enter(scope: Scope): void {
    this.scope = scope
    this.values.scope = scope
  }

  #count({ kind }: Construct, by: number): void {
    if (kind === 'if') this.ifs += by
    if (kind === 'loop') this.loops += by
  }

  add(item: Item): void {
    this.scope.items.push(item)
  }

  /** Answers whether the variable held something else. Where it was never set it may, if the program comes to stand in a loop of another one. */
  set(variable: Variable, node: Node): boolean {
    const held = this.environment.get(variable)
    if (held.node === node && held.definition !== unset) return false
    this.#set(variable, node)
    return true
  }

  #set(variable: Variable, node: Node): void {
    if (this.isChoosing) {
      this.environment.set(variable, { node, definition: nowhere })
      return
    }
    const item: SetItem = { kind: 'set', variable, node, inside: this.scope.owner, isNeeded: false }
    this.add(item)
    this.environment.set(variable, { node, definition: { by: item, from: [], isNeeded: false } })
  }

  call({ results }: Call, subroutine: Subroutine, args: readonly Node[]): void {
    const item: CallItem = { kind: 'call', subroutine, args, results, inside: this.scope.owner, isNeeded: false }
    this.add(item)
    const asked = `${number(this.#subroutines, subroutine)} ${args.map(({ symbol }) => symbol)}`
    for (const [i, variable] of results.entries()) {
      const { node } = this.read(variable, { by: item, from: [], isNeeded: false })
      // What the same call gave before is the same, though it may be out of reach.
      const symbol = this.#results.get(`${asked} ${i}`)
      if (symbol === undefined) this.#results.set(`${asked} ${i}`, node.symbol)
      else node.symbol = symbol
    }
  }

  /** Reads a variable, to hold it by a value. */
  read(variable: Variable, definition: Definition): Held {
    const held = { node: this.values.get(variable, definition), definition }
    this.environment.set(variable, held)
    return held
  }

  /** Goes on where ways meet; each says what it changed. `condition`: of an `if`, by which the first way was taken, or the second. */
  meet(ways: readonly Changes[], condition?: Node): void {
    for (const variable of new Set(ways.flatMap((changes) => [...changes.keys()]))) {
      const helds = ways.map((changes) => changes.get(variable) ?? this.environment.get(variable))
      const [first, second] = helds as [Held, Held]
      const isOne = helds.every(({ definition }) => definition === first.definition)
      const from = helds.map(({ definition }) => definition)
      const definition = isOne ? first.definition : { by: undefined, from, isNeeded: false }
      const isSame = first.node.scope.isOpen && helds.every(({ node }) => node === first.node)
      const key = condition && this.#meeting(condition, first.node, second.node)
      const known = key === undefined ? undefined : this.#meetings.get(key)
      const node = isSame ? first.node : known
      if (node?.scope.isOpen) {
        this.environment.set(variable, { node, definition })
        continue
      }
      const read = this.read(variable, definition)
      if (known) read.node.symbol = known.symbol
      if (key !== undefined) this.#meetings.set(key, read.node)
    }
  }

  /** The same where equal values meet, by the same condition. */
  #meeting(condition: Node, yes: Node, no: Node): number {
    return this.values.pair(this.values.pair(condition.symbol, yes.symbol), no.symbol)
  }

  /** Opens the body of a block or a loop, which may be left. */
  target(label: Label, item: BlockItem | LoopItem, write: (target: Target) => void): void {
    const mark = this.environment.mark()
    this.inside(item, item.body, () => {
      const target = { item, body: this.scope, mark, exits: [] }
      this.#targets.set(label, target)
      write(target)
    })
    this.add(item)
  }

  leave(label: Label): void {
    const { item, body, mark, exits } = this.#targets.get(label) as Target
    exits.push(this.environment.since(mark))
    const leave = { kind: 'leave', target: item, inside: this.scope.owner, isNeeded: false } as const
    this.add(leave)
    item.leaves.push(leave)
    for (let scope = this.scope; scope !== body; scope = scope.outer as Scope) scope.mayBeLeft = true
    body.mayBeLeft = true
  }

  /** For `forget`: as many masks are known. */
  assumed(): number {
    return this.#assumed.length
  }

  /** From here on, the mask is known. */
  assume(mask: Node, truth: boolean): void {
    if (mask.op === 'not') this.assume(mask.args[0] as Node, !truth)
    if ((mask.op === 'and' && truth) || (mask.op === 'or' && !truth))
      for (const arg of mask.args) this.assume(arg, truth)
    if (mask.known !== undefined || mask.op === 'constMask') return
    mask.known = truth
    this.#assumed.push(mask)
  }

  forget(assumed: number): void {
    while (this.#assumed.length > assumed) (this.#assumed.pop() as Node).known = undefined
  }
}

/** Of what no statement has set. */
const unset: Definition = { by: undefined, from: [], isNeeded: false }
/** Of what is only chosen from. */
const nowhere: Definition = { by: undefined, from: [], isNeeded: false }

/** The number of a thing, the same each time. */
function number<T>(numbers: Map<T, number>, thing: T): number {
  const known = numbers.get(thing)
  if (known !== undefined) return known
  numbers.set(thing, numbers.size)
  return numbers.size - 1
}
