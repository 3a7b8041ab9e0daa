import { runInThisContext } from 'node:vm'

// What the pools run, the peers' and ours: each needs nothing but Node.

/** @param {number} x */
export function same(x) {
  return x
}

/** @param {number} x */
export function label(x) {
  return `item ${x}`
}

/** @param {number[]} numbers */
export function squareRoots(numbers) {
  return numbers.map(Math.sqrt)
}

/** @type {Map<string, (...numbers: unknown[]) => unknown>} */
const made = new Map()

/**
 * A chunk of rows of a function that comes as its text, which a user of these pools would have in a module of his own.
 *
 * @param {{ text: string, columns: readonly ArrayLike<unknown>[] }} chunk
 */
export function runChunk({ text, columns }) {
  let fn = made.get(text)
  if (fn === undefined) {
    fn = /** @type {(...numbers: unknown[]) => unknown} */ (runInThisContext(`(${text})`)) // once a worker
    made.set(text, fn)
  }
  const [first = [], second = []] = columns
  const results = new Array(first.length)
  for (let i = 0; i < first.length; i++) {
    results[i] =
      columns.length === 1
        ? fn(first[i])
        : columns.length === 2
          ? fn(first[i], second[i])
          : fn(...columns.map((column) => column[i]))
  }
  return typeof results[0] === 'number' ? Float64Array.from(results) : results
}
