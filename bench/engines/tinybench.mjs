import { Bench } from 'tinybench'
import { counted, RUNS } from './timer.mjs'

/** @import { Timer } from './timer.mjs' */

/** Without its warm-ups, which the rounds have. @type {Timer} */
export const timer = {
  name: 'tinybench',
  async time(work) {
    const { run, cpuMs, result } = counted(work)
    const bench = new Bench({ iterations: RUNS, time: 0, warmup: false, throws: true })
    bench.add('work', async () => {
      await run()
    })
    const [task] = await bench.run()
    const outcome = task?.result
    if (outcome?.state !== 'completed') throw new Error(`tinybench ended as ${outcome?.state}`)
    return { result: result(), ms: outcome.latency.p50, cpuMs: cpuMs() }
  },
}
