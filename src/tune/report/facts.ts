import { median } from 'd3-array'
import { nameOf, OBJECTIVES, type Sample, samplesOf } from '../chart/samples.ts'
import { count, duration, percent } from '../numerals.ts'
import type { TuneResult } from '../result.ts'

/** A name and its value, as a list of terms has them. */
export interface Fact {
  readonly name: string
  readonly value: string
  /** Words rather than a figure. */
  readonly isLong?: boolean
}

/** The few numbers that stand below the verdict. */
export function factsOf(result: TuneResult): Fact[] {
  const { verdict, plainMs, objective } = result
  const samples = samplesOf(result)
  const best = samples.find(({ index }) => index === verdict.best)
  const auto = samples.find(({ index }) => index === verdict.auto)
  const plain = median(plainMs)
  const facts: Fact[] = []
  if (auto !== undefined) facts.push({ name: `auto, ${OBJECTIVES[objective].axis}`, value: duration(auto.time.median) })
  if (best !== undefined && best !== auto) {
    facts.push({ name: `best: ${describe(best)}`, value: duration(best.time.median) })
  }
  if (verdict.regret !== null) {
    const { median: middle, low, high } = verdict.regret
    facts.push({ name: `auto over the best (${percent(low)} to ${percent(high)})`, value: percent(middle) })
  }
  if (plain !== undefined) {
    facts.push({ name: 'plain loop on one core', value: duration(plain) })
    const fast = auto ?? best
    const makespan = median(fast?.runs ?? [], (run) => run.makespanMs)
    if (makespan !== undefined && makespan > 0)
      facts.push({ name: 'faster than the plain loop', value: `${count(plain / makespan)} ×` })
  }
  facts.push({ name: 'noise floor', value: percent(verdict.noiseFloor) })
  if (verdict.boundBy !== null) facts.push({ name: 'bound by', value: verdict.boundBy })
  return facts
}

function describe({ configuration }: Sample): string {
  const { engine, workers } = configuration
  return `${nameOf(configuration)}, ${engine} × ${count(workers)}`
}

/** What was measured, and where. */
export function environmentOf(result: TuneResult): Fact[] {
  const { environment, subject, runs, configurations, argv, at } = result
  const { cpu, cores, platform, node, lanewise, workers, loadBefore, loadAfter } = environment
  const rounds = new Set(runs.map(({ round }) => round)).size
  return [
    { name: 'processor', value: `${cpu}, ${count(cores)} cores`, isLong: true },
    { name: 'system', value: platform },
    { name: 'Node', value: node },
    { name: 'lanewise', value: lanewise },
    { name: 'workers at most', value: count(workers) },
    { name: 'load before and after', value: `${loadBefore.toFixed(2)}, ${loadAfter.toFixed(2)}` },
    {
      name: 'runs',
      value: `${count(runs.length)} of ${count(configurations.length)} configurations, ${count(rounds)} rounds`,
      isLong: true,
    },
    { name: subject.kind, value: subject.name, isLong: true },
    { name: 'input', value: `${subject.input}, ${count(subject.items)} items`, isLong: true },
    { name: 'when', value: at, isLong: true },
    {
      name: 'command',
      value: argv.length === 0 ? 'none: called as a function' : `lanewise ${argv.join(' ')}`,
      isLong: true,
    },
  ]
}
