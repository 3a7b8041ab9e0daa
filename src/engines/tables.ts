import { types } from 'node:util'
import {
  constructorOf,
  copyEntries,
  isResizable,
  type NumberArray,
  type NumberArrayConstructor,
  overlap,
} from '../inputs/number-array.ts'
import type { KernelCode } from '../kernel/code.ts'
import { noMemoryForTables } from '../kernel/instance.ts'
import { giveBlockBack, takeBlock } from '../memory/blocks.ts'
import type { EngineName } from './engine.ts'

/**
 * The arrays that a kernel captured, for one map: as they are at its call.
 *
 * What lies on shared memory is read where it lies, and other threads may write it meanwhile; the rest is copied to a reused shared block, unless the
 * caller blocks. Machine code reads doubles, so for it arrays of other kinds are copied as such.
 * Errors: RangeError, with the bytes, where there is no memory for a copy.
 */
export class CapturedTables {
  bytesCopied = 0
  readonly #tables: readonly NumberArray[]
  readonly #blocks: SharedArrayBuffer[] = []
  #shared: NumberArray[] | undefined
  #doubles: NumberArray[] | undefined

  constructor(tables: readonly NumberArray[]) {
    this.#tables = tables
  }

  /** As an engine takes them; `isBorrowed`: they are read by this thread, or while it blocks. */
  of(engine: EngineName, isBorrowed: boolean): readonly NumberArray[] {
    if (engine === 'native') return this.doubles(isBorrowed)
    return isBorrowed ? this.borrow() : this.share()
  }

  /** For workers, or to be read in a later turn: copied at the first call. */
  share(): readonly NumberArray[] {
    this.#shared ??= this.#tables.map((table) => (isShared(table) ? table : this.#copy(table, constructorOf(table))))
    return this.#shared
  }

  /** For the caller's own thread, by the end of this turn. */
  borrow(): readonly NumberArray[] {
    return this.#shared ?? this.#tables
  }

  /** For the native engine: Float64Arrays. */
  doubles(isBorrowed: boolean): readonly NumberArray[] {
    this.#doubles ??= this.borrow().map((table) =>
      types.isFloat64Array(table) && (isBorrowed || isShared(table)) ? table : this.#copy(table, Float64Array),
    )
    return this.#doubles
  }

  /** Gives the shared blocks back; nobody reads them any more. */
  release(): void {
    for (const block of this.#blocks.splice(0)) giveBlockBack(block)
    this.#shared = undefined
    this.#doubles = undefined
  }

  #copy(table: NumberArray, Copy: NumberArrayConstructor): NumberArray {
    const { length } = table // which may grow in another thread
    const view = new Copy(this.#newBlock(length * Copy.BYTES_PER_ELEMENT), 0, length)
    copyEntries(table, view)
    this.bytesCopied += view.byteLength
    return view
  }

  #newBlock(byteLength: number): SharedArrayBuffer {
    try {
      const block = takeBlock(byteLength)
      this.#blocks.push(block)
      return block
    } catch (cause) {
      throw noMemoryForTables(byteLength, cause)
    }
  }
}

/** Used where it lies by other threads: on shared memory of fixed size. */
function isShared(table: NumberArray): boolean {
  return types.isSharedArrayBuffer(table.buffer) && !isResizable(table)
}

/** Errors: RangeError if `out` shares memory with an array that the kernel captured: rows would be computed from results of others. */
export function refuseCaptured(out: NumberArray, code: KernelCode, tables: readonly NumberArray[]): void {
  const at = tables.findIndex((table) => overlap(out, table))
  if (at === -1) return
  throw new RangeError(
    `out must be apart from what the kernel captures, but it overlaps ${code.tables[at]}, which would be overwritten while it is read; use another array`,
  )
}
