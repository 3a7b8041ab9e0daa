/** The binary form of the IR, for readers outside JavaScript; docs/ir.md draws it byte by byte. */
export { decode } from './binary/decode.ts'
export { encode } from './binary/encode.ts'
