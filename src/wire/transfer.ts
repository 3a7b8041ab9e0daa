import { types } from 'node:util'
import type { Transferable } from 'node:worker_threads'
import { canMove, isDetached } from './platform.ts'

export type { Transferable }

/**
 * What `transfer` returns, whatever its type says: a value on its way, and what moves with it. Undefined: what is found in it.
 *
 * A view, since views are the one kind of object that v8.Serializer hands to us wherever it meets one: so a mark works nested too.
 */
export interface Marked {
  readonly value: unknown
  readonly list: readonly Transferable[] | undefined
}

// Registered, not private: a worker holds two copies of this module, its own and the one that the user's functions import.
const MARK = Symbol.for('lanewise.transfer')
const NOTHING = new ArrayBuffer(0)

class Mark extends DataView<ArrayBuffer> implements Marked {
  readonly value: unknown
  readonly list: readonly Transferable[] | undefined

  constructor(value: unknown, list: readonly Transferable[] | undefined) {
    super(NOTHING)
    this.value = value
    this.list = list
  }

  get [MARK](): true {
    return true
  }
}

/**
 * Marks an argument or a result: its buffers move to the other side instead of being copied, and are detached here.
 *
 * Without `list` all that can move in `value` moves: buffers, also those of views (whole, however much of them the view covers), ports and streams.
 * A Buffer in Node's pool is copied all the same: its neighbours are other people's. On processes and inline the value is cloned and the original
 * detached, so that the caller sees the same everywhere. A primitive comes back as it is.
 * Errors: TypeError if `list` names what cannot move, or what has moved already.
 *
 *     const bytes = new Uint8Array(1_000)
 *     await pool.submit((moved: Uint8Array) => moved.length, transfer(bytes)) // → 1000
 *     bytes.length // → 0
 */
export function transfer<T>(value: T, list?: readonly Transferable[]): T {
  const moving = list === undefined ? undefined : checkList(list)
  return typeof value === 'object' && value !== null ? (new Mark(value, moving) as unknown as T) : value
}

export function isTransfer(value: unknown): value is Marked {
  return ArrayBuffer.isView(value) && MARK in value
}

/** A mark like `mark` on another value. */
export function remark(value: unknown, list: readonly Transferable[]): Marked {
  return new Mark(value, list)
}

function checkList(list: readonly Transferable[]): readonly Transferable[] {
  if (!Array.isArray(list))
    throw new TypeError(`transfer() takes a list of what moves, got ${typeof list}; put it in an array`)
  return list.map(checkMovable)
}

function checkMovable(item: Transferable): Transferable {
  if (types.isArrayBuffer(item)) {
    if (isDetached(item))
      throw new TypeError('transfer() moves a buffer once, got one that has moved already; move a copy')
    return item
  }
  if (canMove(item)) return item
  throw new TypeError(`transfer() takes a list of what can move, got ${describeImmovable(item)}`)
}

function describeImmovable(item: unknown): string {
  if (types.isSharedArrayBuffer(item)) return 'a SharedArrayBuffer; leave it out: it is shared as it is'
  if (ArrayBuffer.isView(item)) return 'a view; name its buffer: view.buffer'
  const what =
    item !== null && typeof item === 'object' ? 'an object' : `a value of type ${item === null ? 'null' : typeof item}`
  return `${what}; name ArrayBuffers, MessagePorts and streams`
}
