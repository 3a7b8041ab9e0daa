import type { NumberArray } from '../inputs/number-array.ts'
import { loopOf, type WasmLayout } from '../kernel/kernel.ts'
import { LARGEST_BLOCK } from '../memory/control.ts'
import type { KernelColumn } from './engine.ts'

/** What the chunk loop calls for each block of rows. */
export interface BlockRunner {
  /** Brings rows in. */
  stageIn(row: number, rows: number): void
  /** Computes the rows that were brought in. Called by WASM, so it may be a function of WASM itself. */
  readonly run: (rows: number) => void
  /** Brings their results out. */
  stageOut(row: number, rows: number): void
}

/** The `js` engine: its loop reads and writes the arrays themselves, so there is nothing to stage. */
export function jsRunner(
  text: string,
  uniforms: Float64Array,
  columns: readonly KernelColumn[],
  out: NumberArray,
): BlockRunner {
  const loop = loopOf(text)(
    uniforms,
    columns.map((column) => (column.kind === 'array' ? column.view : column.kind === 'range' ? column : column.value)),
    out,
  )
  let first = 0
  return {
    stageIn(row) {
      first = row
    },
    run: (rows) => loop(first, first + rows),
    stageOut() {},
  }
}

/** A kernel's WASM module with a memory of its own: made once for each kernel and thread, and used for one map at a time. */
export class WasmKernel {
  readonly #layout: WasmLayout
  readonly #floats: (at: number, length: number) => Float64Array
  readonly run: (rows: number) => void

  constructor(module: WebAssembly.Module, layout: WasmLayout) {
    this.#layout = layout
    const memory = new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pages })
    const instance = new WebAssembly.Instance(module, { env: { memory } })
    this.run = instance.exports.run as (rows: number) => void
    this.#floats = (at, length) => new Float64Array(memory.buffer, at, length)
  }

  /** Begins with a map. */
  runner(uniforms: Float64Array, columns: readonly KernelColumn[], out: NumberArray): BlockRunner {
    const layout = this.#layout
    this.#floats(layout.uniforms, uniforms.length).set(uniforms)
    const results = this.#floats(layout.out, LARGEST_BLOCK)
    const stages: ((row: number, rows: number) => void)[] = []
    for (const [i, column] of columns.entries()) {
      const block = this.#floats(layout.inputs[i] as number, LARGEST_BLOCK)
      if (column.kind === 'repeat') block.fill(column.value)
      else stages.push(stageOf(column, block))
    }
    return {
      stageIn(row, rows) {
        for (const stage of stages) stage(row, rows)
      },
      run: this.run,
      stageOut(row, rows) {
        out.set(rows === LARGEST_BLOCK ? results : results.subarray(0, rows), row)
      },
    }
  }
}

function stageOf(
  column: Exclude<KernelColumn, { kind: 'repeat' }>,
  block: Float64Array,
): (row: number, rows: number) => void {
  if (column.kind === 'array') {
    const { view } = column
    return (row, rows) => block.set(view.subarray(row, row + rows))
  }
  const { start, step } = column
  return (row, rows) => {
    for (let i = 0; i < rows; i++) block[i] = start + (row + i) * step
  }
}
