/**
 * Does one thing for the first time in this process, sends the milliseconds that it took, and ends.
 *
 *   cold-start.mjs <name of a start>
 */
import { openEchoProcess, openEchoThread } from './echo.mjs'

/** @type {Record<string, () => Promise<number>>} */
const starts = {
  async import() {
    const start = performance.now()
    await import('lanewise')
    await import('acorn') // which stands in the package too, and is compiled with the first function that needs it
    return performance.now() - start
  },
  async threads() {
    const { ThreadPoolExecutor } = await import('lanewise')
    return untilFirstResult(() => new ThreadPoolExecutor().submit((x) => x, 1))
  },
  async processes() {
    const { ProcessPoolExecutor } = await import('lanewise')
    return untilFirstResult(() => new ProcessPoolExecutor().submit((x) => x, 1))
  },
  polynomial: () => firstKernel('polynomial of degree 10'),
  blackScholes: () => firstKernel('Black-Scholes'),
  worker: () => untilFirstResult(() => openEchoThread().call(1)),
  fork: () => untilFirstResult(() => openEchoProcess().call(1)),
}

/**
 * From a kernel's making to the result of its first plain call.
 *
 * @param {string} name of a work
 */
async function firstKernel(name) {
  const { kernel } = await import('lanewise')
  const { WORKS } = await import('./kernels.mjs')
  const work = WORKS[name]
  if (work === undefined) throw new RangeError(`no work ${name}`)
  const { fn, inputs } = work
  const row = inputs.map(() => 1)
  const start = performance.now()
  const result = kernel(fn)(...row)
  const ms = performance.now() - start
  if (Math.abs(result - fn(...row)) > 1e-9) throw new Error(`the first result must be ${fn(...row)}, got ${result}`)
  return ms
}

/** @param {() => PromiseLike<number>} begin */
async function untilFirstResult(begin) {
  const start = performance.now()
  const result = await begin()
  const ms = performance.now() - start
  if (result !== 1) throw new Error(`the first result must be 1, got ${result}`)
  return ms
}

const name = process.argv[2] ?? ''
const start = starts[name]
if (start === undefined) throw new RangeError(`no start ${name}; there are ${Object.keys(starts).join(', ')}`)
const ms = await start()
process.send?.(ms, () => process.exit())
