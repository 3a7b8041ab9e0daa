import { parseArgs } from 'node:util'
import { type ComparedRow, type Comparison, compare as compareResults } from '../tune/compare.ts'
import type { Measurements } from '../tune/measurements.ts'
import { duration, percent } from '../tune/numerals.ts'
import { type Command, EXIT, type Streams, UsageError } from './command.ts'
import { readText } from './files.ts'
import { parseJson, readJsonLines } from './input/json.ts'
import { type Paint, painter, wrap } from './style.ts'
import { type Column, markdownTable, table } from './table.ts'

const FORMATS = ['text', 'markdown', 'github-action-benchmark', 'json'] as const
type Format = (typeof FORMATS)[number]

/** Compares two results, for people and for CI. */
export const compare: Command = {
  name: 'compare',
  summary: 'compare two results of tune or of the bench; exits with 3 on a regression',
  help: `Usage: lanewise compare BEFORE AFTER [options]

Compares the times of two files, configuration by configuration, paired by round. A change is told only where its 95 %
interval excludes none and it is above the threshold and the noise.

  lanewise compare main/tune.json branch/tune.json --threshold 10%

BEFORE and AFTER are each a tune.json or rounds.jsonl of lanewise tune --out, a file of lanewise bench (e2.json,
e2-rounds.jsonl), or a JSON file of bench/results.

  --threshold SHARE   how much slower is a regression: 5% or 0.05. Default 5%
  --format FORMAT     text (default), markdown, json, or github-action-benchmark (its customSmallerIsBetter, of AFTER)
  --json              the same as --format json
  --quiet             no warnings
  --no-color          plain text
  --help              this text

Exits with 0, with 3 where something is slower than the threshold allows, and with 1 where they cannot be compared.
`,
  async run(args, streams: Streams): Promise<number> {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      allowNegative: true,
      options: {
        threshold: { type: 'string' },
        format: { type: 'string', default: 'text' },
        json: { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
        color: { type: 'boolean', default: true },
      },
    })
    const [before, after] = positionals
    if (before === undefined || after === undefined || positionals.length > 2) {
      throw new UsageError(`two files are compared, got ${positionals.length}`)
    }
    const format = values.json ? 'json' : formatOf(values.format)
    const threshold = values.threshold === undefined ? undefined : shareOf(values.threshold)
    const found = compareResults(measurementsIn(before), measurementsIn(after), { threshold, names: [before, after] })
    if (!values.quiet) for (const warning of found.warnings) streams.stderr.write(`lanewise: ${warning}\n`)
    streams.stdout.write(print(found, format, streams, values.color))
    if (found.change === 'slower') return EXIT.regression
    return found.change === 'unknown' ? EXIT.failure : EXIT.ok
  },
}

const COLUMNS: readonly Column[] = [
  { head: 'configuration', align: 'left' },
  { head: 'before' },
  { head: 'after' },
  { head: 'change' },
  { head: '95 % interval' },
  { head: 'noise' },
  { head: 'rounds' },
  { head: 'verdict', align: 'left' },
]

function print(found: Comparison, format: Format, { stdout }: Streams, color: boolean): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(found)}\n`
    case 'markdown':
      return `${[...found.warnings, found.sentence, markdownTable(COLUMNS, found.rows.map(cellsOf))].join('\n\n')}\n`
    case 'github-action-benchmark':
      return `${JSON.stringify(found.rows.map(trackedOf), undefined, 2)}\n`
    default:
      return printText(found, painter(stdout, color), stdout.columns ?? 100)
  }
}

function printText({ rows, sentence, change }: Comparison, paint: Paint, width: number): string {
  const colour = { slower: 'red', faster: 'green', same: 'green', unknown: 'yellow' } as const
  const lines = [
    ...table(COLUMNS, rows.map(cellsOf), width),
    '',
    ...wrap(sentence, width).map((line) => paint(colour[change], line)),
  ]
  return `${lines.join('\n')}\n`
}

function cellsOf({ name, beforeMs, afterMs, ratio, noiseFloor, rounds, change }: ComparedRow): string[] {
  const noise = rounds < 3 ? '' : percent(noiseFloor)
  const interval = `${signed(ratio.low - 1)} … ${signed(ratio.high - 1)}`
  return [
    name,
    duration(beforeMs),
    duration(afterMs),
    signed(ratio.median - 1),
    interval,
    noise,
    String(rounds),
    change,
  ]
}

function signed(share: number): string {
  return `${share > 0 ? '+' : ''}${percent(share)}`
}

/** As github-action-benchmark wants it: `customSmallerIsBetter`. */
function trackedOf({ name, beforeMs, afterMs, ratio, rounds }: ComparedRow): object {
  const spread = ((ratio.high - ratio.low) / 2) * beforeMs
  const extra = `${signed(ratio.median - 1)} over before, ${rounds} rounds`
  return { name, unit: 'ms', value: afterMs, range: `± ${duration(spread)}`, extra }
}

function measurementsIn(file: string): Measurements {
  const text = readText(file)
  if (/\.(?:jsonl|ndjson)$/i.test(file)) return readJsonLines(text, file) as Measurements
  return parseJson(text, file) as Measurements
}

function formatOf(text: string): Format {
  const format = FORMATS.find((each) => each === text)
  if (format !== undefined) return format
  throw new UsageError(`--format must be ${FORMATS.join(', ')}, got '${text}'`)
}

function shareOf(text: string): number {
  const [, number, percentSign] = /^(\d+(?:\.\d+)?)(%)?$/.exec(text) ?? []
  const share = Number(number) / (percentSign === undefined ? 1 : 100)
  if (number !== undefined && (percentSign !== undefined || share < 1)) return share
  throw new UsageError(`--threshold must be a share, as 5% or 0.05, got '${text}'`)
}
