import { types } from 'node:util'
import { Deserializer } from './v8.ts'
import type { Packed } from './value.ts'
import { makeView } from './views.ts'
import { BESIDE, CARRIED, EXCEPTION, INSIDE, MARKED, OWN, PIECE, SHARED } from './writer.ts'

/** Reads what Writer wrote. */
export class Reader extends Deserializer {
  readonly #carried: readonly unknown[]
  readonly #pieces: SharedArrayBuffer[] = []

  constructor({ bytes, carried = [] }: Packed) {
    super(bytes)
    this.#carried = carried
    for (const [number, object] of carried.entries()) {
      if (types.isArrayBuffer(object)) this.transferArrayBuffer(number, object)
    }
  }

  read(): unknown {
    this.readHeader()
    for (let count = this.readUint32(); count > 0; count--) this.#pieces.push(this.#readPiece())
    return this.readValue()
  }

  #readPiece(): SharedArrayBuffer {
    const byteLength = this.readDouble()
    const maxByteLength = this.readDouble()
    const memory =
      maxByteLength > byteLength
        ? new SharedArrayBuffer(byteLength, { maxByteLength })
        : new SharedArrayBuffer(byteLength)
    new Uint8Array(memory).set(this.readRawBytes(byteLength))
    return memory
  }

  // Called by v8.Deserializer.
  _readHostObject(): unknown {
    const form = this.readUint32()
    switch (form) {
      case OWN: {
        const kind = this.readUint32()
        const byteLength = this.readDouble()
        // A copy: the bytes around it belong to other values, and it must lie aligned.
        return makeView(kind, new Uint8Array(this.readRawBytes(byteLength)).buffer, 0, byteLength)
      }
      case BESIDE:
        return this.#readView(this.readUint32(), this.#carried[this.readUint32()] as ArrayBufferLike)
      case SHARED:
        return this.#readView(this.readUint32(), this.#pieces[this.readUint32()] as SharedArrayBuffer)
      case INSIDE: {
        const kind = this.readUint32()
        const byteOffset = this.readDouble()
        const byteLength = this.readDouble()
        return makeView(kind, this.readValue(), byteOffset, byteLength)
      }
      case CARRIED:
        return this.#carried[this.readUint32()]
      case PIECE:
        return this.#pieces[this.readUint32()]
      case EXCEPTION:
        return this.#readException()
      case MARKED:
        return this.readValue()
      default:
        throw new RangeError(
          `a host object begins with a number up to ${MARKED}, got ${form}; both sides must run the same lanewise`,
        )
    }
  }

  #readView(kind: number, buffer: ArrayBufferLike): ArrayBufferView {
    return makeView(kind, buffer, this.readDouble(), this.readDouble())
  }

  #readException(): DOMException {
    const name: string = this.readValue()
    const exception = new DOMException(this.readValue(), name)
    Object.defineProperty(exception, 'stack', { value: this.readValue(), configurable: true, writable: true })
    return exception
  }
}
