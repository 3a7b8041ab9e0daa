import type {
  Block,
  Call,
  If,
  Label,
  Loop,
  Set as SetStatement,
  Statement,
  Subroutine,
  Value,
  Variable,
} from '../ir.ts'
import { LEAVES } from '../ops.ts'
import { setIn } from '../places.ts'
import type { BlockItem, Construct, Definition, IfItem, Item, LeaveItem, LoopItem, Node } from './draft.ts'
import type { Changes } from './environment.ts'
import { endsElsewhere, isChoice, leaves, signedRemainders } from './look.ts'
import { Writer } from './writer.ts'

/** What a body became. */
export interface Draft {
  readonly items: readonly Item[]
  /** What each result holds at its end; undefined: the end is never reached. */
  readonly results: readonly Definition[] | undefined
  /** Something became simpler by which other things were decided: to rewrite the body once more may pay. */
  readonly again: boolean
}

/** Labels whose end comes next anyway. */
type Tails = readonly Label[]

const NONE: Tails = []

/**
 * Rewrites a body, once from its first statement to its last.
 *
 *   a value                   is simplified, made once, and taken out of loops: see Values
 *   a read of a variable      is what the variable holds, where one value that may be used here was set on every way here; else what it holds where ways
 *                             met is read there, once. At the head of a loop that is anything, if the loop sets it
 *   an `if` of cheap bodies   is straight code that ends by choosing
 *   an `if` that leaves       holds the body that leaves alone; the other one follows it, so that what it computes serves what comes behind too
 *   a condition               is known inside, and behind what is left by it
 */
export function rewrite(
  body: readonly Statement[],
  results: readonly Variable[],
  optimised: (subroutine: Subroutine) => Subroutine,
): Draft {
  return new Rewriter(optimised).draft(body, results)
}

class Rewriter {
  readonly #writer = new Writer()
  readonly #optimised: (subroutine: Subroutine) => Subroutine
  readonly #nodes = new Map<Value, Node>()
  /** Open bodies of an `if`, and of loops. */
  #ifs = 0
  #loops = 0
  #again = false
  #signed: ReadonlySet<Value> = new Set()

  constructor(optimised: (subroutine: Subroutine) => Subroutine) {
    this.#optimised = optimised
  }

  draft(body: readonly Statement[], results: readonly Variable[]): Draft {
    const { scope, environment } = this.#writer
    this.#signed = signedRemainders(body)
    const isReached = this.#statements(body, NONE)
    const held = isReached ? results.map((variable) => environment.get(variable).definition) : undefined
    return { items: scope.items, results: held, again: this.#again }
  }

  /** Answers whether what follows the statements is reached. */
  #statements(statements: readonly Statement[], tails: Tails): boolean {
    const last = statements.length - 1
    for (const [i, statement] of statements.entries()) {
      if (this.#statement(statement, i === last ? tails : NONE)) continue
      if (i < last) this.#again = true
      return false
    }
    return true
  }

  #statement(statement: Statement, tails: Tails): boolean {
    switch (statement.kind) {
      case 'let':
        this.#let(statement.value)
        return true
      case 'set':
        this.#set(statement)
        return true
      case 'if':
        return this.#if(statement, tails)
      case 'block':
        return this.#block(statement, tails)
      case 'loop':
        return this.#loop(statement)
      case 'leave':
        return this.#leave(statement.label, tails)
      case 'call':
        this.#call(statement)
        return true
    }
  }

  #let(value: Value): void {
    const { values, environment, scope } = this.#writer
    if (value.variable) {
      this.#nodes.set(value, environment.get(value.variable).node)
      return
    }
    const length = scope.items.length
    const node = values.op(
      value.op,
      value.args.map((arg) => this.#node(arg)),
      value.imm,
    )
    if (this.#signed.has(value)) node.isSigned = true
    this.#nodes.set(value, node)
    // A body that became cheaper may be a choice now.
    if (this.#ifs > 0 && scope.items.length === length) this.#again = true
  }

  #node(value: Value): Node {
    const node = LEAVES.has(value.op)
      ? this.#writer.values.leaf(value.op, value.type, value.imm)
      : (this.#nodes.get(value) as Node)
    return this.#now(node)
  }

  /** What is known of a mask here. */
  #now(node: Node): Node {
    return node.known === undefined ? node : this.#writer.values.constMask(node.known)
  }

  #set({ variable, value }: SetStatement): void {
    const isOther = this.#writer.set(variable, this.#node(value))
    if (!isOther && this.#loops > 0) this.#again = true
  }

  #leave(label: Label, tails: Tails): boolean {
    if (tails.includes(label)) {
      this.#again = true
      return true
    }
    this.#writer.leave(label)
    return false
  }

  #call(statement: Call): void {
    const args = statement.args.map((arg) => this.#node(arg))
    this.#writer.call(statement, this.#optimised(statement.subroutine), args)
  }

