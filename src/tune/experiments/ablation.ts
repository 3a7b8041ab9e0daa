import type { RulePart } from '../../chunks/auto.ts'
import { percent } from '../numerals.ts'
import { median, medianInterval, quantile } from '../statistics.ts'
import type { Experiment, FigureFile, Findings, Row } from './experiment.ts'
import { linesFigure } from './figures/lines.ts'
import type { Contender, Lab, Outcome } from './lab.ts'
import { nameOfCell, overCells } from './over-cells.ts'
import { regretsOver } from './regret.ts'
import { medianOf } from './rows.ts'
import { briefSizes } from './sweep.ts'

const PARTS: readonly RulePart[] = ['give-back', 'taper', 'probe', 'prefetch', 'speed']
const WHOLE = 'auto'

/** Regrets of one form of the rule in one cell, a round each. */
interface Form {
  readonly name: string
  readonly cell: string
  readonly regrets: readonly number[]
}

export const ablation: Experiment = {
  name: 'E10',
  title: 'Ablation',
  claim: 'each part of the rule of auto earns its place',
  grid: `auto, and auto without ${PARTS.join(', ')}, each over the best fixed chunksize`,
  rounds: 15,
  seconds: 90,
  workloads: ['lognormal', 'clustered', 'late-spike', 'mandelbrot'],
  engines: ['threads'],
  run: runAblation,
}

async function runAblation(lab: Lab): Promise<Findings> {
  const forms: Form[] = []
  const found = await overCells(lab, async (cell, stand, budget) => {
    const items = await stand.itemsFor(lab.jobMs, lab.workers)
    const outcomes = await lab.compete(contendersOf(lab, stand, items), budget, nameOfCell(cell))
    const fixed = outcomes.filter(({ contender }) => isFixed(contender)).map(({ makespans }) => makespans)
    const own = outcomes
      .filter(({ contender }) => !isFixed(contender))
      .map((outcome) => ({ outcome, regrets: regretsOver(outcome.makespans, fixed) }))
      .filter(({ regrets }) => regrets.length > 0)
    forms.push(...own.map(({ outcome, regrets }) => ({ name: nameOf(outcome), cell: nameOfCell(cell), regrets })))
    return {
      rows: own.map(({ outcome, regrets }): Row => {
        const { median: middle, low, high } = medianInterval(regrets)
        return {
          workload: cell.workload,
          engine: cell.engine,
          rule: nameOf(outcome),
          medianMs: medianOf(outcome.makespans),
          regret: middle,
          regretLow: low,
          regretHigh: high,
          chunks: medianOf(outcome.runs, (told) => told.run.chunks),
          givenBack: medianOf(outcome.runs, (told) => told.run.givenBack),
          rounds: outcome.runs.size,
        }
      }),
      rounds: lab.recordsOf(outcomes),
      summary: [],
      figures: [],
    }
  })
  const names = [...new Set(forms.map(({ name }) => name))]
  return { ...found, summary: names.flatMap((name) => sentenceOf(name, forms)), figures: [figureFor(names, forms)] }
}

function contendersOf(lab: Lab, stand: Contender['stand'], items: number): Contender[] {
  const { workers } = lab
  const forms = [undefined, ...PARTS].map(
    (without): Contender => ({
      stand,
      ...(without !== undefined && { condition: `without ${without}` }),
      label: WHOLE,
      run: { workers, chunksize: 'auto', items, without },
    }),
  )
  const sizes = new Set(briefSizes(items, workers))
  const fixed = [...sizes].flatMap((chunksize): Contender[] =>
    chunksize === 'auto' ? [] : [{ stand, label: String(chunksize), run: { workers, chunksize, items } }],
  )
  return [...forms, ...fixed]
}

function isFixed({ run }: Contender): boolean {
  return 'chunksize' in run && run.chunksize !== 'auto'
}

function nameOf({ contender: { condition = WHOLE } }: Outcome): string {
  return condition
}

/** Against the whole rule in the same cell: what the part is worth. */
function sentenceOf(name: string, forms: readonly Form[]): string[] {
  const own = forms.filter((form) => form.name === name)
  const all = own.flatMap(({ regrets }) => [...regrets])
  const says = `${name}: ${percent(median(all))} over the best fixed size (median), ${percent(quantile(all, 0.95))} (p95)`
  if (name === WHOLE) return [`${says}.`]
  const points = own.flatMap(({ cell, regrets }) => {
    const whole = forms.find((form) => form.name === WHOLE && form.cell === cell)
    return whole === undefined ? [] : [median(regrets) - median(whole.regrets)]
  })
  const mean = points.reduce((sum, each) => sum + each, 0) / points.length
  return [`${says}; on average over the workloads ${(mean * 100).toFixed(1)} points more than auto.`]
}

/** For each form the share of all rounds of all cells with at most so much regret. */
function figureFor(names: readonly string[], forms: readonly Form[]): FigureFile {
  return linesFigure({
    name: 'ablation',
    title: 'Rounds with at most so much regret',
    finding: names.flatMap((name) => sentenceOf(name, forms)).join(' '),
    x: { title: 'time over that of the best fixed chunksize', isLog: false, format: percent },
    y: { title: 'share of the rounds', isLog: false, format: percent },
    isStepped: true,
    series: names.map((name) => {
      const sorted = forms
        .filter((form) => form.name === name)
        .flatMap(({ regrets }) => [...regrets])
        .sort((a, b) => a - b)
      return {
        name,
        look: name === WHOLE ? ('auto' as const) : ('plain' as const),
        points: sorted.map((x, i) => ({ x, y: (i + 1) / sorted.length })),
      }
    }),
  })
}
