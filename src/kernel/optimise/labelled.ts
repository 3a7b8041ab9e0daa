import type { Block, Label, Loop, Statement, Variable } from '../ir/ir.ts'
import { setIn } from '../ir/places.ts'
import type { BlockItem, Construct, Definition, LeaveItem, LoopItem } from './draft.ts'
import type { Changes } from './environment.ts'
import { leaves } from './look.ts'
import type { Writer } from './writer.ts'

/** Labels whose end comes next anyway. */
export type Tails = readonly Label[]

export const NONE: Tails = []

/** Writes statements; answers whether what follows them is reached. */
export type Write = (statements: readonly Statement[], tails: Tails) => boolean

/** Writes a block, from the first statement on that may leave it: what comes before needs no block. */
export function writeBlock(writer: Writer, { label, body }: Block, tails: Tails, write: Write): boolean {
  const first = body.findIndex((statement) => leaves(statement, label))
  if (first === -1) {
    writer.again ||= writer.ifs > 0
    return write(body, tails)
  }
  if (!write(body.slice(0, first), NONE)) return false
  if (body[first]?.kind === 'leave') {
    writer.again ||= writer.ifs > 0 || first < body.length - 1
    return true
  }

  const { owner } = writer.scope
  const item: BlockItem = { kind: 'block', label, body: [], leaves: [], inside: owner, isNeeded: false }
  const ways: Changes[] = []
  writer.target(label, item, ({ mark, exits }) => {
    const isReached = write(body.slice(first), [...tails, label])
    const changes = writer.environment.undo(mark)
    ways.push(...exits, ...(isReached ? [changes] : []))
  })
  if (!beginsToLeave(item)) writer.again = true
  if (ways.length > 0) writer.meet(ways)
  return ways.length > 0
}

/** Whether the first statement of the block may leave it. */
function beginsToLeave(item: BlockItem): boolean {
  let at: LeaveItem | Construct | undefined = item.leaves[0]
  while (at !== undefined && at.inside !== item) at = at.inside
  return at !== undefined && at === item.body[0]
}

/** Writes a loop. What it sets is anything at its head. */
export function writeLoop(writer: Writer, statement: Loop, write: Write): boolean {
  const { environment, scope } = writer
  const { label, body, rounds } = statement
  const item: LoopItem = {
    kind: 'loop',
    label,
    body: [],
    rounds,
    leaves: [],
    inside: scope.owner,
    isNeeded: false,
    isRepeated: true,
  }
  const ways: Changes[] = []
  const heads = new Map<Variable, Definition[]>()
  writer.target(label, item, ({ mark, exits }) => {
    for (const variable of setIn(statement)) {
      const from = [environment.get(variable).definition]
      heads.set(variable, from)
      writer.read(variable, { by: undefined, from, isNeeded: false })
    }
    if (write(body, NONE)) {
      for (const [variable, from] of heads) from.push(environment.get(variable).definition)
    } else item.isRepeated = false
    environment.undo(mark)
    ways.push(...exits)
  })
  if (ways.length > 0) writer.meet(ways)
  return ways.length > 0
}
