import { median } from './statistics.mjs'

/** @import { Bar, Measure, Samples } from './case.mjs' */
/** @import { Results } from './results.mjs' */

const SIGNIFICANT_DIGITS = 3
const HEADS = ['measure, 2 workers', 'figure (95 % interval)', 'bar', 'met']
const TIME_HEADS = ['configuration', 'ms, median', 'least', 'CPU ms']

/**
 * The measures, for a terminal.
 *
 * @param {readonly Measure[]} measures
 */
export function printTable(measures) {
  return aligned([HEADS, ...measures.map(cellsOf)])
}

/**
 * What each configuration took, heads first.
 *
 * @param {Samples} samples
 */
export function rowsOfTimes(samples) {
  return [TIME_HEADS, ...Object.entries(samples).map(timeCellsOf)]
}

/**
 * A number as tables have it.
 *
 * @param {number} value
 */
export function inDigits(value) {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(SIGNIFICANT_DIGITS)))
}

/**
 * All results of one day on one machine, for people.
 *
 * @param {Results} results
 */
export function printMarkdown(results) {
  const cases = Object.entries(results.cases)
  const measures = cases.flatMap(([, { measures }]) => measures)
  return `${[
    `# Speed, ${results.date}, ${results.machine}`,
    'Each figure is a median over paired rounds, with its 95 % bootstrap interval. The raw samples are in the JSON file beside this one.',
    markdownTable([HEADS, ...measures.map(cellsOf)]),
    ...cases.flatMap(([name, { about, command, rounds, seed, loadBefore, loadAfter, machine, samples, rows }]) => [
      `## ${name}`,
      about,
      [
        `- \`${command}\`: ${rounds} rounds, seed ${seed}, load ${loadBefore} before and ${loadAfter} after`,
        `- ${machine.platform}, ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB; Node ${machine.node}, Python ${machine.python}`,
        `- ${Object.entries(machine.packages)
          .map((entry) => entry.join(' '))
          .join(', ')}; commit ${machine.commit}`,
      ].join('\n'),
      markdownTable(rows ?? rowsOfTimes(samples)),
    ]),
  ].join('\n\n')}\n`
}

/** @param {Measure} measure */
function cellsOf({ measure, figure, unit, bar }) {
  const [value, low, high] = [figure.value, figure.low, figure.high].map(inDigits)
  return [
    measure,
    `${value} ${unit} (${low} … ${high})`,
    bar === undefined ? '' : 'atLeast' in bar ? `≥ ${bar.atLeast} ${unit}` : `≤ ${bar.atMost} ${unit}`,
    bar === undefined ? '' : isMet(figure.value, bar) ? 'yes' : 'no',
  ]
}

/** @param {[name: string, times: Samples[string]]} entry */
function timeCellsOf([name, { ms, cpuMs }]) {
  const cpu = cpuMs.length === 0 ? '' : inDigits(median(cpuMs))
  return [name, inDigits(median(ms)), inDigits(Math.min(...ms)), cpu]
}

/**
 * @param {number} value
 * @param {Bar} bar
 */
function isMet(value, bar) {
  return 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost
}

/**
 * A table for a terminal.
 *
 * @param {string[][]} rows each as long as the first
 */
export function aligned(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('   ')
        .trimEnd(),
    )
    .join('\n')
}

/** @param {string[][]} rows the heads first */
function markdownTable([heads = [], ...rows]) {
  const lines = [heads, heads.map((_, column) => (column === 0 ? '---' : '---:')), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
