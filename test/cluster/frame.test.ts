import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameError } from '../../src/cluster/errors.ts'
import {
  decodeFrame,
  EXTENSION,
  encodeFrame,
  extensionOf,
  frameParts,
  headOf,
  KIND,
  numberExtension,
  numberOf,
  textExtension,
  textOf,
} from '../../src/cluster/frame.ts'
import { random } from './twin.ts'

const run = Uint8Array.from({ length: 16 }, (_, i) => i)

const full = {
  kind: KIND.result,
  flags: 1,
  run,
  chunk: 7,
  items: 2,
  attempt: 1,
  epoch: 3,
  limitMs: 500,
  fn: Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1),
  token: Uint8Array.of(0xaa, 0xbb, 0xcc),
  extensions: [textExtension(EXTENSION.host, 'hé'), numberExtension(EXTENSION.execMs, 'f64', 1.5)],
  sections: [{ element: 1, form: 0, bytes: new Uint8Array(Float64Array.of(1, -0).buffer) }],
}

/** The same on every machine and in every version that reads version 1: a change here is a new version. */
const GOLDEN = [
  '4c574652 0100 02 01 000102030405060708090a0b0c0d0e0f 07000000 02000000 01000000 03000000 f4010000 0100 0300',
  '0807060504030201 20000000 88000000 aabbcc0000000000',
  '0400 0000 03000000 68c3a90000000000 0300 0000 08000000 000000000000f83f',
  '01 00 0000 78000000 1000000000000000 000000000000f03f 0000000000000080',
]
  .join('')
  .replaceAll(' ', '')

