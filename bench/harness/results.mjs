import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { machineName } from './machine.mjs'
import { printMarkdown } from './report.mjs'

/** @import { Machine } from './machine.mjs' */
/** @import { Measure, Samples } from './case.mjs' */

/**
 * One case, as it was measured, and where.
 *
 * @typedef {object} CaseResult
 * @property {string} about
 * @property {string} command
 * @property {string} at         when it ended
 * @property {Machine} machine
 * @property {number} loadBefore
 * @property {number} loadAfter
 * @property {number} rounds
 * @property {number} seed       of the orders
 * @property {Measure[]} measures
 * @property {Samples} samples
 * @property {string[][]} [rows]  in place of a table of their times
 */

/**
 * @typedef {{ date: string, machine: string, cases: Record<string, CaseResult> }} Results
 */

/**
 * Adds a case to the day's files, results/<date>-<machine>.json and .md; one measured before on that day gives way to it.
 *
 * @param {string} folder
 * @param {string} name
 * @param {CaseResult} result
 * @returns {string} the path of the files, without an ending
 */
export function keepResult(folder, name, result) {
  mkdirSync(folder, { recursive: true })
  const date = result.at.slice(0, 10)
  const path = join(folder, `${date}-${machineName()}`)
  /** @type {Results} */
  const results = { date, machine: machineName(), cases: { ...readCases(`${path}.json`), [name]: result } }
  writeFileSync(`${path}.json`, `${JSON.stringify(results, roundTime, 1)}\n`)
  writeFileSync(`${path}.md`, printMarkdown(results))
  return path
}

/**
 * @param {string} path
 * @returns {Results['cases']}
 */
function readCases(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).cases
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return {}
    throw error
  }
}

/**
 * A tenth of a microsecond is as far as the clock goes.
 *
 * @param {string} _
 * @param {unknown} value
 */
function roundTime(_, value) {
  return typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value
}
