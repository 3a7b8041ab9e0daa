import type { NumberArray } from '../inputs/number-array.ts'
import { type Captures, type JsLoop, loopOf } from '../kernel/code.ts'
import { WasmInstance } from '../kernel/instance.ts'
import { LARGEST_BLOCK } from '../memory/control.ts'
import type { KernelColumn, WorkerCode } from './engine.ts'
import { Recent } from './recent.ts'
import { type Fold, LeafFolder } from './reduce.ts'

/** What the chunk loop calls for each block of rows. */
export interface BlockRunner {
  /** Brings rows in. */
  stageIn(row: number, rows: number): void
  /** Computes the rows that were brought in. Called by WASM, so it may be a function of WASM itself. */
  readonly run: (rows: number) => void
  /** Brings their results out. */
  stageOut(row: number, rows: number): void
}

/** A map, as a runner needs it. */
export interface BlockMap {
  readonly captures: Captures
  readonly columns: readonly KernelColumn[]
  readonly out: NumberArray
  readonly rows: number
  /** Results go by a block of their own, and `out` gets a number a leaf. */
  readonly fold?: Fold | undefined
}

/** The instance that a kernel's code runs in; undefined: it is plain JavaScript. */
export function instanceOf(code: WorkerCode): WasmInstance | undefined {
  return code.wasm === undefined ? undefined : new WasmInstance(code.wasm)
}

/** Begins with a map. `instance` is one of the code, and serves no other map meanwhile. */
export function runnerOf(code: WorkerCode, instance: WasmInstance | undefined, map: BlockMap): BlockRunner {
  if (instance === undefined) return jsRunner(code.text as string, map)
  instance.capture(map.captures)
  return code.engine === 'js' ? scalarRunner(instance, map) : wasmRunner(instance, map)
}

function folderOf({ fold, rows, out }: BlockMap): LeafFolder | undefined {
  if (fold === undefined) return undefined
  return new LeafFolder(fold, rows, (leaf, total) => {
    out[leaf] = total
  })
}

/** Loops of the `js` engine that a thread keeps: a text anew would be optimised anew. Larger: their code in memory. */
const MOST_LOOPS = 16

/** By their text. */
const loops = new Recent<JsLoop>(MOST_LOOPS)

/** The `js` engine: its loop reads and writes the arrays themselves, so there is nothing to stage. That of a fold writes to a block. */
function jsRunner(text: string, map: BlockMap): BlockRunner {
  const { captures, columns, out } = map
  const folder = folderOf(map)
  const results = folder === undefined ? out : new Float64Array(LARGEST_BLOCK)
  const loop = loops.get(text, () => loopOf(text))(
    captures.uniforms,
    captures.tables,
    columns.map((column) => (column.kind === 'array' ? column.view : column.kind === 'range' ? column : column.value)),
    results,
  )
  let first = 0
  return {
    stageIn(row) {
      first = row
    },
    run: (rows) => loop(first, first + rows),
    stageOut: (row, rows) => folder?.take(results, row, rows),
  }
}

/** The `js` engine where there is no loop for it, or code from strings is forbidden: the scalar function of the kernel's WASM module, row by row. */
function scalarRunner(instance: WasmInstance, map: BlockMap): BlockRunner {
  const { columns, out } = map
  const folder = folderOf(map)
  const results = folder === undefined ? out : new Float64Array(LARGEST_BLOCK)
  const values = columns.map((column): ((row: number) => number) => {
    if (column.kind === 'repeat') return () => column.value
    if (column.kind === 'range') return (row) => column.start + row * column.step
    return (row) => column.view[row] as number
  })
  let first = 0
  return {
    stageIn(row) {
      first = row
    },
    run(rows) {
      const at = folder === undefined ? first : 0
      for (let i = 0; i < rows; i++) results[at + i] = instance.row(...values.map((value) => value(first + i)))
    },
    stageOut: (row, rows) => folder?.take(results, row, rows),
  }
}

/** The `wasm` engine: rows go through blocks in the memory of the kernel's instance. */
function wasmRunner(instance: WasmInstance, map: BlockMap): BlockRunner {
  const { columns, out } = map
  const folder = folderOf(map)
  let { results, stages } = blocksOf(instance, columns)
  return {
    stageIn(row, rows) {
      for (const stage of stages) stage(row, rows)
    },
    run: instance.run,
    stageOut(row, rows) {
      // Code of users may have its memory grow, which detaches the views of it.
      if (results.length === 0) ({ results, stages } = blocksOf(instance, columns))
      if (folder !== undefined) folder.take(results, row, rows)
      else out.set(rows === LARGEST_BLOCK ? results : results.subarray(0, rows), row)
    },
  }
}

type Stage = (row: number, rows: number) => void

function blocksOf(
  instance: WasmInstance,
  columns: readonly KernelColumn[],
): { results: Float64Array; stages: readonly Stage[] } {
  const stages: Stage[] = []
  for (const [i, column] of columns.entries()) {
    const block = instance.input(i)
    if (column.kind === 'repeat') block.fill(column.value)
    else stages.push(stageOf(column, block))
  }
  return { results: instance.out, stages }
}

function stageOf(column: Exclude<KernelColumn, { kind: 'repeat' }>, block: Float64Array): Stage {
  if (column.kind === 'array') {
    const { view } = column
    return (row, rows) => block.set(view.subarray(row, row + rows))
  }
  const { start, step } = column
  return (row, rows) => {
    for (let i = 0; i < rows; i++) block[i] = start + (row + i) * step
  }
}
