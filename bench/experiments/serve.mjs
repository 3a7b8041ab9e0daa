/** @import { FromStand, StandRun, ToStand } from '../../dist/tune/experiments/protocol.js' */

import { CannotMeasure } from '../harness/case.mjs'

/**
 * Somebody else's pool with one workload.
 *
 * @typedef {object} PeerWork
 * @property {(run: StandRun, limitMs: number) => Promise<{ makespanMs: number, firstMs: number, chunks: number } | undefined>} run
 *   all items of a run, verified; undefined: it was stopped, after `limitMs`
 * @property {() => PromiseLike<unknown>} close
 */

/**
 * Answers the questions of a stand: what dist/tune/experiments/stand-process.js does for engines of ours.
 *
 * @param {(workload: string, engine: string) => Promise<PeerWork>} open
 */
export function serve(open) {
  /** @type {PeerWork | undefined} */
  let work

  process.once('disconnect', () => process.exit())
  process.on('SIGINT', () => {}) // it goes to all of a terminal's programs: the parent closes this one, in order
  process.on('message', (/** @type {ToStand} */ question) => {
    void answer(question).then((said) => process.send?.(said))
  })

  /** @param {ToStand} question @returns {Promise<FromStand>} */
  async function answer(question) {
    try {
      if ('open' in question) {
        work = await open(question.open.workload, question.open.engine)
        return { done: true }
      }
      if (work === undefined) throw new Error('a stand is opened first')
      if ('run' in question) {
        const told = await work.run(question.run, question.limitMs)
        return { measured: told === undefined ? null : measuredOf(told) }
      }
      if ('close' in question) {
        await work.close()
        return { done: true }
      }
      throw new Error('a peer only runs chunks that were made by hand')
    } catch (error) {
      const { message } = /** @type {Error} */ (error)
      return { failed: message, cannotMeasure: error instanceof CannotMeasure }
    }
  }
}

/**
 * What is not known of a peer is NaN, and null in files.
 *
 * @param {{ makespanMs: number, firstMs: number, chunks: number }} told
 */
function measuredOf({ makespanMs, firstMs, chunks }) {
  const unknown = { p95stallMs: Number.NaN, heldBack: Number.NaN, utilisation: Number.NaN }
  const run = { makespanMs, firstMs, chunks, givenBack: 0, ...unknown }
  return { run, lines: [], delivered: [], mainShare: Number.NaN, bytesCopied: Number.NaN }
}
