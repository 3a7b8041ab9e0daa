import type { Configuration, Objective, Run } from './result.ts'

// How figures are told to people: the verdict, the tables and the progress say them alike.

/** What an objective makes small, of one run: milliseconds. */
export function objectiveOf(run: Run, objective: Objective): number {
  return { makespan: run.makespanMs, first: run.firstMs, p95stall: run.p95stallMs }[objective]
}

/** What a person calls a configuration: the engine, its workers, the chunksize. */
export function nameOf({ engine, workers, label }: Configuration): string {
  return `${engine} × ${workers}, ${label}`
}

/** A time as a person says it, in three digits. */
export function ms(value: number): string {
  if (value >= 10_000) return `${digits(value / 1000)} s`
  return value < 1 ? `${digits(value * 1000)} µs` : `${digits(value)} ms`
}

/** A ratio less 1, in per cent with a digit behind the point. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)))
}
