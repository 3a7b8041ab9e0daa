import { BrokerError } from './errors.ts'
import { hashOf } from './manifest.ts'

/** What is fetched travels in pieces of so many bytes: half of what a broker takes by default. */
export const PIECE: number = 512 * 1024
/** And so many of them are asked for at once. */
const OPEN = 8
/** A manifest with its tables, or a chunk: more is a mistake, or a bad joke. */
const MOST_BYTES = 4 * 2 ** 30

/** Asks the owner for `length` bytes from `offset` on. */
export type FetchPiece = (owner: string, hash: string, offset: number, length: number) => Promise<Uint8Array>

/** Bytes that this side serves, by their hash, as long as somebody may ask for them. */
export class Served {
  readonly #blobs = new Map<string, { readonly bytes: Uint8Array; holders: number }>()

  /** Serves the bytes until as many `release`s. */
  hold(hash: Uint8Array, bytes: Uint8Array): void {
    const name = nameOf(hash)
    const known = this.#blobs.get(name)
    if (known === undefined) this.#blobs.set(name, { bytes, holders: 1 })
    else known.holders++
  }

  release(hash: Uint8Array): void {
    const name = nameOf(hash)
    const known = this.#blobs.get(name)
    if (known !== undefined && --known.holders === 0) this.#blobs.delete(name)
  }

  /** Some of the bytes under a hash; none: they are not served. */
  piece(name: string, offset: number, length: number): Uint8Array {
    const blob = this.#blobs.get(name)
    return blob === undefined ? new Uint8Array(0) : blob.bytes.subarray(offset, offset + Math.min(length, PIECE))
  }
}

/**
 * Fetches bytes from their owner, eight pieces at a time, and compares their hash.
 *
 * Errors: BrokerError where the owner has them no more, or others.
 */
export async function fetchBlob(
  fetch: FetchPiece,
  owner: string,
  hash: Uint8Array,
  length: number,
): Promise<Uint8Array> {
  if (!(length >= 0 && length <= MOST_BYTES))
    throw new BrokerError(`up to ${MOST_BYTES} bytes are fetched, got ${length}`)
  const name = nameOf(hash)
  const bytes = new Uint8Array(length)
  let next = 0
  const one = async (): Promise<void> => {
    while (next < length) {
      const offset = next
      const size = Math.min(PIECE, length - offset)
      next += size
      const piece = await fetch(owner, name, offset, size)
      if (piece.length !== size) throw new BrokerError(`${owner} serves ${name.slice(0, 12)}… no more`)
      bytes.set(piece, offset)
    }
  }
  await Promise.all(Array.from({ length: OPEN }, one))
  if (Buffer.compare(hashOf(bytes), hash) !== 0)
    throw new BrokerError(`${owner} served other bytes than ${name.slice(0, 12)}…`)
  return bytes
}

export function nameOf(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex')
}
