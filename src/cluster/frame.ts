import { FrameError } from './errors.ts'

/**
 * What submitters and hosts send each other: one format in both directions, little-endian.
 *
 *   at byte  what
 *   0        magic `LWFR`
 *   4        u16 version
 *   6        u8  kind
 *   7        u8  flags: bit 0, the sections are fetched from their owner
 *   8        16 bytes, the run
 *   24       u32 chunk
 *   28       u32 items
 *   32       u32 attempt
 *   36       u32 epoch
 *   40       u32 limit of a call in ms, 0 for none
 *   44       u16 sections
 *   46       u16 bytes of the token
 *   48       8 bytes, the function: the first of its manifest's hash
 *   56       u32 bytes of the extensions
 *   60       u32 bytes of the whole frame
 *   64       the token, by which a result's task is acknowledged; opaque
 *            extensions: u16 type, u16 0, u32 bytes, and the bytes
 *            sections: for each u8 element type, u8 0, u16 form, u32 offset from the frame's start, u64 bytes
 *            their bytes
 *
 * Each part begins at a multiple of 8; what is between is 0. Unknown extensions are skipped; unknown kinds are for the caller to drop.
 * Whatever a later version changes, the first 28 bytes stay: so who cannot read a frame can still say whose it is.
 */
export interface Frame {
  readonly kind: number
  readonly flags: number
  /** 16 bytes. */
  readonly run: Uint8Array
  readonly chunk: number
  readonly items: number
  readonly attempt: number
  readonly epoch: number
  readonly limitMs: number
  /** 8 bytes. */
  readonly fn: Uint8Array
  readonly token: Uint8Array
  readonly extensions: readonly Extension[]
  readonly sections: readonly Section[]
}

export interface Extension {
  readonly type: number
  readonly bytes: Uint8Array
}

/** `bytes` of a frame that was read lie in its buffer, at any address: copy them before they are looked at as numbers. */
export interface Section {
  /** An index of ELEMENTS. */
  readonly element: number
  /** What the bytes mean: one of FORM; for the reader of the kind. */
  readonly form: number
  readonly bytes: Uint8Array
}

/** What is written, and the latest that is read. */
export const VERSION: number = 1
/** The oldest that is read. */
export const LEAST_VERSION: number = 1

/** Kinds of frame. Progress says that a host begins a chunk that others had before; returned, that it gives one back, and why. */
export const KIND = { task: 1, result: 2, error: 3, crash: 4, progress: 5, returned: 6 } as const

/** Flags of a frame. */
export const BY_REFERENCE = 1

/** Types of extension. */
export const EXTENSION = {
  /** 32 bytes: the hash of the manifest. */
  manifest: 1,
  /** UTF-8: who serves what is to be fetched. */
  owner: 2,
  /** f64: ms that a worker spent in the function. */
  execMs: 3,
  /** UTF-8: the host. */
  host: 4,
  /** u32: how often the broker has delivered the task. */
  deliveries: 5,
  /** 32 bytes and a u64: what the sections that are fetched are called, and their length. */
  payload: 6,
  /** UTF-8: why. */
  reason: 7,
  /** u64: bytes of the manifest. */
  manifestBytes: 8,
  /** u32: how often hosts may die of it. */
  attempts: 9,
} as const

/** What the bytes of a section mean. */
export const FORM = {
  /** Numbers, as they lie in memory. */
  numbers: 0,
  /** A list of values, in one piece. */
  list: 1,
  /** Values one by one, some of which could not travel. */
  items: 2,
  /** All rows share a value of the manifest, or, of a kernel, the f64 that stands here. */
  repeat: 3,
  /** Three f64: start, step, and the number of the first row. */
  range: 4,
  /** Rows that failed. */
  failures: 5,
} as const

const MAGIC = 0x5246574c // LWFR
const HEAD = 64
const DESCRIPTOR = 16
const EXTENSION_HEAD = 8

/** A frame is a message of the broker: more than its largest, 64 MiB, cannot have come. */
const MOST_BYTES = 64 * 2 ** 20
/** One that is fetched in pieces is as large as its offsets reach. */
export const MOST_FETCHED: number = 2 ** 32 - 8

/** What a frame is written of: `fn`, `token`, extensions and sections may be left out. */
type Written = Pick<Frame, 'kind' | 'run' | 'chunk'> & { -readonly [K in keyof Frame]?: Frame[K] }

/** Writes a frame. Errors: FrameError for one that is too large. */
export function encodeFrame(frame: Written): Uint8Array {
  return write(frame, true)
}

