import { isPlainObject } from '../checks.ts'
import { LanewiseError } from '../errors.ts'
import { show } from '../show.ts'
import type { Run, TuneResult } from './result.ts'
import type { RoundLine } from './rounds.ts'

/** What `npm run bench` keeps of a day: as much of it as is read here. */
export interface BenchResults {
  readonly date: string
  readonly machine: string
  readonly cases: Readonly<Record<string, BenchCase>>
}

export interface BenchCase {
  /** By configuration, a number a round. */
  readonly samples: Readonly<Record<string, { readonly ms: readonly number[] }>>
}

/** What `lanewise bench` keeps of an experiment: as much of it as is read here. */
export interface ExperimentRounds {
  readonly schema: 1
  readonly kind: 'experiment'
  readonly rounds: readonly object[]
}

/** What can be compared: what `tune` or an experiment gave, lines of a `rounds.jsonl`, or a file of `bench/results`. */
export type Measurements = TuneResult | ExperimentRounds | readonly RoundLine[] | BenchResults

/** Times by round, by what ran. */
export interface Series {
  readonly times: ReadonlyMap<string, ReadonlyMap<number, number>>
  /** What it was measured on, where the file says so. */
  readonly machine: string | undefined
}

/**
 * The times in a result, of whatever kind. `name`: what to call it.
 *
 * Errors: LanewiseError (ERR_LANEWISE_COMPARE) for what is no result, one of another schema, or has a time that is no number above 0.
 */
export function seriesOf(measurements: unknown, name: string): Series {
  const times = new Times(name)
  if (Array.isArray(measurements)) {
    for (const line of measurements) times.addLine(line)
    return { times: times.all, machine: undefined }
  }
  if (!isPlainObject(measurements)) throw noResult(name, `got ${show(measurements)}`)
  const { kind, cases } = measurements
  if (kind === 'tune' || kind === 'experiment') {
    if (kind === 'tune') times.addResult(measurements)
    else times.addExperiment(measurements)
    return { times: times.all, machine: machineOf(measurements.environment) }
  }
  if (!isPlainObject(cases)) throw noResult(name, `its kind is ${show(kind)}`)
  for (const [benchCase, it] of Object.entries(cases)) times.addCase(benchCase, it)
  const { machine } = measurements
  return { times: times.all, machine: typeof machine === 'string' ? machine : undefined }
}

/** Reads what may be anything, and takes the times out. */
class Times {
  readonly all = new Map<string, Map<number, number>>()
  readonly #name: string

  constructor(name: string) {
    this.#name = name
  }

  addResult({ schema, subject, objective, configurations, runs, plainMs }: Record<PropertyKey, unknown>): void {
    this.#checkSchema(schema)
    if (!Array.isArray(configurations) || !Array.isArray(runs)) throw noResult(this.#name, 'it has no runs')
    const field = FIELDS[String(objective)]
    if (field === undefined) throw noResult(this.#name, `its objective is ${show(objective)}`)
    const called = isPlainObject(subject) ? String(subject.name) : ''
    for (const run of runs as readonly unknown[]) {
      if (!isPlainObject(run)) throw noResult(this.#name, `a run is ${show(run)}`)
      const at: unknown = configurations[Number(run.configuration)]
      if (!isPlainObject(at)) throw noResult(this.#name, `there is no configuration ${show(run.configuration)}`)
      this.#add(nameOfRun(called, at), run.round, run[field])
    }
    if (!Array.isArray(plainMs)) return
    for (const [round, ms] of plainMs.entries()) this.#add(`${called}: plain loop`, round, ms)
  }

  addExperiment({ schema, rounds }: Record<PropertyKey, unknown>): void {
    this.#checkSchema(schema)
    if (!Array.isArray(rounds)) throw noResult(this.#name, 'it has no rounds')
    for (const line of rounds) this.addLine(line)
  }

  addLine(line: unknown): void {
    if (!isPlainObject(line)) throw noResult(this.#name, `a line of it is ${show(line)}`)
    const { kind, schema, experiment, subject, values } = line
    const called = experiment === undefined ? String(subject) : `${experiment} ${subject}`
    if (kind === 'samples' && Array.isArray(values)) {
      this.#checkSchema(schema)
      for (const [round, ms] of values.entries()) this.#add(called, round, ms)
      return
    }
    if (kind !== 'round') throw noResult(this.#name, `a line of it is of kind ${show(kind)}`)
    this.#checkSchema(schema)
    this.#add(nameOfRun(called, line), line.round, line.makespanMs)
  }

  addCase(name: string, benchCase: unknown): void {
    const samples = isPlainObject(benchCase) ? benchCase.samples : undefined
    if (!isPlainObject(samples)) throw noResult(this.#name, `its case ${name} has no samples`)
    for (const [configuration, sample] of Object.entries(samples)) {
      const ms = isPlainObject(sample) ? sample.ms : undefined
      if (!Array.isArray(ms)) throw noResult(this.#name, `${name}: ${configuration} has no times`)
      for (const [round, each] of ms.entries()) this.#add(`${name}: ${configuration}`, round, each)
    }
  }

  #add(what: string, round: unknown, ms: unknown): void {
    if (typeof ms !== 'number' || !(ms > 0) || ms === Number.POSITIVE_INFINITY) {
      throw noResult(this.#name, `round ${show(round)} of ${what} took ${show(ms)} ms`)
    }
    if (typeof round !== 'number') throw noResult(this.#name, `a run of ${what} is of round ${show(round)}`)
    const rounds = this.all.get(what) ?? new Map<number, number>()
    rounds.set(round, ms)
    this.all.set(what, rounds)
  }

  #checkSchema(schema: unknown): void {
    if (schema !== 1) throw noResult(this.#name, `its schema is ${show(schema)}, and 1 can be read`)
  }
}

const FIELDS: Readonly<Record<string, keyof Run>> = {
  makespan: 'makespanMs',
  first: 'firstMs',
  p95stall: 'p95stallMs',
}

/** The chunksize names a run, unless its label says that it is something else: the plain loop, a second auto. */
function nameOfRun(subject: string, run: Record<PropertyKey, unknown>): string {
  const { engine, workers, chunksize, items, label } = run
  const isNamed = label === undefined || label === String(chunksize) || /^N\/\d*P$/.test(String(label))
  return `${subject}: ${engine} × ${workers}, ${isNamed ? chunksize : label}, ${items} rows`
}

function machineOf(environment: unknown): string | undefined {
  if (!isPlainObject(environment)) return undefined
  const { platform, cpu, cores, node } = environment
  return `${platform}, ${cpu}, ${cores} cores, Node ${node}`
}

function noResult(name: string, why: string): LanewiseError {
  return new LanewiseError(
    `${name} is no result that can be compared: ${why}; give a tune.json, a rounds.jsonl, or a JSON file of the bench`,
    { code: 'ERR_LANEWISE_COMPARE' },
  )
}
