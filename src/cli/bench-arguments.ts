import { parseArgs } from 'node:util'
import { nearest } from '../nearest.ts'
import type { Experiment } from '../tune/experiments/experiment.ts'
import type { LabOptions } from '../tune/experiments/lab.ts'
import { BRIEF, EXPERIMENTS } from '../tune/experiments/table.ts'
import { FUNCTION_ENGINES, KERNEL_ENGINES } from '../tune/options.ts'
import { workloadOf } from '../tune/workloads.ts'
import { durationMs, list, wholeNumber } from './arguments.ts'
import { UsageError } from './command.ts'

/** What `bench` was asked for. */
export interface BenchArguments {
  readonly experiments: readonly Experiment[]
  readonly options: LabOptions
  /** Where files go; undefined: nowhere. */
  readonly out: string | undefined
  readonly json: boolean
  readonly quiet: boolean
  readonly color: boolean
}

const ENGINES: readonly string[] = [...FUNCTION_ENGINES, 'boxed', ...KERNEL_ENGINES]

/** Reads the arguments of `bench`. Errors: UsageError; those of `parseArgs`. */
export function readBenchArguments(args: readonly string[]): BenchArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    allowNegative: true,
    options: {
      all: { type: 'boolean', default: false },
      kernel: { type: 'string' },
      engines: { type: 'string' },
      workers: { type: 'string' },
      rounds: { type: 'string' },
      budget: { type: 'string' },
      job: { type: 'string' },
      seed: { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
      color: { type: 'boolean', default: true },
    },
  })
  const { all, kernel, engines, workers, rounds, budget, job, seed, out, json, quiet, color } = values
  if (all && positionals.length > 0) {
    throw new UsageError(`--all runs every experiment, and ${positionals.join(' ')} was named too; give one of both`)
  }
  const names = positionals.length > 0 ? positionals : all ? EXPERIMENTS.map(({ name }) => name) : BRIEF
  return {
    experiments: names.map(experimentOf),
    options: {
      workloads: kernel === undefined ? undefined : list(kernel, '--kernel').map(workloadNamed),
      engines: engines === undefined ? undefined : list(engines, '--engines').map(engineNamed),
      workers: workers === undefined ? undefined : wholeNumber(workers, '--workers', 1),
      rounds: rounds === undefined ? undefined : wholeNumber(rounds, '--rounds', 2),
      budgetMs: budget === undefined ? undefined : durationMs(budget, '--budget'),
      jobMs: job === undefined ? undefined : durationMs(job, '--job'),
      seed: seed === undefined ? undefined : wholeNumber(seed, '--seed', 0),
      isBrief: positionals.length === 0 && !all,
    },
    out,
    json,
    quiet,
    color,
  }
}

function experimentOf(name: string): Experiment {
  const found = EXPERIMENTS.find((each) => each.name.toLowerCase() === name.toLowerCase())
  if (found !== undefined) return found
  const names = EXPERIMENTS.map((each) => `${each.name} (${each.title.toLowerCase()})`)
  throw new UsageError(`there is no experiment '${name}'; there are ${names.join(', ')}`)
}

function workloadNamed(name: string): string {
  try {
    return workloadOf(name).name
  } catch (error) {
    throw new UsageError(`--kernel: ${(error as Error).message}`)
  }
}

function engineNamed(name: string): string {
  if (ENGINES.includes(name)) return name
  const near = nearest(name, ENGINES)
  const next = near === undefined ? `use ${ENGINES.join(', ')}` : `did you mean ${near}?`
  throw new UsageError(`--engines: there is no engine '${name}'; ${next}`)
}
