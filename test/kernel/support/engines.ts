import type { Compiled } from '../../../src/kernel/check.ts'
import { interpret } from '../../../src/kernel/interpret.ts'
import type { Program } from '../../../src/kernel/ir.ts'
import { optimise } from '../../../src/kernel/optimise.ts'
import { runJs } from './js-loop.ts'
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
  { program, uniforms, tables }: Compiled,
  rows: readonly (readonly number[])[],
  wanted: ArrayLike<number>,
  few = rows.length,
): Difference | undefined {
  const values = Float64Array.from(uniforms, ({ value }) => value)
  const arrays = tables.map(({ table }) => table)
  const numbers = rows.map((row) => Float64Array.from(row))
  const first = numbers.slice(0, few)
  const compare = (engine: string, results: ArrayLike<number>): Difference | undefined => {
    for (let row = 0; row < results.length; row++) {
      const [got, want] = [results[row] as number, wanted[row] as number]
      if (!Object.is(got, want)) return { engine, row, got, wanted: want }
    }
    return undefined
  }
  const optimised = optimise(program)
  const inWasm = () => {
    const module = wasmModule(
      optimised,
      values,
      arrays.map((table) => Float64Array.from(table)),
    )
    const block = compare('wasm', module.run(numbers))
    return (
      block ??
      compare(
        'wasm, one row',
        first.map((row) => module.row(row)),
      )
    )
  }
  const interpreted = (of: Program) => first.map((row) => interpret(of, row, values, arrays, MOST_ROUNDS))
  return (
    compare('interpreter', interpreted(program)) ??
    compare('interpreter, optimised', interpreted(optimised)) ??
    compare('js', runJs(optimised, values, arrays, numbers)) ??
    inWasm()
  )
}
