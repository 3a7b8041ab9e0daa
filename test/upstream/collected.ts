import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const gc: () => void = runInNewContext('gc')

/** Resolves when what `ref` points at has been collected; a test that waits for ever has found who holds it. */
export async function collected(ref: WeakRef<object>): Promise<true> {
  while (ref.deref() !== undefined) {
    await new Promise((resolve) => setImmediate(resolve)) // a deref holds its object until the end of the turn
    gc()
  }
  return true
}