  #if(statement: If, tails: Tails): boolean {
    const { values } = this.#writer
    const condition = this.#node(statement.condition)
    const { yes, no } = statement
    if (condition.op === 'constMask') {
      this.#again ||= this.#writer.scope.owner !== undefined
      return this.#statements(condition.imm === 1 ? yes : no, tails)
    }
    if (isChoice(statement)) {
      this.#choose(condition, yes, no)
      return true
    }
    const isSwapped = yes.length === 0 || (endsElsewhere(no, tails) && !endsElsewhere(yes, tails))
    if (isSwapped || (condition.op === 'not' && no.length > 0 && !endsElsewhere(yes, tails))) {
      this.#again ||= yes.length > 0
      return this.#branch(values.op('not', [condition]), no, yes, tails)
    }
    return this.#branch(condition, yes, no, tails)
  }

  /** Computes both bodies, and chooses for each variable. */
  #choose(condition: Node, yes: readonly Statement[], no: readonly Statement[]): void {
    const { environment, values } = this.#writer
    const isWithin = this.#writer.isChoosing
    this.#writer.isChoosing = true
    const [ifSo, ifNot] = [yes, no].map((body, i): Changes => {
      const [mark, assumed] = [environment.mark(), this.#writer.assumed()]
      this.#writer.assume(condition, i === 0)
      this.#statements(body, NONE)
      this.#writer.forget(assumed)
      return environment.undo(mark)
    }) as [Changes, Changes]
    this.#writer.isChoosing = isWithin
    for (const variable of new Set([...ifSo.keys(), ...ifNot.keys()])) {
      const held = environment.get(variable)
      const sides = [ifSo, ifNot].map((changes) => this.#now((changes.get(variable) ?? held).node))
      const isOther = this.#writer.set(variable, values.op('select', [condition, ...sides]))
      if (!isOther && this.#loops > 0) this.#again = true
    }
  }

  #branch(condition: Node, yes: readonly Statement[], no: readonly Statement[], tails: Tails): boolean {
    const item: IfItem = { kind: 'if', condition, yes: [], no: [], inside: this.#writer.scope.owner, isNeeded: false }
    const [ifSo, isReachedFromYes] = this.#side(item, true, yes, tails)
    if (!isReachedFromYes) {
      this.#writer.add(item)
      this.#writer.assume(condition, false)
      return this.#statements(no, tails)
    }
    const [ifNot, isReachedFromNo] = this.#side(item, false, no, tails)
    this.#writer.add(item)
    if (isReachedFromNo) this.#writer.meet([ifSo, ifNot], condition)
    else {
      this.#writer.meet([ifSo])
      this.#writer.assume(condition, true)
    }
    return true
  }

  #side(item: IfItem, truth: boolean, body: readonly Statement[], tails: Tails): [Changes, isReached: boolean] {
    const { environment } = this.#writer
    const mark = environment.mark()
    this.#ifs++
    const isReached = this.#writer.inside(item, truth ? item.yes : item.no, () => {
      this.#writer.assume(item.condition, truth)
      return this.#statements(body, tails)
    })
    this.#ifs--
    return [environment.undo(mark), isReached]
  }

  #block({ label, body }: Block, tails: Tails): boolean {
    const { environment } = this.#writer
    const first = body.findIndex((statement) => leaves(statement, label))
    if (first === -1) {
      this.#again ||= this.#ifs > 0
      return this.#statements(body, tails)
    }
    // What comes before needs no block.
    if (!this.#statements(body.slice(0, first), NONE)) return false
    if (body[first]?.kind === 'leave') {
      this.#again ||= this.#ifs > 0 || first < body.length - 1
      return true
    }

    const { owner } = this.#writer.scope
    const item: BlockItem = { kind: 'block', label, body: [], leaves: [], inside: owner, isNeeded: false }
    const ways: Changes[] = []
    this.#writer.target(label, item, ({ mark, exits }) => {
      const isReached = this.#statements(body.slice(first), [...tails, label])
      const changes = environment.undo(mark)
      ways.push(...exits, ...(isReached ? [changes] : []))
    })
    if (!beginsToLeave(item)) this.#again = true
    if (ways.length > 0) this.#writer.meet(ways)
    return ways.length > 0
  }

  #loop(statement: Loop): boolean {
    const { environment } = this.#writer
    const { label, body, rounds } = statement
    const { owner } = this.#writer.scope
    const item: LoopItem = {
      kind: 'loop',
      label,
      body: [],
      rounds,
      leaves: [],
      inside: owner,
      isNeeded: false,
      isRepeated: true,
    }
    const ways: Changes[] = []
    const heads = new Map<Variable, Definition[]>()
    this.#loops++
    this.#writer.target(label, item, ({ mark, exits }) => {
      for (const variable of setIn(statement)) {
        const from = [environment.get(variable).definition]
        heads.set(variable, from)
        this.#writer.read(variable, { by: undefined, from, isNeeded: false })
      }
      if (this.#statements(body, NONE)) {
        for (const [variable, from] of heads) from.push(environment.get(variable).definition)
      } else item.isRepeated = false
      environment.undo(mark)
      ways.push(...exits)
    })
    this.#loops--
    if (ways.length > 0) this.#writer.meet(ways)
    return ways.length > 0
  }
}

/** Whether the first statement of the block may leave it. */
function beginsToLeave(item: BlockItem): boolean {
  let at: LeaveItem | Construct | undefined = item.leaves[0]
  while (at !== undefined && at.inside !== item) at = at.inside
  return at !== undefined && at === item.body[0]
}
