import { UNKNOWN_US } from '../chunks/pace.ts'
import type { PullMap } from '../engines/pull.ts'
import type { JoinMessage } from '../engines/pull-worker.ts'
import type { KernelRun } from './kernel-run.ts'

/** One worker's part in a kernel map: it claims chunks by itself, until there is nothing left to claim. */
export class Join {
  readonly run: KernelRun
  readonly map: PullMap
  readonly message: JoinMessage
  /** Its number at the worker that it was sent to. */
  n = -1
  readonly expectedUs: number = UNKNOWN_US

  constructor(run: KernelRun, map: PullMap) {
    this.run = run
    this.map = map
    this.message = map.join()
  }

  get seat(): number {
    return this.message.seat
  }
}
