import { expect } from 'vitest'
import { type Capture, type Compiled, compileSource } from '../../../src/kernel/front/check.ts'
import { interpret } from '../../../src/kernel/ir/interpret.ts'
import type { Program } from '../../../src/kernel/ir/ir.ts'

export type NumericFunction = (...args: number[]) => number | boolean

/** Numbers at which doubles and 32-bit integers change their ways. */
const EDGES: readonly number[] = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2,
  3,
  7,
  -7.25,
  100,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  5e-324,
  -2.2250738585072014e-308,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  -(2 ** 31) - 1,
  2 ** 32,
  2 ** 32 + 5,
  2 ** 53,
  -(2 ** 53) - 2,
  1e308,
  -1e308,
]

// A round trip of an endless loop would hang the test: no kernel here needs more.
const MOST_ROUNDS = 100_000

/** The function of a text: kernels that no linter would let stand are written so. */
export function functionOf(text: string, names: Readonly<Record<string, unknown>> = {}): NumericFunction {
  return new Function(...Object.keys(names), `return ${text}`)(...Object.values(names)) as NumericFunction
}

export function compile(
  fn: NumericFunction | string,
  captures: Readonly<Record<string, Capture>> = {},
  library: ReadonlyMap<string, Program> = new Map(),
): Compiled {
  return compileSource(String(fn), { name: 'f', with: captures, library })
}

/** What the compiled kernel gives for these arguments. */
function run({ program, uniforms, tables }: Compiled, args: readonly number[]): number {
  const values = uniforms.map(({ value }) => value)
  return interpret(
    program,
    args,
    values,
    tables.map(({ table }) => table),
    MOST_ROUNDS,
  )
}

/** Expects the compiled kernel to give the bits of the function itself, for each row of arguments. */
export function expectSameBits(compiled: Compiled, fn: NumericFunction, rows: Iterable<readonly number[]>): void {
  for (const row of rows) {
    const wanted = Number(fn(...row))
    const got = run(compiled, row)
    if (!Object.is(got, wanted)) expect({ row, result: got }).toEqual({ row, result: wanted })
  }
}

/** Rows of `width` arguments: every pair of edges in the first two, then random numbers of every size; the same in every run. */
export function* rows(width: number, random = 300): Generator<number[]> {
  const next = generator(width + 1)
  const any = () => (next() < 0.3 ? (EDGES[Math.floor(next() * EDGES.length)] as number) : anyDouble(next))
  for (const a of EDGES) {
    for (const b of width > 1 ? EDGES : [0])
      yield Array.from({ length: width }, (_, i) => (i === 0 ? a : i === 1 ? b : any()))
  }
  for (let i = 0; i < random; i++) yield Array.from({ length: width }, any)
}

/** Small integers, fractions, large ones, and doubles of any exponent. */
function anyDouble(next: () => number): number {
  const sign = next() < 0.5 ? -1 : 1
  const kind = next()
  if (kind < 0.3) return sign * Math.floor(next() * 100)
  if (kind < 0.6) return sign * next() * 10
  if (kind < 0.8) return sign * Math.floor(next() * 2 ** 33)
  return sign * next() * 2 ** Math.floor(next() * 2000 - 1000)
}

/** Numbers of [0, 1) by a 32-bit linear congruence: the constants of Numerical Recipes. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
