import { join } from 'node:path'
import type { Experiment, ExperimentResult } from '../tune/experiments/experiment.ts'
import type { LabOptions, Peer } from '../tune/experiments/lab.ts'
import { runExperiment } from '../tune/experiments/run.ts'
import { readBenchArguments } from './bench-arguments.ts'
import { EXIT, type Streams } from './command.ts'
import { filesOf, tableOf } from './experiment-files.ts'
import { makeFolder, writeText } from './files.ts'
import { interruptible } from './interrupt.ts'
import { Progress } from './progress.ts'
import { type Paint, painter, wrap } from './style.ts'
import { table } from './table.ts'

/** The peers of a clone run the same work. */
export { workloadOf } from '../tune/workloads.ts'

/** So many lines of a table are read; all of them are in the files of --out. */
const MOST_ROWS = 40

/** What a clone of the project adds. */
export interface BenchSetting {
  readonly peers: readonly Peer[]
  /** Where files go, unless `--out` says; undefined: nowhere. */
  readonly out?: string | undefined
}

/** Runs `bench` with these arguments. Errors: as `Command.run`. */
export async function runBench(args: readonly string[], streams: Streams, setting: BenchSetting): Promise<number> {
  const { experiments, options, json, quiet, color, out = setting.out } = readBenchArguments(args)
  if (out !== undefined) makeFolder(out)
  const progress = new Progress(streams.stderr, quiet)
  const onProgress = (text: string, leftMs: number): void =>
    progress.tell(`${text}, ${Math.ceil(leftMs / 1000)} s at most`)
  const results: ExperimentResult[] = []
  const { code } = await interruptible(async (signal) => {
    for (const experiment of experiments) {
      if (signal.aborted) break
      const its = { ...options, peers: setting.peers, signal, onProgress }
      const result = await runOrStop(experiment, its, ['bench', ...args], streams)
      progress.clear()
      if (result === undefined) break
      results.push(result)
      if (out !== undefined) {
        for (const [name, text] of Object.entries(filesOf(result))) writeText(join(out, name), text)
      }
      if (!json) print(result, streams, painter(streams.stdout, color))
    }
  }).finally(() => progress.clear())
  if (json) streams.stdout.write(`${JSON.stringify({ schema: 1, kind: 'bench', experiments: results })}\n`)
  return code ?? EXIT.ok
}

/** Undefined, which it says: it was interrupted before anything was known. */
async function runOrStop(
  experiment: Experiment,
  options: LabOptions,
  argv: readonly string[],
  { stderr }: Streams,
): Promise<ExperimentResult | undefined> {
  try {
    return await runExperiment(experiment, options, argv)
  } catch (error) {
    if (options.signal?.aborted !== true) throw error
    stderr.write(`lanewise: ${experiment.name} was interrupted before anything was known\n`)
    return undefined
  }
}

function print({ name, title, summary, rows }: ExperimentResult, { stdout }: Streams, paint: Paint): void {
  const width = stdout.columns ?? 120
  const { columns, cells } = tableOf(rows)
  const more = cells.length - MOST_ROWS
  const lines = [
    ...wrap(`${name}: ${title}`, width).map((line) => paint('bold', line)),
    '',
    ...table(columns, cells.slice(0, MOST_ROWS), width),
    ...(more > 0 ? [`${more} more are in the files of --out`] : []),
    '',
    ...summary.flatMap((sentence) => wrap(sentence, width)),
    '',
  ]
  stdout.write(`${lines.join('\n')}\n`)
}
