import { environmentOf, loadOfLastMinute } from '../environment.ts'
import { FUNCTION_ENGINES, KERNEL_ENGINES } from '../options.ts'
import type { Configuration, Run, Trace, TuneEngine, TuneResult } from '../result.ts'
import { median } from '../statistics.ts'
import { judge } from '../verdict.ts'
import type { Cell, Lab, Outcome } from './lab.ts'

/** The second auto, which shows how far auto differs from itself. It is no configuration of its own. */
export const AUTO_AGAIN = 'auto again'

/**
 * The outcomes of one cell as `tune` would have them, for its verdict and its figures. Peers are left out; the plain loop is among the findings.
 *
 * `traces`: whether runs were recorded chunk by chunk; of each configuration the last one is kept.
 */
export function asTuneResult(lab: Lab, { workload, engine }: Cell, outcomes: readonly Outcome[]): TuneResult {
  const configurations: Configuration[] = []
  const runs: Run[] = []
  const traces: Trace[] = []
  const mainShares: number[] = []
  let plainMs: number[] = []
  for (const { contender, runs: told, makespans } of outcomes) {
    const { stand, run, label } = contender
    if ('plain' in run) {
      plainMs = [...makespans.values()]
      continue
    }
    const of = engineOf(stand.engine)
    if (of === undefined || told.size === 0 || label === AUTO_AGAIN) continue
    const configuration = configurations.length
    const { workers, chunksize, items } = run
    configurations.push({ engine: of, workers, chunksize, items, label })
    for (const [round, { run: its }] of told) runs.push({ round, configuration, ...its })
    mainShares.push(median([...told.values()].map(({ mainShare }) => mainShare)))
    const last = [...told.values()].filter(({ lines }) => lines.length > 0).at(-1)
    if (last !== undefined) traces.push({ configuration, chunks: last.lines, delivered: last.delivered })
  }
  const usual = configurations[0] ?? { engine: 'threads', workers: lab.workers }
  const items = configurations[0]?.items ?? 0
  const kind = KERNEL_ENGINES.includes(usual.engine) ? 'kernel' : 'function'
  const verdict = judge({
    objective: 'makespan',
    kind,
    items,
    inputs: 1,
    usual: { engine: usual.engine, workers: usual.workers },
    configurations,
    runs,
    plainMs,
    mainShares,
  })
  return {
    schema: 1,
    kind: 'tune',
    at: new Date().toISOString(),
    argv: [],
    environment: environmentOf(lab.workers, loadOfLastMinute()),
    subject: { name: `${workload}, ${engine}`, kind, input: workload, items },
    objective: 'makespan',
    plainMs,
    configurations,
    runs,
    traces,
    verdict,
  }
}

function engineOf(engine: string): TuneEngine | undefined {
  if (engine === 'boxed') return 'threads'
  return [...FUNCTION_ENGINES, ...KERNEL_ENGINES].find((each) => each === engine)
}
