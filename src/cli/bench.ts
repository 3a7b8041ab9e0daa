import type { Command } from './command.ts'

/** Runs the experiments on chunks on this machine. */
export const bench: Command = {
  name: 'bench',
  summary: 'experiments on chunks: what chunksize does here, on each engine',
  help: `Usage: lanewise bench [EXPERIMENT …] [options]

Runs experiments on chunks on this machine, with work of known shapes, and says what they show. Without a name, a choice that
takes five minutes.

  lanewise bench E2 --kernel collatz --engines wasm,native
  lanewise bench --all --out experiments

  E1  calibration: what messages, claims and the clock cost     E6  order: first results, stalls, what is held back
  E2  chunk sweep: makespan against chunksize                   E7  scaling: efficiency against workers
  E3  heat map: regret by items and chunksize                   E8  disturbance: slow workers, hogs, garbage, cold pools
  E4  timeline: what each worker did                            E9  tiny jobs: from where on a pool pays
  E5  chunk trace: auto, chunk by chunk                         E10 ablation: what each part of auto is worth

  --all               every experiment
  --kernel LIST       workloads: collatz, primes, mandelbrot … Default: those of the experiment
  --engines LIST      threads, boxed (threads with plain arrays), processes, inline, js, wasm, native
  --workers N         Default: as many as there are cores
  --rounds N          at most so many; at least 2
  --budget TIME       of each experiment: 45, 45s, 2m
  --job TIME          what one map takes, about: 60ms
  --seed N            of the order of runs
  --out DIR           writes JSON, JSON lines of all rounds, Markdown and SVG there
  --json              one object for machines
  --quiet             no progress
  --no-color          plain text
  --help              this text

Exits with 0, with 1 where a result is wrong, and with 130 after Ctrl-C, which tells what is known so far.
`,
  async run(args, streams) {
    const { runBench } = await import('./run-bench.ts') // with the figures, which other commands do not need
    return runBench(args, streams, { peers: [] })
  },
}
