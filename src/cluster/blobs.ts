import { BrokerError } from './errors.ts'
import { hashOf } from './manifest.ts'

/**
 * What is fetched travels in pieces of so many bytes. Larger: the client doubles its buffer again and again while a piece comes, and the collector has the rest
 * to do (512 KiB: a third more CPU a chunk of 1 MiB); smaller: more requests (64 KiB: half more).
 */
export const PIECE: number = 256 * 1024
/** And so many of them are asked for at once. */
const OPEN = 8
/** A manifest with its tables, or a chunk: more is a mistake, or a bad joke. */
const MOST_BYTES = 4 * 2 ** 30

/** Asks the owner for `length` bytes from `offset` on. */
export type FetchPiece = (owner: string, hash: string, offset: number, length: number) => Promise<Uint8Array>

/** Bytes that this side serves, by a name of 32 bytes, as long as somebody may ask for them. */
export class Served {
  readonly #blobs = new Map<string, { readonly parts: readonly Uint8Array[]; holders: number }>()

  /** Serves the bytes of these, one behind the other, until as many `release`s. They must stay as they are. */
  hold(name: Uint8Array, parts: readonly Uint8Array[]): void {
    const text = nameOf(name)
    const known = this.#blobs.get(text)
    if (known === undefined) this.#blobs.set(text, { parts, holders: 1 })
    else known.holders++
  }

  release(name: Uint8Array): void {
    const text = nameOf(name)
    const known = this.#blobs.get(text)
    if (known !== undefined && --known.holders === 0) this.#blobs.delete(text)
  }

  /** Some of the bytes under a name; none: they are not served. */
  piece(name: string, offset: number, length: number): Uint8Array {
    const { parts } = this.#blobs.get(name) ?? NOTHING
    const end = offset + Math.min(length, PIECE)
    const cut: Uint8Array[] = []
    let at = 0
    for (const part of parts) {
      if (at < end && offset < at + part.length) cut.push(part.subarray(Math.max(0, offset - at), end - at))
      at += part.length
    }
    const [one] = cut
    return cut.length === 1 && one !== undefined ? one : Buffer.concat(cut)
  }
}

const NOTHING: { readonly parts: readonly Uint8Array[] } = { parts: [] }

/** Fetches bytes whose name is their hash, and compares it. Errors: BrokerError where the owner has them no more, or others. */
export async function fetchHashed(
  fetch: FetchPiece,
  owner: string,
  hash: Uint8Array,
  length: number,
): Promise<Uint8Array> {
  const bytes = await fetchBlob(fetch, owner, hash, length)
  if (Buffer.compare(hashOf(bytes), hash) === 0) return bytes
  throw new BrokerError(`${owner} served other bytes than ${nameOf(hash).slice(0, 12)}…`)
}

/** Fetches bytes from their owner, eight pieces at a time. Errors: BrokerError where the owner has them no more. */
export async function fetchBlob(
  fetch: FetchPiece,
  owner: string,
  called: Uint8Array,
  length: number,
): Promise<Uint8Array> {
  if (!(length >= 0 && length <= MOST_BYTES))
    throw new BrokerError(`up to ${MOST_BYTES} bytes are fetched, got ${length}`)
  const name = nameOf(called)
  const bytes = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer) // all of it is written, or none of it used
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
  return bytes
}

export function nameOf(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex')
}
