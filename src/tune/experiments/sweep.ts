import { makespanFigure } from '../chart/makespan.ts'
import { configurationsOf, geometric, perWorker } from '../grid.ts'
import { duration, percent } from '../numerals.ts'
import type { Configuration, Trace, TuneEngine } from '../result.ts'
import { noiseFloor } from '../statistics.ts'
import { AUTO_AGAIN, asTuneResult } from './as-result.ts'
import type { Experiment, Findings, Row } from './experiment.ts'
import { figureOf } from './figures/frame.ts'
import type { Cell, Contender, Lab, Outcome } from './lab.ts'
import { nameOfCell, overCells } from './over-cells.ts'
import { ratioTo, regretOver } from './regret.ts'
import { medianOf, moreOrLess } from './rows.ts'
import type { Stand } from './stand.ts'

/** What a plain loop is called among contenders. */
export const PLAIN = 'plain loop'

export const sweep: Experiment = {
  name: 'E2',
  title: 'Chunk sweep',
  claim: 'auto is within some per cent of the best fixed chunksize',
  grid: 'chunksize 1 … N/P in steps of √2, N/jP for j to 16, auto twice, a plain loop, and the peers',
  rounds: 15,
  seconds: 90,
  workloads: ['collatz', 'mandelbrot', 'clustered'],
  engines: ['threads', 'wasm', 'native'],
  run: runSweep,
}

async function runSweep(lab: Lab): Promise<Findings> {
  return overCells(lab, async (cell, stand, share) => {
    const outcomes = await sweepCell(lab, cell, stand, share)
    const result = { ...asTuneResult(lab, cell, outcomes), traces: await tracesOf(lab, outcomes) }
    return {
      rows: outcomes.filter(({ runs }) => runs.size > 0).map((outcome) => rowOf(outcome, outcomes)),
      rounds: lab.recordsOf(outcomes),
      summary: [
        `${nameOfCell(cell)}: ${result.verdict.sentence}${sayNoise(outcomes)}${sayPeers(outcomes)}${sayStopped(outcomes)}`,
      ],
      figures: figureOf(makespanFigure(result), `sweep-${cell.workload}-${cell.engine}`),
    }
  })
}

/** Runs auto, auto again, fixed sizes, the plain loop and the peers of a cell against one another. */
async function sweepCell(lab: Lab, cell: Cell, stand: Stand, share: number): Promise<Outcome[]> {
  const items = await stand.itemsFor(lab.jobMs, lab.workers)
  const station = { engine: cell.engine as TuneEngine, workers: lab.workers }
  const specs = lab.isBrief ? briefSizes(items, lab.workers) : (['sweep'] as const)
  const configurations = configurationsOf(station, items, specs)
  const [auto, ...fixed] = configurations.map((configuration) => contenderOf(stand, configuration))
  // Those that matter most come first: a table on a terminal is cut.
  const contenders: Contender[] = [
    ...(auto === undefined ? [] : [auto]),
    { stand, label: AUTO_AGAIN, run: { workers: lab.workers, chunksize: 'auto', items } },
    { stand, label: PLAIN, run: { plain: true, items } },
    ...fixed,
  ]
  if (cell.engine === 'threads') contenders.push(...(await peersOf(lab, cell, items)))
  return lab.compete(contenders, share, nameOfCell(cell))
}

/** One more run of auto, chunk by chunk, which the rounds leave out since it costs: the spread of costs is seen in it. */
async function tracesOf(lab: Lab, outcomes: readonly Outcome[]): Promise<Trace[]> {
  const [auto] = outcomes
  if (auto === undefined || auto.runs.size === 0 || !('chunksize' in auto.contender.run)) return []
  const told = await lab.record(auto.contender.stand, auto.contender.run)
  return told === undefined ? [] : [{ configuration: 0, chunks: told.lines, delivered: told.delivered }]
}

/** Auto, and one size in four of the sweep with those that libraries have as their defaults. */
export function briefSizes(items: number, workers: number): ('auto' | number)[] {
  const top = perWorker(items, workers, 1)
  const steps = geometric(1, top).filter((_, i) => i % 4 === 0)
  return [
    'auto',
    ...steps,
    top,
    perWorker(items, workers, 2),
    perWorker(items, workers, 4),
    perWorker(items, workers, 16),
  ]
}

