import { perWorker } from '../grid.ts'
import { percent as share } from '../numerals.ts'
import { KERNEL_ENGINES } from '../options.ts'
import type { Interval, TuneEngine } from '../result.ts'
import type { Experiment, FigureFile, Row } from './experiment.ts'
import { type Bar, barsFigure } from './figures/bars.ts'
import type { Cell, Contender, Lab, Outcome } from './lab.ts'
import { nameOfCell, overCells } from './over-cells.ts'
import type { Disturbance } from './protocol.ts'
import { regretOver } from './regret.ts'
import { medianOf, moreOrLess } from './rows.ts'

const DISTURBANCES: readonly { name: Disturbance; words: string }[] = [
  { name: 'quiet', words: 'nothing' },
  { name: 'straggler', words: 'one worker at a fifth of the speed' },
  { name: 'hybrid', words: 'half of the workers at 60 %' },
  { name: 'hog', words: 'another program wants half of the cores' },
  { name: 'garbage', words: 'each item leaves garbage' },
  { name: 'cold', words: 'a pool that has no worker yet' },
]

/** What changes a function's own speed cannot be done to a kernel, whose code is not ours to wrap; only threads take an initializer with shared memory. */
const ONLY_THREADS: readonly Disturbance[] = ['straggler', 'hybrid']
const ONLY_FUNCTIONS: readonly Disturbance[] = [...ONLY_THREADS, 'garbage']

/** The rounds of chunks that fixed sizes cut the work into: the best of these is what regret is over. */
const ROUNDS_OF_CHUNKS = [1, 4, 16, 64, 256]

export const disturbances: Experiment = {
  name: 'E8',
  title: 'Disturbance',
  claim: 'auto loses less than fixed chunk sizes when workers are unequal or disturbed',
  grid: `auto and N/jP for j ${ROUNDS_OF_CHUNKS.join(', ')} × ${DISTURBANCES.map(({ words }) => words).join('; ')}`,
  rounds: 15,
  seconds: 60,
  workloads: ['lognormal'],
  engines: ['threads'],
  run: (lab) =>
    overCells(lab, async (cell, stand, budget) => {
      const items = await stand.itemsFor(lab.jobMs, lab.workers)
      const fit = DISTURBANCES.filter(({ name }) => canDisturb(name, cell.engine))
      const contenders = fit.flatMap(({ name }) => contendersOf(lab, stand, items, name))
      const outcomes = await lab.compete(contenders, budget, nameOfCell(cell))
      const scored = fit.map(({ name, words }) => ({
        words,
        scores: scoresOf(outcomes.filter(({ contender }) => contender.condition === name)),
      }))
      return {
        rows: scored.flatMap(({ words, scores }) => scores.map((score) => rowOf(cell, words, score))),
        rounds: lab.recordsOf(outcomes),
        summary: scored.flatMap(({ words, scores }) => sentenceOf(cell, words, scores)),
        figures: [figureFor(cell, scored)],
      }
    }),
}

interface Score {
  readonly outcome: Outcome
  /** Over the best fixed size under the same disturbance. */
  readonly regret: Interval
}

function canDisturb(disturbance: Disturbance, engine: string): boolean {
  if (ONLY_THREADS.includes(disturbance)) return engine === 'threads' || engine === 'boxed'
  return !ONLY_FUNCTIONS.includes(disturbance) || !KERNEL_ENGINES.includes(engine as TuneEngine)
}

function contendersOf(lab: Lab, stand: Contender['stand'], items: number, disturbance: Disturbance): Contender[] {
  const { workers } = lab
  const sizes = new Set(ROUNDS_OF_CHUNKS.map((rounds) => perWorker(items, workers, rounds)))
  return (['auto', ...sizes] as const).map((chunksize): Contender => {
    const label = chunksize === 'auto' ? 'auto' : labelOf(items, workers, chunksize)
    return { stand, condition: disturbance, label, run: { workers, chunksize, items, disturbance } }
  })
}

function labelOf(items: number, workers: number, chunksize: number): string {
  const rounds = ROUNDS_OF_CHUNKS.find((each) => perWorker(items, workers, each) === chunksize)
  return rounds === 1 ? 'N/P' : `N/${rounds}P`
}

function scoresOf(own: readonly Outcome[]): Score[] {
  const fixed = own.filter(({ contender }) => contender.label !== 'auto').map(({ makespans }) => makespans)
  return own.flatMap((outcome) => {
    const regret = regretOver(outcome.makespans, fixed)
    return regret === undefined ? [] : [{ outcome, regret }]
  })
}

function rowOf({ workload, engine }: Cell, words: string, { outcome, regret }: Score): Row {
  const { contender, makespans, runs } = outcome
  return {
    workload,
    engine,
    disturbance: words,
    label: contender.label,
    medianMs: medianOf(makespans),
    regret: regret.median,
    regretLow: regret.low,
    regretHigh: regret.high,
    givenBack: medianOf(runs, (told) => told.run.givenBack),
    utilisation: medianOf(runs, (told) => told.run.utilisation),
    rounds: runs.size,
  }
}

function sentenceOf(cell: Cell, words: string, scores: readonly Score[]): string[] {
  const auto = scores.find(({ outcome }) => outcome.contender.label === 'auto')
  if (auto === undefined) return []
  const worst = scores.reduce((a, b) => (b.regret.median > a.regret.median ? b : a))
  const beside =
    worst === auto ? 'nothing is worse' : `the worst, ${worst.outcome.contender.label}, ${moreOrLess(worst.regret)}`
  return [`${nameOfCell(cell)}, ${words}: auto takes ${moreOrLess(auto.regret)} than the best fixed size; ${beside}.`]
}

function figureFor(
  { workload, engine }: Cell,
  scored: readonly { words: string; scores: readonly Score[] }[],
): FigureFile {
  return barsFigure({
    name: `disturbance-${workload}-${engine}`,
    title: `Over the best fixed chunksize, by what disturbs: ${workload} on ${engine}`,
    finding: 'Regret of auto and of fixed sizes, medians over the rounds with their intervals.',
    x: { title: 'regret', isLog: false, format: share },
    groups: scored.map(({ words, scores }) => ({
      name: words,
      bars: scores.map(
        ({ outcome, regret }): Bar => ({
          name: outcome.contender.label,
          value: regret.median,
          low: regret.low,
          high: regret.high,
          isAuto: outcome.contender.label === 'auto',
        }),
      ),
    })),
  })
}
