import { duration, percent } from '../tune/numerals.ts'
import type { Configuration, TuneResult } from '../tune/result.ts'
import { estimateMedian, median } from '../tune/statistics.ts'
import { objectiveOf } from '../tune/words.ts'
import { type Column, markdownTable, table } from './table.ts'

/** So many lines of a table are read; the others are in the files of --out. */
const MOST_ROWS = 24

const COLUMNS: readonly Column[] = [
  { head: 'pool', align: 'left' },
  { head: 'chunksize', align: 'left' },
  { head: 'median' },
  { head: '95 % interval' },
  { head: 'over ◀' },
  { head: 'rounds' },
  { head: 'busy' },
  { head: 'first' },
  { head: 'p95 stall' },
  { head: 'held back' },
]

/** What a configuration did, for people, no line wider than `width`. */
export function tuneTable(result: TuneResult, width: number): string[] {
  const shown = toShow(result)
  const rows = rowsOf(result, shown)
  const left = result.configurations.length - shown.length
  const more = left === 0 ? [] : [`${left} more, which fell behind sooner, are in the files of --out`.slice(0, width)]
  return [...table(COLUMNS, rows, width), ...more]
}

/** The whole result for an issue or a page: verdict, machine, all configurations. */
export function printTuneMarkdown(result: TuneResult): string {
  const { subject, environment, verdict, at, objective, configurations } = result
  const all = configurations.map((_, i) => i)
  return `${[
    `# ${subject.name} over ${subject.items} rows`,
    verdict.sentence,
    [
      `- ${subject.kind} \`${subject.name}\`, input ${subject.input}, objective ${objective}`,
      `- lanewise ${environment.lanewise}, Node ${environment.node}, ${environment.platform}, ${environment.cpu}, ${environment.cores} cores`,
      `- load ${environment.loadBefore} before and ${environment.loadAfter} after; ${at}`,
      `- the same configuration differs from itself by ${percent(verdict.noiseFloor)}`,
    ].join('\n'),
    markdownTable(COLUMNS, rowsOf(result, all)),
  ].join('\n\n')}\n`
}

function rowsOf(
  { configurations, runs, objective, verdict, plainMs }: TuneResult,
  shown: readonly number[],
): string[][] {
  const estimates = configurations.map((_, i) =>
    estimateMedian(runs.filter(({ configuration }) => configuration === i).map((run) => objectiveOf(run, objective))),
  )
  const least = estimates[verdict.best]?.value ?? Number.NaN
  const rows = shown.map((i) => {
    const { engine, workers, chunksize, label } = configurations[i] as Configuration
    const { value, low, high } = estimates[i] as (typeof estimates)[number]
    const own = runs.filter(({ configuration }) => configuration === i)
    const of = (pick: (run: (typeof own)[number]) => number): number => median(own.map(pick))
    const name = String(chunksize) === label ? label : `${chunksize} = ${label}`
    return [
      `${engine} × ${workers}`,
      i === verdict.best ? `${name} ◀` : name,
      duration(value),
      `${duration(low)} … ${duration(high)}`,
      percent(value / least - 1),
      String(own.length),
      `${(100 * of(({ utilisation }) => utilisation)).toFixed(0)} %`,
      duration(of(({ firstMs }) => firstMs)),
      duration(of(({ p95stallMs }) => p95stallMs)),
      of(({ heldBack }) => heldBack).toFixed(0),
    ]
  })
  if (plainMs.length === 0 || objective !== 'makespan') return rows
  const { value, low, high } = estimateMedian(plainMs)
  const interval = `${duration(low)} … ${duration(high)}`
  return [
    ...rows,
    ['plain loop', '', duration(value), interval, percent(value / least - 1), String(plainMs.length), '', '', '', ''],
  ]
}

/** Those that were measured longest, auto, and what libraries have as their default. */
function toShow({ configurations, runs, verdict }: TuneResult): number[] {
  const counts = configurations.map((_, i) => runs.filter(({ configuration }) => configuration === i).length)
  const isNamed = ({ label, chunksize }: Configuration): boolean =>
    label !== String(chunksize) || label === '1' || label === 'auto'
  const importance = configurations.map((each, i) =>
    i === verdict.best || i === verdict.auto
      ? Number.POSITIVE_INFINITY
      : (counts[i] as number) + (isNamed(each) ? 100 : 0),
  )
  const places = configurations.map((_, i) => i)
  return places
    .sort((a, b) => (importance[b] as number) - (importance[a] as number) || a - b)
    .slice(0, MOST_ROWS)
    .sort((a, b) => a - b)
}
