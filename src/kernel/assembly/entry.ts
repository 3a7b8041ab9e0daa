import { LARGEST_BLOCK } from '../../memory/control.ts'
import type { WasmLayout } from '../code.ts'
import { helpersOf } from '../print/assemblyscript/helpers.ts'
import type { AssemblyFunction, NumberType } from './signature.ts'

const BLOCK_BYTES = LARGEST_BLOCK * Float64Array.BYTES_PER_ELEMENT
/** AssemblyScript takes address 0 for no address. */
const FIRST = 64
/** Between blocks, as in print/wasm.ts: so that row i of two blocks is not at addresses with the same low 12 bits. */
const STAGGER = 128

/** Blocks at the front of the memory, `free` behind them: there the file's own data begins, and then its heap. */
export function blocksOf(inputs: number): Omit<WasmLayout, 'pages'> {
  const blocks = Array.from({ length: inputs + 1 }, (_, i) => FIRST + i * (BLOCK_BYTES + STAGGER))
  const out = blocks.pop() as number
  return {
    group: 1,
    uniforms: FIRST,
    tables: FIRST,
    inputs: blocks,
    out,
    free: out + BLOCK_BYTES,
  }
}

/** How a number becomes what a parameter takes; every one of them as JavaScript converts. */
const CONVERSIONS: Readonly<Record<NumberType, (x: string) => string>> = {
  f64: (x) => x,
  f32: (x) => `<f32>${x}`,
  i32: (x) => `toI32(${x})`,
  u32: (x) => `<u32>toI32(${x})`,
  bool: (x) => `${x} != 0.0 && ${x} == ${x}`,
}

/**
 * The module that a kernel's file is compiled with: `row` of numbers, and `run` of the rows that lie in the blocks, as WasmCode says.
 * `file`: the file's name without its ending.
 */
export function printEntry({ name, parameters }: AssemblyFunction, file: string): string {
  const { inputs, out } = blocksOf(parameters.length)
  const xs = parameters.map((_, i) => `x${i}`)
  const args = parameters.map(({ type }, i) => CONVERSIONS[type as NumberType](`x${i}`))
  const loads = inputs.map((block) => `load<f64>(at, ${block})`)
  const code = `import { ${name} as kernel } from ${JSON.stringify(`./${file}`)}

export function row(${xs.map((x) => `${x}: f64`).join(', ')}): f64 {
  return <f64>kernel(${args.join(', ')})
}

export function run(rows: u32): void {
  const end: usize = <usize>rows << 3
  for (let at: usize = 0; at < end; at += 8) store<f64>(at, row(${loads.join(', ')}), ${out})
}
`
  return `${code}${helpersOf(code)}`
}