/** A frame in parts, one behind the other: the sections are not copied, so they must stay as they are. Errors: those of `encodeFrame`. */
export function frameParts(frame: Written): Uint8Array[] {
  const sections = (frame.sections ?? []).flatMap(({ bytes }) => {
    const rest = padded(bytes.length) - bytes.length
    return rest === 0 ? [bytes] : [bytes, new Uint8Array(rest)]
  })
  return [write(frame, false), ...sections]
}

/** The head of a frame, and, if they are wanted, its sections behind that. */
function write(frame: Written, withSections: boolean): Uint8Array {
  const { token = NOTHING, extensions = [], sections = [], fn = NO_FUNCTION } = frame
  const extensionBytes = extensions.reduce((sum, { bytes }) => sum + EXTENSION_HEAD + padded(bytes.length), 0)
  const descriptors = HEAD + padded(token.length) + extensionBytes
  const total = sections.reduce(
    (sum, { bytes }) => sum + padded(bytes.length),
    descriptors + DESCRIPTOR * sections.length,
  )
  const most = withSections ? MOST_BYTES : MOST_FETCHED
  if (total > most) throw new FrameError(`a frame holds ${most} bytes at most, got ${total}; use less a chunk`)
  const body = descriptors + DESCRIPTOR * sections.length
  const out = new Uint8Array(withSections ? total : body)
  const view = new DataView(out.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint16(4, VERSION, true)
  view.setUint8(6, frame.kind)
  view.setUint8(7, frame.flags ?? 0)
  out.set(frame.run, 8)
  for (const [i, word] of [frame.chunk, frame.items, frame.attempt, frame.epoch, frame.limitMs].entries()) {
    view.setUint32(24 + 4 * i, word ?? 0, true)
  }
  view.setUint16(44, sections.length, true)
  view.setUint16(46, token.length, true)
  out.set(fn, 48)
  view.setUint32(56, extensionBytes, true)
  view.setUint32(60, total, true)
  out.set(token, HEAD)
  let at = HEAD + padded(token.length)
  for (const { type, bytes } of extensions) {
    view.setUint16(at, type, true)
    view.setUint32(at + 4, bytes.length, true)
    out.set(bytes, at + EXTENSION_HEAD)
    at += EXTENSION_HEAD + padded(bytes.length)
  }
  let offset = body
  for (const { element, form, bytes } of sections) {
    view.setUint8(at, element)
    view.setUint16(at + 2, form, true)
    view.setUint32(at + 4, offset, true)
    view.setBigUint64(at + 8, BigInt(bytes.length), true)
    if (withSections) out.set(bytes, offset)
    at += DESCRIPTOR
    offset += padded(bytes.length)
  }
  return out
}

/**
 * Reads a frame; nothing is copied. Every length is checked against the bytes that are there before it is used. `most`: bytes that it may have.
 *
 * Errors: FrameError for bytes that are none; `isOtherVersion` where another lanewise may read them, and `headOf` what can be known here.
 */
export function decodeFrame(from: Uint8Array, most: number = MOST_BYTES): Frame {
  const bytes = new Uint8Array(from.buffer, from.byteOffset, from.byteLength) // a Buffer's slice is no copy
  if (bytes.length < HEAD) throw new FrameError(`a frame has ${HEAD} bytes at least, got ${bytes.length}`)
  if (bytes.length > most) throw new FrameError(`a frame has ${most} bytes at most, got ${bytes.length}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, true) !== MAGIC) throw new FrameError('a frame begins with LWFR, and these bytes do not')
  const version = view.getUint16(4, true)
  if (version > VERSION || version < LEAST_VERSION) {
    const [rule, next] =
      version > VERSION ? [`up to version ${VERSION}`, 'it'] : [`from version ${LEAST_VERSION} on`, 'who wrote it']
    throw new FrameError(`this lanewise reads frames ${rule}, got ${version}; upgrade ${next}`, {
      isOtherVersion: true,
    })
  }
  const total = view.getUint32(60, true)
  if (total !== bytes.length) throw new FrameError(`a frame of ${total} bytes came as ${bytes.length}`)
  const sectionCount = view.getUint16(44, true)
  const tokenLength = view.getUint16(46, true)
  const extensionsAt = HEAD + padded(tokenLength)
  const extensionsEnd = extensionsAt + view.getUint32(56, true)
  const dataAt = extensionsEnd + DESCRIPTOR * sectionCount
  if (dataAt > total) throw new FrameError(`the head of a frame reaches to byte ${dataAt} of ${total}`)
  return {
    kind: view.getUint8(6),
    flags: view.getUint8(7),
    run: bytes.subarray(8, 24),
    chunk: view.getUint32(24, true),
    items: view.getUint32(28, true),
    attempt: view.getUint32(32, true),
    epoch: view.getUint32(36, true),
    limitMs: view.getUint32(40, true),
    fn: bytes.subarray(48, 56),
    token: bytes.subarray(HEAD, HEAD + tokenLength),
    extensions: readExtensions(bytes, view, extensionsAt, extensionsEnd),
    sections: Array.from({ length: sectionCount }, (_, i) =>
      readSection(bytes, view, extensionsEnd + DESCRIPTOR * i, dataAt),
    ),
  }
}

/** What can be said of a frame of any version: its run and its chunk; all else is empty. Errors: FrameError for bytes that are none. */
export function headOf(bytes: Uint8Array): Frame {
  if (bytes.length < HEAD) throw new FrameError(`a frame has ${HEAD} bytes at least, got ${bytes.length}`)
  const chunk = new DataView(bytes.buffer, bytes.byteOffset, HEAD).getUint32(24, true)
  const none = { kind: 0, flags: 0, items: 0, attempt: 0, epoch: 0, limitMs: 0, extensions: [], sections: [] }
  return { ...none, run: bytes.subarray(8, 24), chunk, fn: NO_FUNCTION, token: NOTHING }
}

function readExtensions(bytes: Uint8Array, view: DataView, from: number, end: number): Extension[] {
  const extensions: Extension[] = []
  for (let at = from; at < end; ) {
    if (at + EXTENSION_HEAD > end) throw new FrameError(`an extension at byte ${at} has no head`)
    const type = view.getUint16(at, true)
    const length = view.getUint32(at + 4, true)
    const start = at + EXTENSION_HEAD
    if (start + padded(length) > end)
      throw new FrameError(`an extension of ${length} bytes at byte ${at} leaves its frame`)
    extensions.push({ type, bytes: bytes.subarray(start, start + length) })
    at = start + padded(length)
  }
  return extensions
}

function readSection(bytes: Uint8Array, view: DataView, at: number, dataAt: number): Section {
  const offset = view.getUint32(at + 4, true)
  const length = view.getBigUint64(at + 8, true)
  if (offset < dataAt || BigInt(offset) + length > BigInt(bytes.length)) {
    throw new FrameError(`a section of ${length} bytes at byte ${offset} leaves its frame of ${bytes.length}`)
  }
  const element = view.getUint8(at)
  return { element, form: view.getUint16(at + 2, true), bytes: bytes.subarray(offset, offset + Number(length)) }
}

/** The bytes of an extension; undefined: the frame has none of the type. */
export function extensionOf(frame: Frame, type: number): Uint8Array | undefined {
  return frame.extensions.find((extension) => extension.type === type)?.bytes
}

export function textOf(frame: Frame, type: number): string | undefined {
  const bytes = extensionOf(frame, type)
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes)
}

/** A number of an extension: f64, u64 or u32 by its length. Errors: FrameError for bytes of another length. */
export function numberOf(frame: Frame, type: number, kind: 'f64' | 'u64' | 'u32'): number | undefined {
  const bytes = extensionOf(frame, type)
  if (bytes === undefined) return undefined
  const size = kind === 'u32' ? 4 : 8
  if (bytes.length !== size) throw new FrameError(`extension ${type} has ${size} bytes, got ${bytes.length}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, size)
  if (kind === 'u32') return view.getUint32(0, true)
  return kind === 'f64' ? view.getFloat64(0, true) : Number(view.getBigUint64(0, true))
}

/** The same, and `otherwise` where there is none, or one of another length. */
export function numberOr(frame: Frame, type: number, kind: 'f64' | 'u64' | 'u32', otherwise: number): number {
  try {
    return numberOf(frame, type, kind) ?? otherwise
  } catch {
    return otherwise
  }
}

export function textExtension(type: number, text: string): Extension {
  return { type, bytes: new TextEncoder().encode(text) }
}

export function numberExtension(type: number, kind: 'f64' | 'u64' | 'u32', value: number): Extension {
  const bytes = new Uint8Array(kind === 'u32' ? 4 : 8)
  const view = new DataView(bytes.buffer)
  if (kind === 'u32') view.setUint32(0, value, true)
  else if (kind === 'f64') view.setFloat64(0, value, true)
  else view.setBigUint64(0, BigInt(value), true)
  return { type, bytes }
}

const NOTHING = new Uint8Array(0)
const NO_FUNCTION = new Uint8Array(8)

function padded(length: number): number {
  return Math.ceil(length / 8) * 8
}
