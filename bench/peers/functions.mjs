// What the pools run, the peers' and ours: each needs nothing from outside itself.

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
