import type { ExperimentResult, Row } from '../tune/experiments/experiment.ts'
import { duration, percent } from '../tune/numerals.ts'
import { type Column, markdownTable } from './table.ts'

/** What is kept of an experiment: texts by the names of their files. */
export function filesOf(result: ExperimentResult): Record<string, string> {
  const name = result.name.toLowerCase()
  return {
    [`${name}.json`]: `${JSON.stringify(result)}\n`,
    [`${name}-rounds.jsonl`]: result.rounds.map((round) => `${JSON.stringify(round)}\n`).join(''),
    [`${name}.md`]: markdownOf(result),
    ...Object.fromEntries(result.figures.map(({ name: figure, svg }) => [`${name}-${figure}.svg`, svg])),
  }
}

/** The experiment for people: what it means, its figures, its table, the machine. */
function markdownOf(result: ExperimentResult): string {
  const { name, title, claim, at, argv, environment, summary, figures, rows, seed } = result
  const { columns, cells } = tableOf(rows)
  return `${[
    `# ${name}: ${title}`,
    `Claim: ${claim}.`,
    summary.map((sentence) => `- ${sentence}`).join('\n'),
    ...figures.map((figure) => `![${figure.name}](${name.toLowerCase()}-${figure.name}.svg)`),
    markdownTable(columns, cells),
    [
      `- \`lanewise ${argv.join(' ')}\`, seed ${seed}, ${at}`,
      `- lanewise ${environment.lanewise}, Node ${environment.node}, ${environment.platform}, ${environment.cpu}, ${environment.cores} cores`,
      `- load ${environment.loadBefore} before and ${environment.loadAfter} after`,
    ].join('\n'),
  ].join('\n\n')}\n`
}

/** Rows under the names of their fields, times and shares with their units, other numbers in three digits. */
export function tableOf(rows: readonly Row[]): { columns: Column[]; cells: string[][] } {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const columns = fields.map((head): Column => {
    const isText = rows.some((row) => typeof row[head] === 'string')
    return isText ? { head, align: 'left' } : { head }
  })
  return { columns, cells: rows.map((row) => fields.map((field) => cellOf(field, row[field]))) }
}

/** By the name of the field: a time, a share, or a count in three digits. */
function cellOf(field: string, value: string | number | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (!Number.isFinite(value)) return ''
  if (field.endsWith('Ms')) return duration(value)
  if (SHARES.test(field)) return percent(value)
  return Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(3)))
}

const SHARES = /^(regret|efficiency|utilisation)/
