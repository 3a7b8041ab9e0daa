export { type Change, type ComparedRow, type CompareOptions, type Comparison, compare } from './tune/compare.ts'
export type { BenchCase, BenchResults, ExperimentRounds, Measurements } from './tune/measurements.ts'
export type { TuneOptions, TuneProgress } from './tune/options.ts'
export { writeReport as report } from './tune/report.ts'
export type {
  Configuration,
  Environment,
  Interval,
  Objective,
  Run,
  Trace,
  TuneEngine,
  TuneResult,
  Verdict,
} from './tune/result.ts'
export type { RoundLine } from './tune/rounds.ts'
export { tune } from './tune/tune.ts'
