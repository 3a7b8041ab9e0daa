import type { NumberArray } from '../inputs/number-array.ts'
import type { PlainIsFaster } from './ir/cost.ts'
import type { Input } from './ir/ir.ts'

/** How the columns of a map reach a kernel: in an array, counted, or one value for all rows. */
export type ColumnKind = 'array' | 'range' | 'repeat'

/**
 * Where a kernel's WASM module looks for what, in a memory of its own: byte addresses.
 *
 *   uniforms    an f64 each
 *   tables      for each its length (f64), the address of its first entry (u32), and four unused bytes
 *   inputs      for each a block of rows, f64
 *   out         a block of rows, f64
 *   free        from here on the host places the tables: NaN, then the entries as f64; the address is that of the first entry, 8-byte aligned
 */
export interface WasmLayout {
  /** Size of the memory without tables, in pages of 64 KiB. */
  readonly pages: number
  readonly uniforms: number
  readonly tables: number
  readonly inputs: readonly number[]
  readonly out: number
  readonly free: number
  /** Rows that `run` computes together, a power of two: fewer cost as much. */
  readonly group: number
}

/**
 * A module of the `wasm` engine. It exports `run(rows)`, for rows that lie in the blocks, and, where code from strings is forbidden or there is no js form,
 * `row(x, …)`, for one row by its arguments; both give the same bits.
 */
export interface WasmCode {
  readonly module: WebAssembly.Module
  readonly layout: WasmLayout
}

/** `isBlock`: `out` is a block, where the results of a call begin at 0. */
export type LoopPrinter = (kinds: readonly ColumnKind[], isBlock?: boolean) => string

/** A kernel, compiled: what each engine runs. */
export interface KernelCode {
  readonly name: string
  /** Its parameters, in order. */
  readonly inputs: readonly Input[]
  /** Captured numbers, in order. */
  readonly uniforms: readonly string[]
  /** Captured arrays, in order. */
  readonly tables: readonly string[]
  /** All its loops have constant bounds, so that it ends by itself. */
  readonly isBounded: boolean
  /** Estimated time of a row as a plain loop, in ns: what decides whether a worker pays, and which engine. */
  readonly rowNs: number
  /** Why the `js` engine is faster; undefined: it is not. */
  readonly whyPlain: PlainIsFaster | undefined
  /**
   * Prints the loop of the `js` engine: the text of a JsLoop, for inputs of these kinds. It gets, for an array, the array; for a
   * range, `{ start, step }`; for a repeat, the value. Undefined: there is no such text, and the module's `row` serves.
   */
  readonly js: LoopPrinter | undefined
  /** Made when it is first asked for. */
  readonly wasm: WasmCode
  /** Prints its form for several lanes, as the bytes that the addon compiles (docs/ir.md). Undefined: there is no program. */
  readonly native: (() => Uint8Array) | undefined
  /** The program itself as bytes (docs/ir.md), for other machines. Undefined: there is none. */
  readonly portable: (() => Uint8Array) | undefined
}

/** What a kernel took from outside, besides helpers, which are part of its code. */
export interface Captures {
  /** One number for each of the code's uniforms. */
  readonly uniforms: Float64Array
  /** One array for each of the code's tables. */
  readonly tables: readonly NumberArray[]
}

/** Binds captures and arrays; computes the rows from `from` on and before `to`. */
export type JsLoop = (
  uniforms: Float64Array,
  tables: readonly NumberArray[],
  inputs: readonly unknown[],
  out: NumberArray,
) => (from: number, to: number) => void

/** The loop of the `js` engine, made of its text. Errors: EvalError where code from strings is forbidden. */
export function loopOf(text: string): JsLoop {
  // The text is printed by the kernel's own code, never taken from outside.
  // oxlint-disable-next-line typescript/no-implied-eval
  return new Function(`return ${text}`)() as JsLoop
}

let canMakeCode: boolean | undefined

/** The printer of a kernel's loop, where there is one and this process may run what it prints. */
export function loopPrinter(code: KernelCode): LoopPrinter | undefined {
  return mayMakeCode() ? code.js : undefined
}

/** Whether this process may make functions of texts: not under `--disallow-code-generation-from-strings`. */
export function mayMakeCode(): boolean {
  if (canMakeCode === undefined) {
    try {
      loopOf('0')
      canMakeCode = true
    } catch {
      canMakeCode = false
    }
  }
  return canMakeCode
}
