/** Chunks for each live slot: one that runs and one that waits. More only delays results; fewer, and a slot waits for the next one. */
const CHUNKS_A_SLOT = 2

/** Before the first host is heard, and for pools of one slot. */
const LEAST_CHUNKS = 4

/**
 * Bytes of tasks that may be out: the broker cuts a client off that has 64 MiB waiting, and results may be as large as their tasks. Larger: a burst of
 * results is a redelivery of them all; smaller: chunks of 1 MiB starve a pool of 16 slots.
 */
const MOST_BYTES = 24 * 2 ** 20

/** What limits the window, beside `buffersize`, which the map keeps itself. */
export interface Room {
  /** Slots of the hosts that are heard. */
  readonly slots: number
  /** Chunks that are out. */
  readonly chunks: number
  /** Bytes of them. */
  readonly bytes: number
}

/** Whether another chunk may go out: no more than two a slot, at least 4, and 24 MiB; one that is larger goes alone. */
export function hasRoom({ slots, chunks, bytes }: Room): boolean {
  return chunks < Math.max(LEAST_CHUNKS, CHUNKS_A_SLOT * slots) && (chunks === 0 || bytes < MOST_BYTES)
}
