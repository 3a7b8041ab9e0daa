import { types } from 'node:util'
import { invariant } from '../invariant.ts'
import { movablesOf, move } from './moving.ts'
import { isPooled, platformKind } from './platform.ts'
import { EngineRefusal, isMovedAway, Refusal } from './refusal.ts'
import { isTransfer, type Marked, type Transferable } from './transfer.ts'
import { Serializer } from './v8.ts'
import type { Carrier, Packed } from './value.ts'
import { kindOfView } from './views.ts'

/**
 * What stands behind the number that begins a host object.
 *
 *   OWN         kind, byteLength, bytes            a view, as the bytes that it covers
 *   BESIDE      kind, number, offset, length       a view on a carried buffer
 *   SHARED      kind, number, offset, length       a view on a copied piece of shared memory
 *   INSIDE      kind, offset, length, buffer       a view on a buffer written with it
 *   CARRIED     number                             a carried object
 *   PIECE       number                             a copied piece of shared memory itself
 *   EXCEPTION   name, message, stack               a DOMException
 *   MARKED      value                              what transfer() marked
 */
export const OWN = 0
export const BESIDE = 1
export const SHARED = 2
export const INSIDE = 3
export const CARRIED = 4
export const PIECE = 5
export const EXCEPTION = 6
export const MARKED = 7

/** The part of a SharedArrayBuffer that a value sees, to be copied once whatever views it has: so they stay views of one buffer. */
interface Piece {
  readonly number: number
  start: number
  end: number
}
export type Pieces = Map<SharedArrayBuffer, Piece>

/**
 * Writes one value. First the pieces of shared memory (none but for 'bytes'), then the value.
 *
 * v8.Serializer does nearly all; it hands to us views, Node's native objects and marks. Each object is written once, also by way of `writeValue` from
 * here, and by its number after that: so identity and cycles hold.
 */
export class Writer extends Serializer {
  declare _setTreatArrayBufferViewsAsHostObjects: (on: boolean) => void

  readonly #carrier: Carrier
  readonly #originals: ReadonlyMap<object, object> | undefined
  #carried: unknown[] | undefined
  #numbers: Map<unknown, number> | undefined // of #carried
  #moving: Map<Transferable, number> | undefined // to their place in #carried, -1 for 'bytes'
  #pieces: Pieces | undefined

  /** `pieces` are those that a first writer found in the same value; `originals` what stands behind a stand-in. */
  constructor(carrier: Carrier, pieces?: Pieces, originals?: ReadonlyMap<object, object>) {
    super()
    this._setTreatArrayBufferViewsAsHostObjects(true)
    this.#carrier = carrier
    this.#pieces = pieces
    this.#originals = originals
  }

  get pieces(): Pieces | undefined {
    return this.#pieces
  }

  write(value: unknown): void {
    this.writeHeader()
    this.writeUint32(this.#pieces?.size ?? 0)
    for (const [memory, { start, end }] of this.#pieces ?? []) {
      this.writeDouble(end - start)
      const isWhole = memory.growable && start === 0 && end === memory.byteLength
      this.writeDouble(isWhole ? memory.maxByteLength : end - start)
      this.writeRawBytes(Buffer.from(memory, start, end - start))
    }
    this.writeValue(value)
  }

  /** Takes the bytes, and says how many objects were written. */
  countAndRelease(): { bytes: Uint8Array; objects: number } {
    // v8.Serializer tells its count to nobody, but gives the next object that number and, met again, writes it: the last thing in the bytes, a varint
    // (seven bits a byte, the high bit set in all but the last). The reader stops before it gets there.
    this.writeValue(PROBE)
    this.writeValue(PROBE)
    const bytes = this.releaseBuffer()
    let at = bytes.length - 1
    let objects = bytes[at] as number
    for (let byte = bytes[--at] as number; byte >= 0x80; byte = bytes[--at] as number)
      objects = objects * 0x80 + (byte - 0x80)
    invariant(bytes[at] === REFERENCE, 'an object that was met again is written as a reference')
    return { bytes, objects }
  }

  /** Puts with `bytes` what is carried, and moves what was marked. Errors: Refusal. */
  pack(bytes: Uint8Array, transferList: Transferable[] | undefined): Packed {
    const moved: Transferable[] = []
    for (const [item, number] of this.#moving ?? []) {
      const copy = move(item)
      moved.push(copy)
      if (this.#carried !== undefined && number >= 0) this.#carried[number] = copy
    }
    if (this.#carrier === 'thread' && transferList !== undefined) {
      transferList.push(...moved)
      if (bytes.length >= MOVE_FROM) transferList.push(bytes.buffer as ArrayBuffer)
    }
    return this.#carried === undefined ? { bytes } : { bytes, carried: this.#carried }
  }

  // Called by v8.Serializer.
  _writeHostObject(host: object): void {
    const original = this.#originals?.get(host)
    if (original !== undefined) this.#writePlatform(original)
    else if (isTransfer(host)) this.#writeMarked(host)
    else if (ArrayBuffer.isView(host)) this.#writeView(host)
    else this.#writeCarried(host)
  }

  // Called by v8.Serializer. The number is never read: survey() finds the same memory, and it is written in another way.
  _getSharedArrayBufferId(memory: SharedArrayBuffer): number {
    this.#share(memory, 0, memory.byteLength)
    return 0
  }

  // Called by v8.Serializer; it throws what this returns.
  _getDataCloneError(message: string): Error {
    return new EngineRefusal(message)
  }

  #writeView(view: ArrayBufferView): void {
    const { buffer, byteOffset, byteLength } = view
    const kind = kindOfView(view)
    if (types.isSharedArrayBuffer(buffer)) {
      const { form, number, start } = this.#share(buffer, byteOffset, byteOffset + byteLength)
      this.#writeStart(form, kind, number)
      this.writeDouble(byteOffset - start)
      this.writeDouble(byteLength)
      return
    }
    if (isMovedAway(view)) throw new Refusal(view, MOVED_AWAY)
    const number = this.#moving?.get(buffer)
    if (number === undefined) {
      this.#writeStart(OWN, kind)
      this.writeDouble(byteLength)
      this.writeRawBytes(view as NodeJS.TypedArray)
      return
    }
    if (isPooled(view))
      throw new Refusal(
        view,
        'it lies in the pool that Buffers share, which cannot be moved; move a copy: new Uint8Array(buffer)',
      )
    if (number < 0) this.#writeStart(INSIDE, kind)
    else this.#writeStart(BESIDE, kind, number)
    this.writeDouble(byteOffset)
    this.writeDouble(byteLength)
    if (number < 0) this.writeValue(buffer)
  }

  #writeStart(form: number, ...numbers: number[]): void {
    this.writeUint32(form)
    for (const number of numbers) this.writeUint32(number)
  }