export function contenderOf(stand: Contender['stand'], { workers, chunksize, items, label }: Configuration): Contender {
  return { stand, label, run: { workers, chunksize, items } }
}

async function peersOf(lab: Lab, cell: Cell, items: number): Promise<Contender[]> {
  const contenders: Contender[] = []
  for (const peer of lab.options.peers ?? []) {
    if (!peer.workloads.includes(cell.workload)) continue
    const stand = await lab.stand({ workload: cell.workload, engine: peer.name }, peer.program)
    if (stand === undefined) continue
    for (const chunksize of peer.chunksizes(items, lab.workers)) {
      contenders.push({ stand, label: `${peer.name}, ${chunksize}`, run: { workers: lab.workers, chunksize, items } })
    }
  }
  return contenders
}

function rowOf(outcome: Outcome, all: readonly Outcome[]): Row {
  const { contender, makespans, runs } = outcome
  const { run, label, stand } = contender
  const regret = regretOver(makespans, fixedOf(all))
  return {
    workload: stand.workload,
    engine: 'plain' in run ? 'plain' : stand.engine,
    chunksize: 'plain' in run ? run.items : run.chunksize,
    label,
    items: run.items,
    rounds: runs.size,
    medianMs: medianOf(makespans),
    regret: regret?.median ?? null,
    regretLow: regret?.low ?? null,
    regretHigh: regret?.high ?? null,
    chunks: medianOf(runs, ({ run: its }) => its.chunks),
    givenBack: medianOf(runs, ({ run: its }) => its.givenBack),
    utilisation: medianOf(runs, ({ run: its }) => its.utilisation),
  }
}

/** The times of the fixed chunk sizes of the cell itself. */
function fixedOf(outcomes: readonly Outcome[]): Outcome['makespans'][] {
  const own = outcomes[0]?.contender.stand
  return outcomes
    .filter(({ contender: { stand, run } }) => stand === own && 'chunksize' in run && run.chunksize !== 'auto')
    .map(({ makespans }) => makespans)
}

function sayNoise(outcomes: readonly Outcome[]): string {
  const auto = outcomes.find(({ contender }) => contender.label === 'auto')
  const again = outcomes.find(({ contender }) => contender.label === AUTO_AGAIN)
  const itself = auto && again && ratioTo(again.makespans, auto.makespans)
  if (auto === undefined || itself === undefined) return ''
  const floor = noiseFloor([...auto.makespans.values()])
  const ofRounds = Number.isFinite(floor) ? `, from round to round by ${percent(floor)}` : ''
  return ` Auto differs from a second auto by ${percent(Math.abs(itself.median - 1))}${ofRounds}.`
}

/** Auto beside each peer, at the chunksize that is best for it: chosen and scored in different rounds. */
function sayPeers(outcomes: readonly Outcome[]): string {
  const auto = outcomes.find(({ contender }) => contender.label === 'auto')
  if (auto === undefined) return ''
  const peers = outcomes.filter(({ contender, runs }) => contender.stand !== auto.contender.stand && runs.size > 0)
  const names = [...new Set(peers.map(({ contender }) => contender.stand.engine))]
  return names
    .map((name) => {
      const own = peers.filter(({ contender }) => contender.stand.engine === name)
      const over = regretOver(
        auto.makespans,
        own.map(({ makespans }) => makespans),
      )
      if (over === undefined) return ''
      const best = Math.min(...own.map(({ makespans }) => medianOf(makespans)))
      return ` ${name} takes ${duration(best)} at its best, and auto ${moreOrLess(over)}.`
    })
    .join('')
}

/** What took too long to be run in all rounds. */
function sayStopped(outcomes: readonly Outcome[]): string {
  const stopped = outcomes.filter(({ runs }) => runs.size === 0).map(({ contender }) => contender.label)
  if (stopped.length === 0 || stopped.length === outcomes.length) return ''
  return ` Stopped, as they took more than 25 times as long as the quickest: ${stopped.join('; ')}.`
}
