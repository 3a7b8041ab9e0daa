import { type FetchPiece, fetchBlob, PIECE, type Served } from './blobs.ts'
import { FrameError } from './errors.ts'
import {
  BY_REFERENCE,
  decodeFrame,
  EXTENSION,
  type Extension,
  encodeFrame,
  extensionOf,
  type Frame,
  KIND,
  type Section,
  textExtension,
  textOf,
} from './frame.ts'
import { hashOf } from './manifest.ts'

/** Sections as they travel: in the frame, or, larger than a piece, fetched from their owner. */
export interface Payload {
  readonly sections: readonly Section[]
  readonly flags: number
  readonly extensions: readonly Extension[]
  /** Nobody will fetch it any more. */
  release(): void
}

/** Makes the payload of sections; what is too large for a message is served by `owner`. */
export function payloadOf(sections: readonly Section[], owner: string, served: Served): Payload {
  const size = sections.reduce((sum, { bytes }) => sum + bytes.length, 0)
  if (size <= PIECE) return { sections, flags: 0, extensions: [], release: () => {} }
  const bytes = encodeFrame({ kind: KIND.task, run: NO_RUN, chunk: 0, sections })
  const hash = hashOf(bytes)
  served.hold(hash, bytes)
  const place = new Uint8Array(40)
  place.set(hash)
  new DataView(place.buffer).setBigUint64(32, BigInt(bytes.length), true)
  return {
    sections: [],
    flags: BY_REFERENCE,
    extensions: [{ type: EXTENSION.payload, bytes: place }, textExtension(EXTENSION.owner, owner)],
    release: () => served.release(hash),
  }
}

/** The sections of a frame: those in it, or a promise of those that are fetched. Errors: FrameError; those of `fetchBlob`. */
export function sectionsOf(frame: Frame, fetch: FetchPiece): readonly Section[] | Promise<readonly Section[]> {
  if ((frame.flags & BY_REFERENCE) === 0) return frame.sections
  const place = extensionOf(frame, EXTENSION.payload)
  const owner = textOf(frame, EXTENSION.owner)
  if (place?.length !== 40 || owner === undefined)
    throw new FrameError('a frame says where its sections are, and this one does not')
  const length = Number(new DataView(place.buffer, place.byteOffset, 40).getBigUint64(32, true))
  return fetchBlob(fetch, owner, place.slice(0, 32), length).then((bytes) => decodeFrame(bytes).sections)
}

const NO_RUN = new Uint8Array(16)
