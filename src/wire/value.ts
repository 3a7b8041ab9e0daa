import { Reader } from './reader.ts'
import { explainEngine, explainRefusal, Refusal } from './refusal.ts'
import { hasPlatformObjects, standIn, survey } from './survey.ts'
import type { Transferable } from './transfer.ts'
import { type Pieces, Writer } from './writer.ts'

/**
 * How a value gets to the other side.
 *
 *   thread   bytes; shared memory, ports, modules and the like beside them, in the message
 *   bytes    bytes alone, over a pipe: shared memory is copied
 *   inline   to the same thread: a copy as on the others, but shared memory stays shared
 */
export type Carrier = 'thread' | 'bytes' | 'inline'

/** A value that is no primitive. `bytes` has a buffer of its own, so it may move; `carried` must be in the same message. */
export interface Packed {
  readonly bytes: Uint8Array
  readonly carried?: readonly unknown[]
}

/** Primitives travel as themselves. */
export type Wire = undefined | null | boolean | number | string | bigint | Packed

/**
 * Makes of `value` what a message can hold. What must move with the message is added to `transferList`, and only when nothing failed.
 *
 * As structured clone does, but that a view is the bytes it covers, never its whole buffer, and a Buffer stays one; that views on one shared or moved
 * buffer stay views on one; and that a DOMException stays one on every Node. A class is lost, as there: its fields arrive.
 * Errors: a DOMException named DataCloneError, which says what in `value` cannot travel and where it lies; what a getter in `value` throws, as it is.
 */
export function encodeValue(value: unknown, carrier: Carrier, transferList?: Transferable[]): Wire {
  switch (typeof value) {
    case 'object':
      return value === null ? null : pack(value, carrier, transferList)
    case 'function':
    case 'symbol':
      throw explainEngine('', value)
    default:
      return value as Wire
  }
}

/** Errors: those of v8.Deserializer, for bytes that are none of ours or a value nested too deeply for this thread's stack. */
export function decodeValue(wire: Wire): unknown {
  return typeof wire === 'object' && wire !== null ? new Reader(wire).read() : wire
}

function pack(value: object, carrier: Carrier, transferList: Transferable[] | undefined): Packed {
  const writer = new Writer(carrier)
  try {
    let hasSpecial: boolean
    let bytes: Uint8Array | undefined
    try {
      writer.write(value)
      bytes = writer.releaseBuffer()
      hasSpecial = survey(value, bytes.length, bytes.length).special
    } catch (error) {
      if (error !== writer.refused || !hasPlatformObjects(value)) throw error
      hasSpecial = true
    }
    if (bytes !== undefined && !hasSpecial && writer.pieces === undefined) return writer.pack(bytes, transferList)
    return packAgain(value, carrier, transferList, hasSpecial, writer.pieces)
  } catch (error) {
    if (error instanceof Refusal) throw explainRefusal(error, value)
    throw error !== undefined && error === writer.refused ? explainEngine(writer.refused.message, value) : error
  }
}

/** The second way through, with what was learnt on the first: which objects need a stand-in, and what is seen of shared memory. */
function packAgain(
  value: object,
  carrier: Carrier,
  transferList: Transferable[] | undefined,
  hasSpecial: boolean,
  pieces: Pieces | undefined,
): Packed {
  const { copy, originals } = hasSpecial ? standIn(value) : { copy: value, originals: undefined }
  const writer = new Writer(carrier, pieces, originals)
  try {
    writer.write(copy)
  } catch (error) {
    throw error !== undefined && error === writer.refused ? explainEngine(writer.refused.message, value) : error
  }
  return writer.pack(writer.releaseBuffer(), transferList)
}
