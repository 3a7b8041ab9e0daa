import { loopPrinter } from '../kernel/code.ts'
import { type KernelJob, kindsOf, type WorkerCode } from './engine.ts'
import { wasmCode } from './wasm.ts'

/** The kernel as the `js` engine sends it to workers: the text of its loop, for these kinds of columns. */
export function jsCode(job: Pick<KernelJob, 'code' | 'columns' | 'fold'>): WorkerCode {
  const print = loopPrinter(job.code)
  if (print === undefined) return { ...wasmCode(job), engine: 'js' }
  return { engine: 'js', text: print(kindsOf(job.columns), job.fold !== undefined) }
}
