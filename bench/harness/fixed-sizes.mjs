import { WORKERS } from './case.mjs'

/**
 * Chunk sizes that could be the best one: in steps of 2, and those that cut the items into one, two, three and four chunks a worker.
 *
 * @param {number} count items
 * @param {number} ms that they take a worker
 * @param {number} leastMs shorter chunks are no candidates
 */
export function fixedSizes(count, ms, leastMs) {
  const least = Math.max(1, Math.floor((count * leastMs) / (ms * WORKERS)))
  const sizes = [1, 2, 3, 4].map((chunks) => Math.ceil(count / (chunks * WORKERS)))
  for (let size = least; size < count / WORKERS; size *= 2) sizes.push(size)
  return [...new Set(sizes)].sort((a, b) => a - b)
}
