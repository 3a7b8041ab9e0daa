import { copyEntries, type NumberArray } from '../inputs/number-array.ts'
import { LARGEST_BLOCK } from '../memory/control.ts'
import type { Captures, WasmCode, WasmLayout } from './code.ts'

const PAGE_BYTES = 65_536
const NUMBER_BYTES = Float64Array.BYTES_PER_ELEMENT
/** Of a table: its length (f64), its address (u32), four bytes unused. */
const DESCRIPTION_BYTES = 16

/** Bytes that tables take in the memory of an instance. */
export function tableBytes(tables: readonly NumberArray[]): number {
  return tables.reduce((sum, { length }) => sum + (1 + length) * NUMBER_BYTES, 0)
}

export function noMemoryForTables(bytes: number, cause: unknown): RangeError {
  return new RangeError(
    `no memory for the arrays that a kernel captures: ${bytes} bytes were asked for; make them smaller`,
    { cause },
  )
}

/** A kernel's WASM module with a memory of its own, unshared. It serves one map at a time. */
export class WasmInstance {
  /** Computes so many rows, whose inputs lie in the blocks. */
  readonly run: (rows: number) => void
  /** Computes a row from its arguments. */
  readonly row: (...inputs: number[]) => number
  readonly #memory: WebAssembly.Memory
  readonly #layout: WasmLayout

  constructor({ module, layout }: WasmCode) {
    this.#layout = layout
    this.#memory = new WebAssembly.Memory({ initial: layout.pages })
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.#memory } })
    this.run = exports.run as (rows: number) => void
    this.row = exports.row as (...inputs: number[]) => number
  }

  /**
   * Takes captures over: arrays as their entries are now, for good. Blocks that were asked for before are no longer its own.
   * Errors: RangeError, with the bytes, where there is no memory for the tables.
   */
  capture({ uniforms, tables }: Captures): void {
    const { uniforms: at, tables: descriptions, free } = this.#layout
    this.#reserve(free + tableBytes(tables))
    this.#floats(at, uniforms.length).set(uniforms)
    const words = new DataView(this.#memory.buffer, descriptions)
    let address = free
    for (const [i, table] of tables.entries()) {
      // Another thread may have a growable array grow meanwhile: its length is read once.
      const { length } = table
      this.#floats(address, 1)[0] = Number.NaN
      copyEntries(table, this.#floats(address + NUMBER_BYTES, length))
      words.setFloat64(i * DESCRIPTION_BYTES, length, true)
      words.setUint32(i * DESCRIPTION_BYTES + 8, address + NUMBER_BYTES, true)
      address += (1 + length) * NUMBER_BYTES
    }
  }

  /** Where rows of an input are expected. */
  input(index: number): Float64Array {
    return this.#floats(this.#layout.inputs[index] as number, LARGEST_BLOCK)
  }

  /** Where results are written. */
  get out(): Float64Array {
    return this.#floats(this.#layout.out, LARGEST_BLOCK)
  }

  #floats(at: number, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, at, length)
  }

  #reserve(bytes: number): void {
    const missing = bytes - this.#memory.buffer.byteLength
    if (missing <= 0) return
    try {
      this.#memory.grow(Math.ceil(missing / PAGE_BYTES))
    } catch (cause) {
      throw noMemoryForTables(bytes, cause)
    }
  }
}
