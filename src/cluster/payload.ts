import { randomBytes } from 'node:crypto'
import { type FetchPiece, fetchBlob, type Served } from './blobs.ts'
import { FrameError } from './errors.ts'
import {
  BY_REFERENCE,
  decodeFrame,
  EXTENSION,
  type Extension,
  extensionOf,
  type Frame,
  frameParts,
  KIND,
  MOST_FETCHED,
  type Section,
  textExtension,
  textOf,
} from './frame.ts'

/** What is larger is fetched from its owner: half of what a broker takes by default. */
const MOST_INLINE = 512 * 1024

/** Sections as they travel: in the frame, or, larger than a piece, fetched from their owner. */
export interface Payload {
  readonly sections: readonly Section[]
  readonly flags: number
  readonly extensions: readonly Extension[]
  /** Nobody will fetch it any more. */
  release(): void
}

/**
 * Makes the payload of sections; what is too large for a message is served by `owner`, and not copied: it must stay as it is until `release()`.
 *
 * It has a name that nobody can guess. Its hash would do too, and take an eighth of a chunk's time on either side; who could serve other bytes could as well
 * send them in a frame.
 */
export function payloadOf(sections: readonly Section[], owner: string, served: Served): Payload {
  if (sizeOf(sections) <= MOST_INLINE) return { sections, flags: 0, extensions: [], release: () => {} }
  const parts = frameParts({ kind: KIND.task, run: NO_RUN, chunk: 0, sections })
  const name = randomBytes(32)
  served.hold(name, parts)
  const place = new Uint8Array(40)
  place.set(name)
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  new DataView(place.buffer).setBigUint64(32, BigInt(length), true)
  return {
    sections: [],
    flags: BY_REFERENCE,
    extensions: [{ type: EXTENSION.payload, bytes: place }, textExtension(EXTENSION.owner, owner)],
    release: () => served.release(name),
  }
}

export function sizeOf(sections: readonly Section[]): number {
  return sections.reduce((sum, { bytes }) => sum + bytes.length, 0)
}

/** The sections of a frame: those in it, or a promise of those that are fetched. Errors: FrameError; those of `fetchBlob`. */
export function sectionsOf(frame: Frame, fetch: FetchPiece): readonly Section[] | Promise<readonly Section[]> {
  if ((frame.flags & BY_REFERENCE) === 0) return frame.sections
  const place = extensionOf(frame, EXTENSION.payload)
  const owner = textOf(frame, EXTENSION.owner)
  if (place?.length !== 40 || owner === undefined)
    throw new FrameError('a frame says where its sections are, and this one does not')
  const length = Number(new DataView(place.buffer, place.byteOffset, 40).getBigUint64(32, true))
  return fetchBlob(fetch, owner, place.slice(0, 32), length).then((bytes) => decodeFrame(bytes, MOST_FETCHED).sections)
}

const NO_RUN = new Uint8Array(16)
