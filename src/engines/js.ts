import { type KernelJob, kindsOf } from './engine.ts'
import type { WorkerCode } from './pull-worker.ts'

/** The kernel as the `js` engine sends it to workers: the text of its loop, for these kinds of columns. */
export function jsCode({ code, columns }: KernelJob): WorkerCode {
  return { engine: 'js', text: code.js(kindsOf(columns)) }
}
