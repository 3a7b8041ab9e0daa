import { show } from '../show.ts'

/** How the columns of a map reach a kernel: in an array, counted, or one value for all rows. */
export type ColumnKind = 'array' | 'range' | 'repeat'

/** Where a kernel's WASM module looks for what, in a memory of its own: byte addresses of f64 values. */
export interface WasmLayout {
  /** Size of the memory, in pages of 64 KiB. */
  readonly pages: number
  readonly uniforms: number
  /** One block of rows for each input, one for the results. */
  readonly inputs: readonly number[]
  readonly out: number
}

/** A kernel, compiled: what each engine runs. */
export interface KernelCode {
  readonly name: string
  /** Its parameters, in order. */
  readonly inputs: readonly string[]
  /** Captured numbers, in order. */
  readonly uniforms: readonly string[]
  /** All its loops have constant bounds, so that it ends by itself. */
  readonly isBounded: boolean
  /** Estimated cost of a row, in ns: what decides whether a worker pays. */
  readonly rowNs: number
  /**
   * Prints the loop of the `js` engine: the text of a function `(uniforms, inputs, out) => (from, to) => void`, for inputs of
   * these kinds. It gets, for an array, the array; for a range, `{ start, step }`; for a repeat, the value.
   */
  js(kinds: readonly ColumnKind[]): string
  /** The module of the `wasm` engine, which exports `run(rows)`, and where it expects rows. */
  readonly wasm: { readonly bytes: Uint8Array; readonly layout: WasmLayout }
  /** Its name in the addon. */
  readonly native: string
}

/** A numeric function, compiled: it can be called, and mapped over arrays by any engine. */
export interface Kernel<F extends (...args: never[]) => number = (...args: number[]) => number> {
  (...args: Parameters<F>): number
  /** The same code with other values for what it captured. */
  with(captures: Readonly<Record<string, number>>): Kernel<F>
}

/** Code and captures of a kernel. */
export interface KernelParts {
  readonly code: KernelCode
  /** One number for each of the code's uniforms. */
  readonly uniforms: Float64Array
}

const parts = new WeakMap<object, KernelParts>()

/** Makes the callable of compiled code. */
export function kernelOf<F extends (...args: never[]) => number>(code: KernelCode, uniforms: Float64Array): Kernel<F> {
  const loop = loopOf(code.js(code.inputs.map(() => 'array')))
  const row = code.inputs.map(() => new Float64Array(1))
  const out = new Float64Array(1)
  const run = loop(uniforms, row, out)

  const kernel = (...args: unknown[]): number => {
    for (let i = 0; i < row.length; i++) (row[i] as Float64Array)[0] = toNumber(args[i], code, i)
    run(0, 1)
    return out[0] as number
  }
  Object.defineProperty(kernel, 'name', { value: code.name })
  const called = Object.assign(kernel, {
    with: (captures: Readonly<Record<string, number>>) => kernelOf<F>(code, capture(code, uniforms, captures)),
  })
  parts.set(called, { code, uniforms })
  return called
}

export function isKernel(value: unknown): value is Kernel {
  return typeof value === 'function' && parts.has(value)
}

/** Code and captures of a kernel, as they are now. */
export function kernelParts(kernel: Kernel): KernelParts {
  return parts.get(kernel) as KernelParts
}

type JsLoop = (
  uniforms: Float64Array,
  inputs: readonly unknown[],
  out: ArrayLike<number>,
) => (from: number, to: number) => void

/** The loop of the `js` engine, made of its text. Errors: EvalError where code from strings is forbidden. */
export function loopOf(text: string): JsLoop {
  // The text is printed by the kernel's own code, never taken from outside.
  // oxlint-disable-next-line typescript/no-implied-eval
  return new Function(`return ${text}`)() as JsLoop
}

/** What a kernel takes for a number: numbers and truth values. */
export function isNumeric(value: unknown): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean'
}

function toNumber(value: unknown, code: KernelCode, input: number): number {
  if (isNumeric(value)) return Number(value)
  throw new TypeError(`${code.name} takes numbers, got ${show(value)} for ${code.inputs[input]}; convert it first`)
}

function capture(code: KernelCode, uniforms: Float64Array, captures: Readonly<Record<string, number>>): Float64Array {
  const changed = uniforms.slice()
  for (const [name, value] of Object.entries(captures)) {
    const at = code.uniforms.indexOf(name)
    if (at === -1)
      throw new TypeError(`${code.name} captures no ${name}; it captures ${code.uniforms.join(', ') || 'nothing'}`)
    if (!isNumeric(value))
      throw new TypeError(`${code.name} captures numbers, got ${show(value)} for ${name}; convert it first`)
    changed[at] = Number(value)
  }
  return changed
}