describe('frames', () => {
  it('have one form, byte by byte', () => {
    expect(Buffer.from(encodeFrame(full)).toString('hex')).toBe(GOLDEN)
  })

  it('read back as they were written', () => {
    const frame = decodeFrame(Buffer.from(GOLDEN, 'hex'))
    expect({ ...frame, run: Uint8Array.from(frame.run), fn: Uint8Array.from(frame.fn) }).toMatchObject({
      kind: 2,
      flags: 1,
      run,
      chunk: 7,
      items: 2,
      attempt: 1,
      epoch: 3,
      limitMs: 500,
    })
    expect([...frame.token]).toEqual([0xaa, 0xbb, 0xcc])
    expect(textOf(frame, EXTENSION.host)).toBe('hé')
    expect(numberOf(frame, EXTENSION.execMs, 'f64')).toBe(1.5)
    expect([...frame.sections[0]!.bytes]).toEqual([...full.sections[0]!.bytes])
  })

  it('are the same in parts, one behind the other, as in one piece', () => {
    const section = (length: number) => ({ element: 0, form: 1, bytes: new Uint8Array(length).fill(length) })
    for (const lengths of [[], [0], [7], [8], [9, 16, 0, 3]]) {
      const frame = { kind: 1, run: new Uint8Array(16).fill(5), chunk: 9, sections: lengths.map(section) }
      expect(Buffer.compare(Buffer.concat(frameParts(frame)), encodeFrame(frame))).toBe(0)
    }
  })

  it('need nothing but a kind, a run and a chunk', () => {
    const frame = decodeFrame(encodeFrame({ kind: 9, run, chunk: 0xffffffff }))
    expect(frame).toMatchObject({ kind: 9, chunk: 0xffffffff, items: 0, extensions: [], sections: [] })
    expect(frame.token).toHaveLength(0)
  })

  it('keep any extensions and sections, those of later versions too', () => {
    const bytes = fc.uint8Array({ maxLength: 40 })
    const u16 = fc.integer({ min: 0, max: 0xffff })
    const extensions = fc.array(fc.record({ type: u16, bytes }), { maxLength: 5 })
    const sections = fc.array(fc.record({ element: fc.integer({ min: 0, max: 255 }), form: u16, bytes }), {
      maxLength: 5,
    })
    fc.assert(
      fc.property(bytes, extensions, sections, (token, extensions, sections) => {
        const shifted = new Uint8Array([0, ...encodeFrame({ kind: 1, run, chunk: 1, token, extensions, sections })])
        const frame = decodeFrame(shifted.subarray(1)) // at an odd address, as from a socket
        expect(Buffer.compare(frame.token, token)).toBe(0)
        expect(frame.extensions.map((each) => [each.type, [...each.bytes]])).toEqual(
          extensions.map((each) => [each.type, [...each.bytes]]),
        )
        expect(frame.sections.map((each) => [each.element, each.form, [...each.bytes]])).toEqual(
          sections.map((each) => [each.element, each.form, [...each.bytes]]),
        )
      }),
    )
  })

  it('are bytes and no Buffers, whatever they came in: a slice of them is a copy', () => {
    const frame = decodeFrame(Buffer.from(GOLDEN, 'hex'))
    expect(frame.sections[0]!.bytes.slice().byteOffset).toBe(0)
    expect(Buffer.isBuffer(frame.token)).toBe(false)
  })

  it('of another version are told apart from what is no frame', () => {
    const later = encodeFrame(full)
    later[4] = 2
    expect(() => decodeFrame(later)).toThrow(expect.objectContaining({ isOtherVersion: true }))
    expect(() => decodeFrame(later)).toThrow('this lanewise reads frames up to version 1, got 2; upgrade it')
    expect(headOf(later)).toMatchObject({ run: full.run, chunk: full.chunk, sections: [] })
    const older = encodeFrame(full)
    older[4] = 0
    expect(() => decodeFrame(older)).toThrow(
      'this lanewise reads frames from version 1 on, got 0; upgrade who wrote it',
    )
    expect(() => decodeFrame(older)).toThrow(expect.objectContaining({ isOtherVersion: true }))
    expect(() => decodeFrame(new Uint8Array(64))).toThrow(expect.objectContaining({ isOtherVersion: false }))
    expect(() => decodeFrame(new Uint8Array(3))).toThrow('a frame has 64 bytes at least, got 3')
  })

  it('that are cut short or have more behind them are refused', () => {
    const bytes = encodeFrame(full)
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeFrame(bytes.subarray(0, length))).toThrow(FrameError)
    }
    expect(() => decodeFrame(Uint8Array.from([...bytes, 0]))).toThrow('a frame of 136 bytes came as 137')
  })

  it('never do more than refuse, whichever of 100,000 ways they are damaged', () => {
    const chance = random(7)
    const good = encodeFrame(full)
    let refused = 0
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0 // most of the time, else
    for (let i = 0; i < 100_000; i++) {
      const bytes = good.slice(0, chance() < 0.1 ? Math.floor(chance() * good.length) : good.length)
      for (let flips = 1 + chance() * 4; flips >= 1 && bytes.length > 0; flips--) {
        const at = Math.floor(chance() * bytes.length)
        bytes[at] = chance() < 0.3 ? 0xff : Math.floor(chance() * 256)
      }
      try {
        const { sections, extensions, token } = decodeFrame(bytes)
        const held = [...sections, ...extensions].reduce((sum, each) => sum + each.bytes.length, token.length)
        if (held > bytes.length) throw new Error(`a frame of ${bytes.length} bytes holds ${held}`)
      } catch (error) {
        if (!(error instanceof FrameError)) throw error
        refused++
      }
    }
    Error.stackTraceLimit = stackTraceLimit
    expect(refused).toBeGreaterThan(20_000)
  })

  it('say which extension has a length of its own', () => {
    const frame = decodeFrame(
      encodeFrame({ kind: 2, run, chunk: 1, extensions: [{ type: EXTENSION.execMs, bytes: Uint8Array.of(1) }] }),
    )
    expect(() => numberOf(frame, EXTENSION.execMs, 'f64')).toThrow('extension 3 has 8 bytes, got 1')
    expect(extensionOf(frame, EXTENSION.host)).toBeUndefined()
  })
})
