import type { Environment } from '../result.ts'
import type { Lab } from './lab.ts'

/** A line of a table: fields of text and numbers, in the same order in each row. Null: it was not measured. */
export type Row = Readonly<Record<string, string | number | null>>

/** One run, with all that names it: a line of `rounds.jsonl`, as `lanewise compare` reads it. Times in milliseconds. */
export interface RoundRecord {
  readonly schema: 1
  readonly kind: 'round'
  readonly experiment: string
  /** The workload, and what else tells it apart: 'collatz', 'collatz, straggler'. */
  readonly subject: string
  readonly engine: string
  readonly workers: number
  readonly chunksize: number | 'auto'
  readonly items: number
  /** What a figure calls it: 'auto', 'auto again', 'N/4P', 'plain loop'. */
  readonly label: string
  readonly round: number
  readonly makespanMs: number
  /** Null where nobody looked: of a plain loop. */
  readonly firstMs: number | null
  /** Null where nobody looked at the order. */
  readonly p95stallMs: number | null
  readonly heldBack: number | null
  readonly chunks: number
  readonly givenBack: number
  readonly utilisation: number
}

/** Raw samples of one thing that is no map. */
export interface SampleRecord {
  readonly schema: 1
  readonly kind: 'samples'
  readonly experiment: string
  readonly subject: string
  readonly unit: 'ms'
  readonly values: readonly number[]
}

/** A figure as a file: `name` without `.svg`. */
export interface FigureFile {
  readonly name: string
  readonly svg: string
}

/** What an experiment found out. */
export interface Findings {
  /** What was measured, in words. */
  readonly subjects: readonly string[]
  readonly rows: readonly Row[]
  readonly rounds: readonly (RoundRecord | SampleRecord)[]
  /** What it means, in sentences. */
  readonly summary: readonly string[]
  readonly figures: readonly FigureFile[]
}

/** What is kept of an experiment. `schema` counts incompatible changes. */
export interface ExperimentResult extends Findings {
  readonly schema: 1
  readonly kind: 'experiment'
  readonly name: string
  readonly title: string
  readonly claim: string
  /** ISO time. */
  readonly at: string
  readonly argv: readonly string[]
  readonly environment: Environment
  /** Of the order of runs. */
  readonly seed: number
}

/** One experiment on chunks, by the name that the docs have for it. */
export interface Experiment {
  /** E1 to E10. */
  readonly name: string
  readonly title: string
  /** What it is to show, or to refute. */
  readonly claim: string
  /** What it varies. */
  readonly grid: string
  /** How often each configuration is run, where there is time. */
  readonly rounds: number
  /** Seconds that it takes, about, where nobody says otherwise. */
  readonly seconds: number
  /** What it runs where nobody says otherwise. */
  readonly workloads: readonly string[]
  readonly engines: readonly string[]
  readonly run: (lab: Lab) => Promise<Findings>
}
