import { type ColumnKind, type KernelCode, type LoopPrinter, mayMakeCode, type WasmCode } from './code.ts'
import { isBounded, operationsPerRow, whyPlain } from './ir/cost.ts'
import type { Program } from './ir/ir.ts'
import { printJs } from './print/js.ts'
import { encode, encodeLanes, printWasm } from './vectors.ts'

/**
 * Time of a unit of cost in a plain loop, in ns: a polynomial of degree 10, 20 units, takes 4 to 5 ns, Black-Scholes of some 170 units 40 to 60
 * (Node 20, 2 shared cores).
 */
const UNIT_NS = 0.25

/** The code of a program: every engine but the native one can run it. */
export interface ProgramCode extends KernelCode {
  readonly js: LoopPrinter
}

export interface CodeOptions {
  /** The program as it was written, before optimising; the program itself, if it is left out. */
  readonly written?: Program
  /** The same program, calling functions that it has in place. */
  readonly calling?: () => Program
}

/** What the engines run, of a program: each form is printed when it is first asked for. */
export function codeOf(program: Program, { written = program, calling }: CodeOptions = {}): ProgramCode {
  const loops = new Map<string, string>()
  let wasm: WasmCode | undefined
  const { name, inputs, uniforms, tables } = program
  const rowNs = operationsPerRow(program) * UNIT_NS
  const printLoop = (kinds: readonly ColumnKind[], isBlock: boolean): string => {
    const text = printJs(program, kinds, isBlock)
    return text.length > LONGEST_LOOP && calling !== undefined ? printJs(calling(), kinds, isBlock) : text
  }
  return {
    name,
    inputs,
    uniforms,
    tables,
    isBounded: isBounded(program),
    rowNs,
    whyPlain: whyPlain(written, rowNs),
    js(kinds: readonly ColumnKind[], isBlock = false) {
      const key = `${kinds.join()} ${isBlock}`
      const text = loops.get(key) ?? printLoop(kinds, isBlock)
      loops.set(key, text)
      return text
    },
    get wasm() {
      wasm ??= compileWasm(program)
      return wasm
    },
    native: () => encodeLanes(program),
    portable: () => encode(program),
  }
}

/** Past 50 to 59 KB of text Node 20 no longer optimises a function, which takes 23 to 30 times as long; a sine that is called takes 85 ns, one in place 61. */
const LONGEST_LOOP = 30_000

function compileWasm(program: Program): WasmCode {
  // A row by itself is for the plain call and the js engine, where those cannot be texts.
  const { bytes, layout } = printWasm(program, { hasRow: !mayMakeCode() })
  return { module: new WebAssembly.Module(bytes), layout }
}
