import type { HostCounts } from './host.ts'

/** What metrics are made of. */
export interface Measured {
  readonly name: string
  readonly slots: number
  readonly free: number
  readonly held: number
  readonly counts: Readonly<HostCounts>
}

/** Counts of chunks. */
type Counted = Exclude<keyof HostCounts, 'execMs'>

const HELP: Readonly<Record<Counted, string>> = {
  begun: 'Chunks that were begun.',
  done: 'Chunks that were answered.',
  duplicates: 'Chunks that were delivered again while they ran here.',
  refused: 'Chunks that this host does not run.',
  failed: 'Chunks whose executor ended, or whose data could not be had.',
  cancelled: 'Chunks that nobody wanted any more.',
  malformed: 'Messages that were no chunks.',
  givenBack: 'Chunks that were given back.',
  overdue: 'Chunks that had been delivered too often.',
}

/** The counts of a host as Prometheus reads them. */
export function printMetrics({ name, slots, free, held, counts }: Measured): string {
  const label = `{host="${name}"}`
  const gauge = (metric: string, help: string, value: number): string =>
    `# HELP ${metric} ${help}\n# TYPE ${metric} gauge\n${metric}${label} ${value}\n`
  const counter = (metric: string, help: string, value: number): string =>
    `# HELP ${metric} ${help}\n# TYPE ${metric} counter\n${metric}${label} ${value}\n`
  const counters = (Object.keys(HELP) as Counted[]).map((key) => {
    const word = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    return counter(`lanewise_chunks_${word}_total`, HELP[key], counts[key])
  })
  return [
    gauge('lanewise_slots', 'Chunks that this host runs at once.', slots),
    gauge('lanewise_slots_free', 'Of those, how many are free.', free),
    gauge('lanewise_chunks_held', 'Chunks that this host has.', held),
    ...counters,
    counter('lanewise_function_seconds_total', 'Time that workers spent in functions.', counts.execMs / 1000),
  ].join('')
}
