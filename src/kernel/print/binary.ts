import type { Program } from '../ir/ir.ts'
import { encode } from './binary/encode.ts'
import { lanesOf } from './binary/lanes.ts'

/** The binary form of the IR, for readers outside JavaScript; docs/ir.md draws it byte by byte. */
export { decode } from './binary/decode.ts'
export { encode } from './binary/encode.ts'

/**
 * A program as the compiler of the native engine takes it: made for several lanes that run in step, and encoded.
 *
 * Errors: RangeError if that is larger or deeper than a reader takes.
 */
export function encodeLanes(program: Program): Uint8Array {
  return encode(lanesOf(program), 'lanes')
}
