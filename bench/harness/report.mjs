import { median } from './statistics.mjs'

/** @import { Bar, Measure } from './case.mjs' */
/** @import { Results } from './results.mjs' */

const SIGNIFICANT_DIGITS = 3
const HEADS = ['measure, 2 workers', 'figure (95 % interval)', 'bar', 'met']

/**
 * The table for a terminal, its columns aligned.
 *
 * @param {readonly Measure[]} measures
 */
export function printTable(measures) {
  const rows = [HEADS, ...measures.map(cellsOf)]
  const widths = HEADS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('   ')
        .trimEnd(),
    )
    .join('\n')
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
    markdownTable(HEADS, measures.map(cellsOf)),
    ...cases.flatMap(([name, { about, command, rounds, seed, loadBefore, loadAfter, machine, samples }]) => [
      `## ${name}`,
      about,
      [
        `- \`${command}\`: ${rounds} rounds, seed ${seed}, load ${loadBefore} before and ${loadAfter} after`,
        `- ${machine.platform}, ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB; Node ${machine.node}, Python ${machine.python}`,
        `- ${Object.entries(machine.packages)
          .map(([name, version]) => `${name} ${version}`)
          .join(', ')}; commit ${machine.commit}`,
      ].join('\n'),
      markdownTable(
        ['configuration', 'ms, median', 'least', 'CPU ms'],
        Object.entries(samples).map(([name, { ms, cpuMs }]) => [
          name,
          inDigits(median(ms)),
          inDigits(Math.min(...ms)),
          cpuMs.length === 0 ? '' : inDigits(median(cpuMs)),
        ]),
      ),
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

/**
 * @param {number} value
 * @param {Bar} bar
 */
function isMet(value, bar) {
  return 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost
}

/** @param {number} value */
function inDigits(value) {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(SIGNIFICANT_DIGITS)))
}

/**
 * @param {string[]} heads
 * @param {string[][]} rows
 */
function markdownTable(heads, rows) {
  const lines = [heads, heads.map((_, column) => (column === 0 ? '---' : '---:')), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
