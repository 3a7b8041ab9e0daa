import { invariant } from '../invariant.ts'

/** Rows `[start, end)` that wait; `single` rows leave one by one, others together. */
export interface Run {
  start: number
  end: number
  readonly single: boolean
}

interface Node extends Run {
  /** The highest of its subtree. Drawn at random, it balances the tree, whatever comes and goes. */
  readonly priority: number
  left: Node | undefined
  right: Node | undefined
}

/**
 * A set of rows, kept as disjoint runs in order of their start.
 *
 * Neighbours of one kind are one run, so a million untouched rows, or a million that all travel alone, are one node.
 * Cost:   O(log runs) time an operation, one node a run.
 * Source: Seidel and Aragon, Randomized search trees, Algorithmica 16, 1996 (treap).
 */
export class Runs {
  #root: Node | undefined
  #rows = 0
  #random = 0x9e3779b9 // xorshift32's state: any but 0; fixed, so that a run of the program can be repeated

  /** How many rows there are. */
  get rows(): number {
    return this.#rows
  }

  first(): Run | undefined {
    let node = this.#root
    while (node?.left !== undefined) node = node.left
    return node
  }

  /** The run that holds `row`, if there is one. */
  holding(row: number): Run | undefined {
    const run = this.#startingBefore(row + 1)
    return run !== undefined && row < run.end ? run : undefined
  }

  /** Adds rows `[start, end)`, none of which may be here already. */
  add(start: number, end: number, single: boolean): void {
    const before = this.#startingBefore(end)
    invariant(before === undefined || before.end <= start, `rows ${start} to ${end} were not handed out`)
    const after = this.#startingBefore(end + 1)
    const joinsLeft = before?.end === start && before.single === single
    const joinsRight = after?.start === end && after.single === single
    this.#rows += end - start
    if (joinsLeft) {
      if (joinsRight) this.#remove(after)
      before.end = joinsRight ? after.end : end
    } else if (joinsRight) {
      after.start = start
    } else {
      this.#insert(start, end, single)
    }
  }

  /** Takes rows `[start, end)` out of the run that holds them all. */
  take(run: Run, start: number, end: number): void {
    const { start: first, end: last } = run
    invariant(first <= start && start < end && end <= last, `rows ${start} to ${end} lie in ${first} to ${last}`)
    this.#rows -= end - start
    if (start > first) {
      run.end = start
      if (end < last) this.#insert(end, last, run.single)
    } else if (end < last) {
      run.start = end // still before the next run: the order stands
    } else {
      this.#remove(run)
    }
  }

  #startingBefore(row: number): Run | undefined {
    let found: Node | undefined
    let node = this.#root
    while (node !== undefined) {
      if (node.start < row) {
        found = node
        node = node.right
      } else {
        node = node.left
      }
    }
    return found
  }

  #insert(start: number, end: number, single: boolean): void {
    const node: Node = { start, end, single, priority: this.#draw(), left: undefined, right: undefined }
    const [left, right] = split(this.#root, start)
    this.#root = join(join(left, node), right)
  }

  #remove(run: Run): void {
    const [left, rest] = split(this.#root, run.start)
    this.#root = join(left, split(rest, run.end)[1])
  }

  #draw(): number {
    let x = this.#random
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#random = x
    return x
  }
}

/** Parts a tree into the runs that start before `row` and the others. */
function split(node: Node | undefined, row: number): [Node | undefined, Node | undefined] {
  if (node === undefined) return [undefined, undefined]
  if (node.start < row) {
    const [left, right] = split(node.right, row)
    node.right = left
    return [node, right]
  }
  const [left, right] = split(node.left, row)
  node.left = right
  return [left, node]
}

/** One tree of two, where each run of `left` lies before each of `right`. */
function join(left: Node | undefined, right: Node | undefined): Node | undefined {
  if (left === undefined) return right
  if (right === undefined) return left
  if (left.priority > right.priority) {
    left.right = join(left.right, right)
    return left
  }
  right.left = join(left, right.left)
  return right
}
