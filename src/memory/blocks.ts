import { copyEntries, copyNumbers, type NumberArray, viewOn } from '../inputs/number-array.ts'
import { newSharedBuffer } from './ballast.ts'

/** Blocks are a power of two of bytes, at least a page: so many that are a little apart can serve each other. */
const LEAST_BYTES = 4096

/**
 * Bytes of free blocks that are kept. Larger: memory that nobody uses; smaller: more maps take fresh memory, which costs a
 * page fault every 512 numbers (about 0.5 ns a number).
 */
const MOST_FREE_BYTES = 64 * 2 ** 20

/** Free blocks by their size, those used last at the end. */
const free = new Map<number, SharedArrayBuffer[]>()
let freeBytes = 0

/**
 * A shared block of at least `byteLength` bytes, where kernels' plain arrays are copied to and results are written.
 * Its contents are left over from its last use.
 */
export function takeBlock(byteLength: number): SharedArrayBuffer {
  const size = sizeOf(byteLength)
  const block = free.get(size)?.pop()
  if (block === undefined) return newSharedBuffer(size)
  freeBytes -= size
  return block
}

/** Takes a block back that nobody reads or writes any more. */
export function giveBlockBack(block: SharedArrayBuffer): void {
  const size = block.byteLength
  if (size > MOST_FREE_BYTES / 2) return // it would push out all others
  if (freeBytes + size > MOST_FREE_BYTES) clearBlocks()
  const same = free.get(size)
  if (same === undefined) free.set(size, [block])
  else same.push(block)
  freeBytes += size
}

/** Shorter arrays cost less as part of messages than on memory that each worker has to be told of. */
const LEAST_SHARED = 4096

/** A copy of numbers that threads read where it lies, on a shared block if it is long enough to be worth that. */
export function shareNumbers(values: NumberArray): NumberArray {
  const { length, byteLength } = values
  if (length < LEAST_SHARED) return copyNumbers(values)
  const copy = viewOn(takeBlock(byteLength), values, length)
  copyEntries(values, copy)
  return copy
}

function clearBlocks(): void {
  free.clear()
  freeBytes = 0
}

function sizeOf(byteLength: number): number {
  return Math.max(LEAST_BYTES, 2 ** Math.ceil(Math.log2(byteLength)))
}
