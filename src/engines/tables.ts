import { types } from 'node:util'
import { copyEntries, isResizable, type NumberArray, overlap, viewOn } from '../inputs/number-array.ts'
import type { KernelCode } from '../kernel/code.ts'
import { giveBlockBack, takeBlock } from '../memory/blocks.ts'

/**
 * The arrays that a kernel captured, for one map: as they are at its call.
 *
 * What lies on shared memory is read where it lies, and other threads may write it meanwhile; the rest is copied to a reused shared block, unless the
 * caller blocks.
 */
export class CapturedTables {
  bytesCopied = 0
  readonly #tables: readonly NumberArray[]
  readonly #blocks: SharedArrayBuffer[] = []
  #shared: NumberArray[] | undefined

  constructor(tables: readonly NumberArray[]) {
    this.#tables = tables
  }

  /** For workers, or to be read in a later turn: copied at the first call. */
  share(): readonly NumberArray[] {
    this.#shared ??= this.#tables.map((table) => this.#copy(table))
    return this.#shared
  }

  /** For the caller's own thread, by the end of this turn. */
  borrow(): readonly NumberArray[] {
    return this.#shared ?? this.#tables
  }

  /** Gives the shared blocks back; nobody reads them any more. */
  release(): void {
    for (const block of this.#blocks.splice(0)) giveBlockBack(block)
    this.#shared = undefined
  }

  /** What lies on shared memory of fixed size is used where it lies. */
  #copy(table: NumberArray): NumberArray {
    if (types.isSharedArrayBuffer(table.buffer) && !isResizable(table)) return table
    const { length } = table // which may grow in another thread
    const block = takeBlock(length * table.BYTES_PER_ELEMENT)
    this.#blocks.push(block)
    const view = viewOn(block, table, length)
    copyEntries(table, view)
    this.bytesCopied += view.byteLength
    return view
  }
}

/** Errors: RangeError if `out` shares memory with an array that the kernel captured: rows would be computed from results of others. */
export function refuseCaptured(out: NumberArray, code: KernelCode, tables: readonly NumberArray[]): void {
  const at = tables.findIndex((table) => overlap(out, table))
  if (at === -1) return
  throw new RangeError(
    `out must be apart from what the kernel captures, but it overlaps ${code.tables[at]}, which would be overwritten while it is read; use another array`,
  )
}
