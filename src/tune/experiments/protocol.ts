import type { RulePart } from '../../chunks/auto.ts'
import type { Measured } from '../measure-map.ts'
import type { TuneEngine } from '../result.ts'

// What an experiment and the process of a stand say to one another: one question, one answer.

/** What runs the rows of a workload: `'boxed'` is threads again, with plain arrays of numbers instead of typed ones. */
export type StandEngine = TuneEngine | 'boxed'

/** What disturbs a run: nothing; one worker at a fifth of the speed; half of them at 60 %; other threads that want the cores; garbage; a pool that has no worker yet. */
export type Disturbance = 'quiet' | 'straggler' | 'hybrid' | 'hog' | 'garbage' | 'cold'

/** How results are read, one by one in order. */
export interface Reading {
  readonly buffersize?: number
  /** The reader takes so many microseconds for each. */
  readonly slowUs?: number
  /** The input is a stream of so many items a millisecond, whose length nobody knows. */
  readonly perMs?: number
}

/** One run that is asked for. */
export interface StandRun {
  readonly workers: number
  readonly chunksize: number | 'auto'
  readonly items: number
  /** Missing: all results are awaited. */
  readonly reading?: Reading | undefined
  readonly disturbance?: Disturbance | undefined
  /** A part of the rule of auto that is left out. */
  readonly without?: RulePart | undefined
  /** Chunk by chunk; without it nothing listens, and `lines` and `delivered` are empty. */
  readonly traces?: boolean | undefined
}

export type ToStand =
  | { readonly open: { readonly workload: string; readonly engine: string } }
  /** How many items take about so long, on so many workers. */
  | { readonly size: { readonly workers: number; readonly ms: number } }
  /** A plain loop over so many items. */
  | { readonly plain: { readonly items: number; readonly limitMs: number } }
  | { readonly run: StandRun; readonly limitMs: number }
  | { readonly close: true }

export type FromStand =
  | { readonly done: true }
  | { readonly items: number }
  | { readonly ms: number }
  /** Null: it was stopped, after `limitMs`. */
  | { readonly measured: Measured | null }
  /** `cannotMeasure`: something that it needs is not on this machine, which is no failure. */
  | { readonly failed: string; readonly cannotMeasure: boolean }
