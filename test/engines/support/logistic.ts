import asc from 'assemblyscript/asc'
import { type ColumnKind, type Kernel, type KernelCode, kernelOf } from '../../../src/kernel/kernel.ts'
import { LARGEST_BLOCK } from '../../../src/memory/control.ts'

const X = 0
const OUT = LARGEST_BLOCK * 8

const assemblyScript = `
export function run(rows: u32): void {
  for (let i: u32 = 0; i < rows; i++) {
    const times = load<f64>(${X} + (i << 3))
    let x: f64 = 0.5
    for (let k: f64 = 0; k < times; k++) x = 3.9 * x * (1 - x)
    store<f64>(${OUT} + (i << 3), x)
  }
}`

/** Iterates the logistic map so many times: a row costs what it says, about 4 ns a time, and `Infinity` never ends. */
export function iterate(times: number): number {
  let x = 0.5
  for (let k = 0; k < times; k++) x = 3.9 * x * (1 - x)
  return x
}

/** The kernel of `iterate`, for the `js` and the `wasm` engine. */
export async function logisticKernel(): Promise<Kernel<(times: number) => number>> {
  const { binary, error, stderr } = await compile()
  if (binary === null) throw new Error(stderr.toString(), { cause: error })
  const code: KernelCode = {
    name: 'logistic',
    inputs: ['times'],
    uniforms: [],
    isBounded: false,
    rowNs: 1e5,
    js: printLoop,
    wasm: { bytes: binary, layout: { pages: 1, uniforms: 0, inputs: [X], out: OUT } },
    native: 'logistic',
  }
  return kernelOf(code, new Float64Array(0))
}

/** A kernel of the `js` engine that throws at a row of 7. */
export function throwingKernel(): Kernel<(x: number) => number> {
  const code: KernelCode = {
    name: 'throwing',
    inputs: ['x'],
    uniforms: [],
    isBounded: true,
    rowNs: 1,
    js: () =>
      '(_, [xs], out) => (from, to) => { for (let i = from; i < to; i++) { if (xs[i] === 7) throw new RangeError("seven"); out[i] = xs[i] } }',
    wasm: { bytes: new Uint8Array(), layout: { pages: 1, uniforms: 0, inputs: [], out: 0 } },
    native: 'throwing',
  }
  return kernelOf(code, new Float64Array(0))
}

function printLoop([kind]: readonly ColumnKind[]): string {
  if (kind !== 'array') throw new Error('the tests give arrays')
  return `(_, [times], out) => (from, to) => {
    for (let row = from; row < to; row++) {
      let x = 0.5
      for (let k = 0; k < times[row]; k++) x = 3.9 * x * (1 - x)
      out[row] = x
    }
  }`
}

async function compile() {
  let binary: Uint8Array | null = null
  const { error, stderr } = await asc.main(
    ['kernel.ts', '-o', 'kernel.wasm', '-O3', '--runtime', 'stub', '--importMemory'],
    {
      readFile: (name) => (name === 'kernel.ts' ? assemblyScript : null),
      writeFile: (name, contents) => {
        if (name === 'kernel.wasm') binary = contents as Uint8Array
      },
      listFiles: () => [],
    },
  )
  return { binary: binary as Uint8Array | null, error, stderr }
}
