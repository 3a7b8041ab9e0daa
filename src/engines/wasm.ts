import type { KernelCode } from '../kernel/kernel.ts'
import type { KernelJob } from './engine.ts'
import type { WorkerCode } from './pull-worker.ts'

const modules = new WeakMap<KernelCode, WorkerCode & { engine: 'wasm' }>()
let ids = 0

/** The kernel as the `wasm` engine sends it to workers: its module, compiled once. */
export function wasmCode({ code }: Pick<KernelJob, 'code'>): WorkerCode & { engine: 'wasm' } {
  let known = modules.get(code)
  if (known === undefined) {
    const { bytes, layout } = code.wasm
    known = { engine: 'wasm', id: ids++, module: new WebAssembly.Module(bytes as BufferSource), layout }
    modules.set(code, known)
  }
  return known
}
