import { show } from '../show.ts'
import { type JsLoop, type KernelCode, type LoopPrinter, loopOf, loopPrinter } from './code.ts'
import { WasmInstance } from './instance.ts'
import { isNumeric, type KernelParts } from './parts.ts'

/** Computes one row from its arguments. */
type Row = (inputs: readonly number[]) => number

/** The plain call of a kernel: the very bits that maps give, on the caller's thread. What it runs is made at its first call. */
export function callOf(kernel: { readonly parts: KernelParts }): (args: readonly unknown[]) => number {
  let row: Row | undefined
  return (args) => {
    const { parts } = kernel
    const { code } = parts
    const inputs = code.inputs.map((_, i) => argumentOf(args[i], code, i))
    row ??= rowOf(parts)
    try {
      return row(inputs)
    } catch (error) {
      row = undefined // what has trapped left its memory in the middle of something
      throw error
    }
  }
}

function rowOf(parts: KernelParts): Row {
  const print = loopPrinter(parts.code)
  return print === undefined ? wasmRow(parts) : loopRow(parts, print)
}

/** The loop of the `js` engine, for one row. */
function loopRow({ code, uniforms, tables }: KernelParts, print: LoopPrinter): Row {
  const loop: JsLoop = loopOf(print(code.inputs.map(() => 'array')))
  const columns = code.inputs.map(() => new Float64Array(1))
  const out = new Float64Array(1)
  const bind = () => loop(uniforms, tables, columns, out)
  // An array may have been detached or have grown between two calls; what is bound keeps its length.
  const once = tables.length === 0 ? bind() : undefined
  return (inputs) => {
    for (const [i, column] of columns.entries()) column[0] = inputs[i] as number
    const run = once ?? bind()
    run(0, 1)
    return out[0] as number
  }
}

function wasmRow(parts: KernelParts): Row {
  const instance = new WasmInstance(parts.code.wasm)
  instance.capture(parts)
  return (inputs) => {
    if (parts.tables.length > 0) instance.capture(parts)
    return instance.row(...inputs)
  }
}

function argumentOf(value: unknown, code: KernelCode, index: number): number {
  if (isNumeric(value)) return Number(value)
  const input = code.inputs[index]
  if (value === undefined && input?.default !== undefined) return input.default
  throw new TypeError(`${code.name} takes numbers, got ${show(value)} for ${input?.name}; convert it first`)
}
