import type { Program } from '../../../src/kernel/ir/ir.ts'
import { printWasm, type WasmOptions } from '../../../src/kernel/print/wasm.ts'

/** A module of the WASM printer, ready to be run as the host does it. */
export interface WasmModule {
  /** The results of rows, through the blocks. */
  run(rows: readonly Float64Array[]): Float64Array
  /** Of one row, by its arguments. */
  row(inputs: Float64Array): number
}

/** Compiles a program and gives it a memory with uniforms and tables. */
export function wasmModule(
  program: Program,
  uniforms: Float64Array = new Float64Array(),
  tables: readonly Float64Array[] = [],
  options?: WasmOptions,
): WasmModule {
  const { bytes, layout } = printWasm(program, options)
  const entries = tables.reduce((sum, table) => sum + 1 + table.length, 0)
  const pages = Math.ceil((layout.free + entries * 8) / 65_536)
  const memory = new WebAssembly.Memory({ initial: Math.max(layout.pages, pages) })
  const words = new DataView(memory.buffer)
  let free = layout.free
  for (const [i, table] of tables.entries()) {
    new Float64Array(memory.buffer, free, 1 + table.length).set([Number.NaN, ...table])
    words.setFloat64(layout.tables + 16 * i, table.length, true)
    words.setUint32(layout.tables + 16 * i + 8, free + 8, true)
    free += 8 + 8 * table.length
  }
  new Float64Array(memory.buffer, layout.uniforms, uniforms.length).set(uniforms)

  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } })
  const { run, row } = exports as { run: (rows: number) => void; row: (...inputs: number[]) => number }
  return {
    run(rows) {
      for (const [i, block] of layout.inputs.entries()) {
        new Float64Array(memory.buffer, block, rows.length).set(rows.map((inputs) => inputs[i] as number))
      }
      run(rows.length)
      return new Float64Array(memory.buffer, layout.out, rows.length).slice()
    },
    row: (inputs) => row(...inputs),
  }
}
