import { setTimeout as later } from 'node:timers/promises'

// What hosts run: they find it in their own copy of this package.

/** @param {number} x */
export function same(x) {
  return x
}

/**
 * A call that waits.
 *
 * @param {number} ms
 */
export async function waits(ms) {
  await later(ms)
  return ms
}
