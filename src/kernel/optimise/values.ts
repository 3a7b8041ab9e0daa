import { invariant } from '../../invariant.ts'
import type { Type, Variable } from '../ir/ir.ts'
import { OPS, type OpName } from '../ir/ops.ts'
import { type Definition, Node, type Scope } from './draft.ts'
import { isConstant, type Maker } from './rule.ts'
import { simplify } from './simplify.ts'
import { traitsOf } from './traits.ts'

/** Above any number of nodes: two of them make one exact number. */
const MOST_NODES = 2 ** 26

/**
 * An operation that costs so much is taken out of a loop only where the first round is sure to come to it: `rem`, and division of integers. Larger, and a
 * loop that is left at once pays for many rounds; smaller, and a quotient in a branch is computed in every round.
 */
const DEAR = 8

/**
 * The values of a draft, each made once: an operation on the same values as one that may be used here is that one.
 *
 * A new value is placed where it is asked for; or in front of the loops around it that compute none of its arguments, which is allowed since no
 * operation traps. Loops run more than once, as a rule: what one that is left at once pays, another one saves in each of its rounds.
 * Cost: O(depth) a value.
 */
export class Values implements Maker {
  /** Where values are placed. */
  scope: Scope
  readonly #root: Scope
  readonly #leaves = new Map<OpName, Map<number, Node>>()
  #minusZero: Node | undefined
  readonly #known = new Map<OpName, Map<number, Node>>()
  readonly #pairs = new Map<number, number>()
  #count = 0

  constructor(root: Scope) {
    this.scope = root
    this.#root = root
  }

  const(x: number): Node {
    return this.leaf('const', 'f64', x)
  }

  constI32(x: number): Node {
    return this.leaf('constI32', 'i32', x)
  }

  constMask(truth: boolean): Node {
    return this.leaf('constMask', 'mask', Number(truth))
  }

  leaf(op: OpName, type: Type, imm: number): Node {
    if (Object.is(imm, -0)) {
      this.#minusZero ??= this.#node(op, type, [], imm, this.#root)
      return this.#minusZero
    }
    const known = entry(this.#leaves, op)
    let leaf = known.get(imm)
    if (leaf === undefined) {
      leaf = this.#node(op, type, [], imm, this.#root)
      known.set(imm, leaf)
    }
    return leaf
  }

  /** A variable as it is now. */
  get(variable: Variable, definition: Definition): Node {
    const node = new Node('get', variable.type, [], 0, ++this.#count, 0, this.scope, { variable, definition })
    this.scope.items.push({ kind: 'let', node })
    return node
  }

  /** What the operation gives of the arguments. */
  op(op: OpName, args: readonly Node[], imm = 0): Node {
    // A constant is the second of two, where either may be.
    const ordered = OPS[op].commutes && isConstant(args[0] as Node) ? args.toReversed() : args
    return simplify(this, op, ordered, imm) ?? this.#numbered(op, ordered, imm)
  }

  /** A number for two, the same each time. */
  pair(x: number, y: number): number {
    const key = x * MOST_NODES + y
    let pair = this.#pairs.get(key)
    if (pair === undefined) {
      pair = this.#pairs.size + 1
      this.#pairs.set(key, pair)
    }
    return pair
  }

  #numbered(op: OpName, args: readonly Node[], imm: number): Node {
    const known = entry(this.#known, op)
    const key = this.#key(op, args, imm)
    const found = known.get(key)
    if (found?.scope.isOpen) return found
    const { result } = OPS[op]
    const type = result === 'args' ? (args[args.length - 1] as Node).type : (result as Type)
    const node = this.#node(op, type, args, imm, this.#place(op, args))
    if (found) node.symbol = found.symbol
    node.scope.items.push({ kind: 'let', node })
    known.set(key, node)
    return node
  }

  #key(op: OpName, args: readonly Node[], imm: number): number {
    const x = (args[0] as Node).symbol
    if (args.length === 3) return this.pair(x, (args[1] as Node).symbol) * MOST_NODES + (args[2] as Node).symbol
    if (args.length === 1) return x * MOST_NODES + (imm === 0 ? 0 : this.constI32(imm).symbol)
    const y = (args[1] as Node).symbol
    return y < x && OPS[op].commutes ? y * MOST_NODES + x : x * MOST_NODES + y
  }

  #node(op: OpName, type: Type, args: readonly Node[], imm: number, scope: Scope): Node {
    this.#count++
    invariant(this.#count < MOST_NODES, 'a program has fewer values')
    return new Node(op, type, args, imm, this.#count, traitsOf(op, args, imm), scope)
  }

  #place(op: OpName, args: readonly Node[]): Scope {
    let deepest = 0
    for (const { scope } of args) if (scope.depth > deepest) deepest = scope.depth
    let place = this.scope
    let isSure = true
    for (let scope = this.scope; scope.depth > deepest; scope = scope.outer as Scope) {
      const kind = scope.owner?.kind
      if (kind === 'if' || scope.mayBeLeft) isSure = false
      if (kind !== 'loop') continue
      if (!isSure && OPS[op].cost >= DEAR) break
      place = scope.outer as Scope
    }
    return place
  }
}

function entry(maps: Map<OpName, Map<number, Node>>, op: OpName): Map<number, Node> {
  let map = maps.get(op)
  if (map === undefined) {
    map = new Map()
    maps.set(op, map)
  }
  return map
}
