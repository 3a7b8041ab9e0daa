import type { Compiled } from '../../../src/kernel/front/check.ts'
import { interpret } from '../../../src/kernel/ir/interpret.ts'
import { optimise } from '../../../src/kernel/optimise/optimise.ts'
import { runJs } from './js-loop.ts'
import { ISAS, runNative } from './native-rows.ts'
import { wasmModule } from './wasm-module.ts'

/** Where what an engine gives has other bits than what is wanted. */
export interface Difference {
  readonly engine: string
  readonly row: number
  readonly got: number
  readonly wanted: number
}

/** Rounds of one item: no kernel of a test needs more. */
const MOST_ROUNDS = 100_000

/**
 * The first difference between `wanted` and what a kernel means, or the engines give, for `rows`, none of whose numbers is missing. Engines run the optimised
 * program, as they do for kernel(). What runs item by item runs the first `few` alone. Any NaN is as good as another.
 */
export function differenceOf(
  kernel: Compiled,
  rows: readonly (readonly number[])[],
  wanted: ArrayLike<number>,
  few = rows.length,
): Difference | undefined {
  const { program } = kernel
  return (
    interpreted(kernel, rows, wanted, few) ??
    differenceAsIs({ ...kernel, program: optimise(program) }, rows, wanted, few)
  )
}

/** Of a program that engines run as it is. */
export function differenceAsIs(
  kernel: Compiled,
  rows: readonly (readonly number[])[],
  wanted: ArrayLike<number>,
  few: number,
): Difference | undefined {
  const { program, uniforms, tables } = kernel
  const values = Float64Array.from(uniforms, ({ value }) => value)
  const arrays = tables.map(({ table }) => table)
  const numbers = rows.map((row) => Float64Array.from(row))
  const inWasm = () => {
    const copies = arrays.map((table) => Float64Array.from(table))
    const module = wasmModule(program, values, copies)
    const one = numbers.slice(0, few).map((row) => module.row(row))
    return compare('wasm', module.run(numbers), wanted) ?? compare('wasm, one row', one, wanted)
  }
  const natively = () => {
    const copies = arrays.map((table) => Float64Array.from(table))
    return firstOf(ISAS, (isa) => compare(isa, runNative(program, isa, values, copies, numbers), wanted))
  }
  return (
    interpreted(kernel, rows, wanted, few) ??
    compare('js', runJs(program, values, arrays, numbers), wanted) ??
    inWasm() ??
    natively()
  )
}

function firstOf<A>(values: readonly A[], find: (value: A) => Difference | undefined): Difference | undefined {
  for (const value of values) {
    const found = find(value)
    if (found) return found
  }
  return undefined
}

function interpreted(
  { program, uniforms, tables }: Compiled,
  rows: readonly (readonly number[])[],
  wanted: ArrayLike<number>,
  few: number,
): Difference | undefined {
  const values = uniforms.map(({ value }) => value)
  const arrays = tables.map(({ table }) => table)
  const results = rows.slice(0, few).map((row) => interpret(program, row, values, arrays, MOST_ROUNDS))
  return compare('interpreter', results, wanted)
}

function compare(engine: string, results: ArrayLike<number>, wanted: ArrayLike<number>): Difference | undefined {
  for (let row = 0; row < results.length; row++) {
    const [got, want] = [results[row] as number, wanted[row] as number]
    if (!Object.is(got, want)) return { engine, row, got, wanted: want }
  }
  return undefined
}
