import { ablation } from './ablation.ts'
import { calibration } from './calibration.ts'
import { chunkTrace } from './chunk-trace.ts'
import { disturbances } from './disturbances.ts'
import type { Experiment } from './experiment.ts'
import { heatMap } from './heat-map.ts'
import { readingOrder } from './reading-order.ts'
import { scaling } from './scaling.ts'
import { sweep } from './sweep.ts'
import { timeline } from './timeline.ts'
import { tinyJobs } from './tiny-jobs.ts'

/** All experiments, by their numbers. */
export const EXPERIMENTS: readonly Experiment[] = [
  calibration,
  sweep,
  heatMap,
  timeline,
  chunkTrace,
  readingOrder,
  scaling,
  disturbances,
  tinyJobs,
  ablation,
]

/** What five minutes are enough for: what a chunk costs here, a sweep, and what auto did. */
export const BRIEF: readonly string[] = ['E1', 'E2', 'E4', 'E5', 'E9']
