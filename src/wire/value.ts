import { standIn } from './copy.ts'
import { Reader } from './reader.ts'
import { EngineRefusal, explain } from './refusal.ts'
import { hasPlatformObjects, survey } from './survey.ts'
import type { Transferable } from './transfer.ts'
import { Writer } from './writer.ts'

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
 * Makes of `value` what a message can hold. What is to move with the message, large bytes too, is added to `transferList`, and only when nothing failed:
 * so post it once. Without a list, and with no marks in `value`, it can be posted any number of times.
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
      throw explain(new EngineRefusal(), value)
    default:
      return value as Wire
  }
}

/** Errors: those of v8.Deserializer, for bytes that are none of ours or a value nested too deeply for this thread's stack. */
export function decodeValue(wire: Wire): unknown {
  return typeof wire === 'object' && wire !== null ? new Reader(wire).read() : wire
}

function pack(value: object, carrier: Carrier, transferList: Transferable[] | undefined): Packed {
  try {
    const writer = new Writer(carrier)
    const bytes = writeOnce(writer, value)
    const needsStandIns = bytes === undefined || survey(value, bytes.length, bytes.length).special
    if (!needsStandIns && writer.pieces === undefined) return writer.pack(bytes, transferList)
    // The second way through, with what was learnt on the first: what needs a stand-in, and what is seen of shared memory.
    const { copy, originals } = needsStandIns ? standIn(value) : { copy: value, originals: undefined }
    const again = new Writer(carrier, writer.pieces, originals)
    again.write(copy)
    return again.pack(again.releaseBuffer(), transferList)
  } catch (error) {
    throw explain(error, value)
  }
}

/** Undefined: refused, perhaps for a platform object. */
function writeOnce(writer: Writer, value: object): Uint8Array | undefined {
  try {
    writer.write(value)
  } catch (error) {
    if (error instanceof EngineRefusal && hasPlatformObjects(value)) return undefined
    throw error
  }
  return writer.releaseBuffer()
}
