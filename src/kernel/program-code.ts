import type { ColumnKind, KernelCode, LoopPrinter, WasmCode } from './code.ts'
import { isBounded, operationsPerRow } from './cost.ts'
import type { Program } from './ir.ts'
import { printJs } from './print/js.ts'
import { printWasm } from './print/wasm.ts'

/**
 * Time of a unit of cost in a plain loop, in ns: a polynomial of degree 10, 20 units, takes 4 to 5 ns, Black-Scholes of some 170 units 40 to 60
 * (Node 20, 2 shared cores).
 */
const UNIT_NS = 0.25

/** The code of a program: every engine but the native one can run it. */
export interface ProgramCode extends KernelCode {
  readonly js: LoopPrinter
}

/** What the engines run, of a program: each form is printed when it is first asked for. `native`: its name in the addon. */
export function codeOf(program: Program, native?: string): ProgramCode {
  const loops = new Map<string, string>()
  let wasm: WasmCode | undefined
  const { name, inputs, uniforms, tables } = program
  return {
    name,
    inputs,
    uniforms,
    tables,
    isBounded: isBounded(program),
    rowNs: operationsPerRow(program) * UNIT_NS,
    js(kinds: readonly ColumnKind[]) {
      const key = kinds.join()
      const text = loops.get(key) ?? printJs(program, kinds)
      loops.set(key, text)
      return text
    },
    get wasm() {
      wasm ??= compileWasm(program)
      return wasm
    },
    native,
  }
}

function compileWasm(program: Program): WasmCode {
  const { bytes, layout } = printWasm(program)
  return { module: new WebAssembly.Module(bytes), layout }
}
