import type { KernelCode } from '../kernel/code.ts'
import type { KernelJob, WorkerCode } from './engine.ts'

const ids = new WeakMap<KernelCode, number>()
let made = 0

/** The kernel as the `wasm` engine sends it to workers: its module, compiled once. */
export function wasmCode({ code }: Pick<KernelJob, 'code'>): WorkerCode & { readonly id: number } {
  let id = ids.get(code)
  if (id === undefined) {
    id = made++
    ids.set(code, id)
  }
  return { engine: 'wasm', id, wasm: code.wasm }
}
