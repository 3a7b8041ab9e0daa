import type { Program } from '../../../src/kernel/ir/ir.ts'
import { printJs } from '../../../src/kernel/print/js.ts'

type JsLoop = (
  uniforms: ArrayLike<number>,
  tables: readonly ArrayLike<number>[],
  inputs: readonly unknown[],
  out: Float64Array,
) => (from: number, to: number) => void

/** The loop of the js engine, made of its text. */
export function jsLoop(text: string): JsLoop {
  return new Function(`'use strict'; return ${text}`)() as JsLoop
}

/** The text of a loop over arrays. */
export function jsText(program: Program): string {
  return printJs(
    program,
    program.inputs.map(() => 'array'),
  )
}

/** What it computes of rows. */
export function runJs(
  program: Program,
  uniforms: ArrayLike<number>,
  tables: readonly ArrayLike<number>[],
  rows: readonly ArrayLike<number>[],
): Float64Array {
  const columns = program.inputs.map((_, i) => Float64Array.from(rows, (row) => row[i] as number))
  const out = new Float64Array(rows.length)
  jsLoop(jsText(program))(uniforms, tables, columns, out)(0, rows.length)
  return out
}
