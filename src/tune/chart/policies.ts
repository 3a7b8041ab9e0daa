import type { Trace, TuneResult } from '../result.ts'
import { nameOf } from './samples.ts'

/** A trace with the name of its policy. */
export interface NamedTrace {
  readonly name: string
  readonly isAuto: boolean
  readonly workers: number
  readonly trace: Trace
}

/** Two traces to set side by side: auto's, and that of the policy which it should be compared with. Fewer where there are fewer. */
export function tracesToCompare(result: TuneResult): NamedTrace[] {
  const named = result.traces.filter(({ chunks }) => chunks.length > 0).map((trace) => nameTrace(trace, result))
  const autos = named.filter(({ isAuto }) => isAuto)
  const auto = autos.find(({ trace }) => trace.configuration === result.verdict.auto) ?? autos[0]
  const others = named.filter(({ isAuto }) => !isAuto)
  const other = others.find(({ trace }) => trace.configuration !== result.verdict.best) ?? others[0]
  return [auto, other].filter((trace) => trace !== undefined)
}

function nameTrace(trace: Trace, result: TuneResult): NamedTrace {
  const configuration = result.configurations[trace.configuration]
  const lanes = new Set(trace.chunks.map(({ worker }) => worker)).size
  return {
    name: configuration === undefined ? 'unknown' : nameOf(configuration),
    isAuto: configuration?.chunksize === 'auto',
    workers: Math.max(1, configuration?.workers ?? 1, lanes),
    trace,
  }
}

/** What is said where no run was recorded chunk by chunk. */
export const WITHOUT_TRACES =
  'It needs a run recorded chunk by chunk: run lanewise tune again, with a larger --budget if it had no time for that.'
