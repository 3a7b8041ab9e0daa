import type { Configuration, Objective, Run } from './result.ts'

// What runs and configurations are called: the verdict, the tables and the progress say them alike.

/** What an objective makes small, of one run: milliseconds. */
export function objectiveOf(run: Run, objective: Objective): number {
  return { makespan: run.makespanMs, first: run.firstMs, p95stall: run.p95stallMs }[objective]
}

/** What a person calls a configuration: the engine, its workers, the chunksize. */
export function nameOf({ engine, workers, label }: Configuration): string {
  return `${engine} × ${workers}, ${label}`
}
