/** What calls of a scenario do. Workers load this file as it is. */
import { setTimeout as sleep } from 'node:timers/promises'
import { blockFor, Channel } from './channel.mjs'
import { makeError } from './errors.mjs'

/**
 * @import { Place } from './channel.mjs'
 * @import { Behaviour } from './scenario.ts'
 *
 * What a worker has to know.
 *
 * @typedef {{
 *   readonly behaviours: { readonly [index: string]: Behaviour },
 *   readonly place: Place,
 *   readonly gates: readonly string[],
 *   readonly blocks: boolean,
 * }} Setting
 */

/** @type {{ behaviours: Setting['behaviours'], channel: Channel, blocks: boolean } | undefined} */
let setting

/**
 * The initializer of every worker.
 *
 * @param {Setting} given
 * @param {'ok' | 'raise'} mode
 */
export function prepare({ behaviours, place, gates, blocks }, mode) {
  if (mode === 'raise') throw makeError('ValueError', 'initializer failed')
  setting = { behaviours, channel: new Channel(place, gates), blocks }
}

/**
 * The function that scenarios map and submit. Its first argument is the call's index.
 *
 * @param {...number} args
 */
export function perform(...args) {
  if (setting === undefined) throw new Error('a call began before its worker was prepared')
  const { behaviours, channel, blocks } = setting
  const [index = 0] = args
  const todo = behaviours[index] ?? behaviours.default ?? {}
  channel.begin(index)
  if (!blocks) return performLater(channel, todo, args)
  if (todo.gate !== undefined) channel.block(todo.gate)
  if (todo.sleep_ms !== undefined) blockFor(todo.sleep_ms)
  return finish(channel, todo, args)
}

/**
 * As `perform`, where workers cannot be prepared: each call says what they have to know.
 *
 * @param {Setting} given
 * @param {...number} args
 */
export function performWith(given, ...args) {
  prepare(given, 'ok')
  return perform(...args)
}

/**
 * @param {Channel} channel
 * @param {Behaviour} todo
 * @param {readonly number[]} args
 */
async function performLater(channel, todo, args) {
  if (todo.gate !== undefined) await channel.pass(todo.gate)
  if (todo.sleep_ms !== undefined) await sleep(todo.sleep_ms)
  return finish(channel, todo, args)
}

/**
 * @param {Channel} channel
 * @param {Behaviour} todo
 * @param {readonly number[]} args
 */
function finish(channel, todo, args) {
  channel.end()
  if (todo.exit !== undefined) process.exit(todo.exit)
  if (todo.raise !== undefined) throw makeError(todo.raise, todo.msg ?? '')
  if (todo.unserialisable === true) return () => {}
  if (todo.value !== undefined) return todo.value
  return 10 * args.reduce((sum, arg) => sum + arg, 0)
}
