import { interpret } from '../../../src/kernel/ir/interpret.ts'
import { encodeLanes } from '../../../src/kernel/print/binary.ts'
import type { Case } from './random-program.ts'

/**
 * A program in the form for lanes, what to run it on and what that gives, as text that `crates/jit/tests/support` reads: a word and hexadecimal bytes a
 * line.
 *
 *   program    its bytes
 *   uniforms   a double each, the first byte the lowest
 *   table      one line each: its entries
 *   input      one line each: a column
 *   result     what interpret() gives for these rows
 */
export function caseText({ program, uniforms, tables, rows }: Case): string {
  const columns = program.inputs.map((_, i) => Float64Array.from(rows, (row) => row[i] as number))
  const results = Float64Array.from(rows, (row) => interpret(program, row, uniforms, tables))
  const lines: [word: string, bytes: Uint8Array][] = [
    ['program', encodeLanes(program)],
    ['uniforms', bytesOf(uniforms)],
    ...tables.map((table): [string, Uint8Array] => ['table', bytesOf(table)]),
    ...columns.map((column): [string, Uint8Array] => ['input', bytesOf(column)]),
    ['result', bytesOf(results)],
  ]
  return lines.map(([word, bytes]) => `${word} ${Buffer.from(bytes).toString('hex')}\n`).join('')
}

/** Little-endian, NaN as 0x7ff8000000000000. */
function bytesOf(numbers: Float64Array): Uint8Array {
  const bytes = new Uint8Array(8 * numbers.length)
  const view = new DataView(bytes.buffer)
  for (const [i, x] of numbers.entries()) {
    if (Number.isNaN(x)) view.setBigUint64(8 * i, 0x7ff8000000000000n, true)
    else view.setFloat64(8 * i, x, true)
  }
  return bytes
}