  /** Carries shared memory, or (for 'bytes') notes that `start` to `end` of it is to be copied. */
  #share(memory: SharedArrayBuffer, start: number, end: number): { form: number; number: number; start: number } {
    if (this.#carrier !== 'bytes') return { form: BESIDE, number: this.#carriedNumber(memory), start: 0 }
    this.#pieces ??= new Map()
    let piece = this.#pieces.get(memory)
    const from = start - (start % ALIGNMENT)
    if (piece === undefined) {
      piece = { number: this.#pieces.size, start: from, end }
      this.#pieces.set(memory, piece)
    } else {
      piece.start = Math.min(piece.start, from)
      piece.end = Math.max(piece.end, end)
    }
    return { form: SHARED, number: piece.number, start: piece.start }
  }

  #carriedNumber(object: unknown): number {
    this.#carried ??= []
    this.#numbers ??= new Map()
    let number = this.#numbers.get(object)
    if (number === undefined) {
      number = this.#carried.push(object) - 1
      this.#numbers.set(object, number)
    }
    return number
  }

  #writeMarked(mark: Marked): void {
    for (const item of movablesOf(mark)) this.#move(item)
    this.writeUint32(MARKED)
    this.writeValue(mark.value)
  }

  #move(item: Transferable): void {
    this.#moving ??= new Map()
    if (this.#moving.has(item)) return
    if (isMovedAway(item)) throw new Refusal(item, MOVED_AWAY)
    const isBuffer = types.isArrayBuffer(item)
    if (this.#carrier !== 'thread' && !isBuffer) throw new Refusal(item, ONLY_THREADS)
    const number = this.#carrier === 'bytes' ? -1 : this.#carriedNumber(item)
    if (isBuffer && number >= 0) this.transferArrayBuffer(number, item)
    this.#moving.set(item, number)
  }

  #writePlatform(object: object): void {
    switch (platformKind(object)) {
      case 'shared': {
        const memory = object as SharedArrayBuffer
        const { form, number } = this.#share(memory, 0, memory.byteLength)
        this.#writeStart(form === SHARED ? PIECE : CARRIED, number)
        return
      }
      case 'exception': {
        const { name, message, stack } = object as DOMException
        this.writeUint32(EXCEPTION)
        for (const text of [name, message, stack]) this.writeValue(`${text}`)
        return
      }
      case 'bare':
        throw new Refusal(object, ALL_HIDDEN)
      default:
        this.#writeCarried(object)
    }
  }

  /** An object of Node's or WebAssembly's: threads can carry some. */
  #writeCarried(object: object): void {
    if (this.#moving?.has(object as Transferable) !== true) {
      const problem = cloneProblem(object)
      if (this.#carrier !== 'thread')
        throw new Refusal(object, problem === MOVE_IT ? ONLY_THREADS : (problem ?? ONLY_THREADS))
      if (problem !== undefined) throw new Refusal(object, problem)
    }
    this.#writeStart(CARRIED, this.#carriedNumber(object))
  }
}

const PROBE = Object.freeze({})
const REFERENCE = 0x5e // v8's tag '^'
// Bytes from here on move with their message: at 10 KB that halves the time of a round trip, at 1 KB it saves nothing (Node 20).
const MOVE_FROM = 16_384
const ALIGNMENT = 8 // of the start of a piece: what aligned a view in the whole memory aligns it in the piece
const MOVED_AWAY = 'its memory was moved away by an earlier transfer; move a copy, or use it before'
const ONLY_THREADS = 'only threads can carry it: use ThreadPoolExecutor, or send what it can be made from'
const MOVE_IT = 'it can only be moved: mark it with transfer(value, [it])'
const ALL_HIDDEN = 'it would arrive as an empty object; send what it can be made from (of a URL its href)'

/** Tries on this thread what the message would do: there it would take all that travels with it down. Undefined: nothing is wrong. */
function cloneProblem(object: object): string | undefined {
  let clone: object
  try {
    clone = structuredClone(object)
  } catch (error) {
    const { message } = error as Error
    return /transfer/i.test(message) ? MOVE_IT : `${message.replace(/\.$/, '')}; send what it can be made from`
  }
  return Object.getPrototypeOf(clone) === Object.prototype ? ALL_HIDDEN : undefined
}
