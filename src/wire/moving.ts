import { types } from 'node:util'
import { eachHeld } from './graph.ts'
import { canMove, isDetached, isPooled } from './platform.ts'
import { Refusal } from './refusal.ts'
import { isTransfer, type Marked, type Transferable } from './transfer.ts'

/** What moves with a marked value: its list, or else all in it that can. Marks inside it say so for themselves. */
export function movablesOf(mark: Marked): readonly Transferable[] {
  return mark.list ?? findMovables(mark.value)
}

function findMovables(root: unknown): Transferable[] {
  const found = new Set<Transferable>()
  const seen = new Set<unknown>()
  const waiting: unknown[] = [root]
  const visit = (held: unknown): void => {
    if (seen.has(held)) return
    seen.add(held)
    waiting.push(held)
  }
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value !== 'object' || value === null || types.isProxy(value) || isTransfer(value)) continue
    if (ArrayBuffer.isView(value) && !isPooled(value) && types.isArrayBuffer(value.buffer)) found.add(value.buffer)
    if (canMove(value)) found.add(value as Transferable)
    else eachHeld(value, visit)
  }
  return [...found]
}

/**
 * Moves a buffer, port or stream to a new object on this thread and leaves the old one detached. The new one can certainly be moved once more, to
 * another thread: so what cannot move fails its own item, not the message that it would have shared with others.
 * Errors: Refusal.
 */
export function move<T extends Transferable>(item: T): T {
  let moved: T
  try {
    moved = structuredClone(item, { transfer: [item as ArrayBuffer] })
  } catch (error) {
    throw new Refusal(item, `it cannot be moved (${(error as Error).message}); leave it out of transfer()`)
  }
  // Node 20 copies memory that it may not take, and says nothing.
  if (types.isArrayBuffer(item) && !isDetached(item)) {
    throw new Refusal(
      item,
      'its memory belongs to WebAssembly, an addon or a pool and cannot be moved; move a copy: buffer.slice()',
    )
  }
  return moved
}
