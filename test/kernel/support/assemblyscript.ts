import asc from 'assemblyscript/asc'
import type { Program } from '../../../src/kernel/ir/ir.ts'
import { printAssemblyScript } from '../../../src/kernel/print/assemblyscript.ts'

/** What a program is for one item: its inputs, its uniforms, its tables. */
export type RunItem = (
  inputs: ArrayLike<number>,
  uniforms?: ArrayLike<number>,
  tables?: readonly ArrayLike<number>[],
) => number

/**
 * One compile for all: asc takes seconds, and three times as many where it is to optimise. Programs are told apart by their names, of which none may be
 * there twice.
 */
export async function compileAssemblyScript(
  programs: readonly Program[],
  optimizeLevel: 0 | 3,
): Promise<Map<string, RunItem>> {
  const { exports } = await WebAssembly.instantiate(await compile(printAssemblyScript(...programs), optimizeLevel))
  const { memory } = exports as { memory: WebAssembly.Memory }
  memory.grow(1)
  return new Map(
    programs.map(({ name }) => {
      const run = exports[name] as (...args: number[]) => number
      return [
        name,
        (inputs, uniforms = [], tables = []) =>
          run(...inputsOf(inputs), ...inputsOf(uniforms), ...load(memory, tables)),
      ]
    }),
  )
}

function inputsOf(values: ArrayLike<number>): number[] {
  return Array.from(values)
}

/** Writes tables one behind the other; answers address and length of each. */
function load(memory: WebAssembly.Memory, tables: readonly ArrayLike<number>[]): number[] {
  let address = 8
  return tables.flatMap((table) => {
    const at = address
    new Float64Array(memory.buffer, at, table.length).set(table)
    address += 8 * table.length
    return [at, table.length]
  })
}

async function compile(source: string, optimizeLevel: number): Promise<WebAssembly.Module> {
  let bytes = new Uint8Array()
  const { error, stderr } = await asc.main(
    [
      ...['kernels.ts', '--outFile', 'kernels.wasm'],
      ...['--optimizeLevel', String(optimizeLevel), '--runtime', 'stub', '--noAssert'],
    ],
    {
      readFile: (name) => (name === 'kernels.ts' ? source : null),
      writeFile: (_name, contents) => {
        bytes = contents as Uint8Array<ArrayBuffer>
      },
    },
  )
  if (error !== null) throw new Error(stderr.toString(), { cause: error })
  return new WebAssembly.Module(bytes)
}
