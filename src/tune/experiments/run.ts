import { environmentOf, loadOfLastMinute } from '../environment.ts'
import type { Experiment, ExperimentResult } from './experiment.ts'
import { Lab, type LabOptions } from './lab.ts'

/**
 * Runs one experiment. Aborted, it ends with what is known so far.
 *
 * Errors: RangeError for workloads and engines that are not there; LanewiseError for wrong results, and where it was stopped before a round was over.
 * Cost:   the budget, about.
 */
export async function runExperiment(
  experiment: Experiment,
  options: LabOptions,
  argv: readonly string[] = [],
): Promise<ExperimentResult> {
  const lab = new Lab(experiment, options)
  const loadBefore = loadOfLastMinute()
  try {
    const { name, title, claim } = experiment
    const found = await experiment.run(lab)
    return {
      schema: 1,
      kind: 'experiment',
      name,
      title,
      claim,
      at: new Date().toISOString(),
      argv,
      environment: environmentOf(lab.workers, loadBefore),
      seed: lab.seed,
      ...found,
      summary: [...found.summary, ...lab.remarks],
    }
  } finally {
    lab.leaveAll()
  }
}
