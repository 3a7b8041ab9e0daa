import type { Call, If, Label, Set as SetStatement, Statement, Subroutine, Value, Variable } from '../ir/ir.ts'
import { LEAVES } from '../ir/ops.ts'
import type { Definition, IfItem, Item, Node } from './draft.ts'
import type { Changes } from './environment.ts'
import { NONE, type Tails, type Write, writeBlock, writeLoop } from './labelled.ts'
import { endsElsewhere, isChoice, signedRemainders } from './look.ts'
import { Writer } from './writer.ts'

/** What a body became. */
export interface Draft {
  readonly items: readonly Item[]
  /** What each result holds at its end; undefined: the end is never reached. */
  readonly results: readonly Definition[] | undefined
  /** Something became simpler by which other things were decided: to rewrite the body once more may pay. */
  readonly again: boolean
}

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
  readonly #write: Write = (statements, tails) => this.#statements(statements, tails)
  #signed: ReadonlySet<Value> = new Set()

  constructor(optimised: (subroutine: Subroutine) => Subroutine) {
    this.#optimised = optimised
  }

  draft(body: readonly Statement[], results: readonly Variable[]): Draft {
    const { scope, environment } = this.#writer
    this.#signed = signedRemainders(body)
    const isReached = this.#statements(body, NONE)
    const held = isReached ? results.map((variable) => environment.get(variable).definition) : undefined
    return { items: scope.items, results: held, again: this.#writer.again }
  }

  /** Answers whether what follows the statements is reached. */
  #statements(statements: readonly Statement[], tails: Tails): boolean {
    const last = statements.length - 1
    for (const [i, statement] of statements.entries()) {
      if (this.#statement(statement, i === last ? tails : NONE)) continue
      if (i < last) this.#writer.again = true
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
        return writeBlock(this.#writer, statement, tails, this.#write)
      case 'loop':
        return writeLoop(this.#writer, statement, this.#write)
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
    if (this.#writer.ifs > 0 && scope.items.length === length) this.#writer.again = true
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
    if (!isOther && this.#writer.loops > 0) this.#writer.again = true
  }

  #leave(label: Label, tails: Tails): boolean {
    if (tails.includes(label)) {
      this.#writer.again = true
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
      this.#writer.again ||= this.#writer.scope.owner !== undefined
      return this.#statements(condition.imm === 1 ? yes : no, tails)
    }
    if (isChoice(statement)) {
      this.#choose(condition, yes, no)
      return true
    }
    const isSwapped = yes.length === 0 || (endsElsewhere(no, tails) && !endsElsewhere(yes, tails))
    if (isSwapped || (condition.op === 'not' && no.length > 0 && !endsElsewhere(yes, tails))) {
      this.#writer.again ||= yes.length > 0
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
      if (!isOther && this.#writer.loops > 0) this.#writer.again = true
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
    const isReached = this.#writer.inside(item, truth ? item.yes : item.no, () => {
      this.#writer.assume(item.condition, truth)
      return this.#statements(body, tails)
    })
    return [environment.undo(mark), isReached]
  }
}
