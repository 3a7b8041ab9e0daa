import { KernelSyntaxError } from '../../../src/errors.ts'
import type { Capture, Compiled } from '../../../src/kernel/front/check.ts'
import { library } from '../../../src/kernel/library.ts'
import { optimise } from '../../../src/kernel/optimise/optimise.ts'
import { compile, functionOf } from './compiled.ts'
import { type Difference, differenceAsIs, differenceOf } from './engines.ts'
import { plainFunction } from './plain.ts'
import { type RandomKernel, randomKernel } from './random-kernel.ts'
import { type Draws, drawsFrom, randomNumber } from './random-number.ts'
import type { Case } from './random-program.ts'

/** What came of a kernel on some rows of arguments. */
export type Outcome =
  | { readonly kind: 'same' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'different'; readonly what: string }

export interface KernelCase extends RandomKernel {
  readonly rows: readonly (readonly number[])[]
  /** The program runs on every engine before it is optimised too. */
  readonly isPrinted: boolean
}

// Seeds take them in turn: each length to well past the vectors in flight, and one of many blocks of a loop.
const LENGTHS = [...Array.from({ length: 71 }, (_, length) => length), 1000]

// Of a long column, since the interpreter takes up to a millisecond an item.
const FEW = 12

/** The kernel that a seed names, and what to run it on. */
export function caseOf(seed: number): KernelCase {
  const draws = drawsFrom(seed)
  const kernel = randomKernel(draws)
  const length = LENGTHS[seed % LENGTHS.length] as number
  const row = () => Array.from({ length: kernel.parameters }, () => randomArgument(draws))
  return { ...kernel, rows: Array.from({ length }, row), isPrinted: draws.below(8) === 0 }
}

/** Compiles the kernel and compares what it gives everywhere with its own text as JavaScript runs it. */
export function outcomeOf(kernel: KernelCase): Outcome {
  const { source, captures, rows, isPrinted } = kernel
  try {
    const compiled = compile(source, capturesOf(kernel), library)
    const { inputs } = compiled.program
    const required = inputs.filter((input) => input.default === undefined).length
    const plain = plainFunction(source, captures)
    // Every third row leaves out what has a default.
    const wanted = Float64Array.from(rows, (row, i) => Number(plain(...(i % 3 ? row : row.slice(0, required)))))
    const whole = rows.map((row, i) => (i % 3 ? row : inputs.map((input, at) => input.default ?? (row[at] as number))))
    const found = differenceOf(compiled, whole, wanted, FEW)
    if (found) return { kind: 'different', what: describe(found, whole) }
    const asIs = isPrinted ? differenceAsIs(compiled, whole, wanted, FEW) : undefined
    return asIs ? { kind: 'different', what: `not optimised, ${describe(asIs, whole)}` } : { kind: 'same' }
  } catch (error) {
    if (error instanceof KernelSyntaxError) return { kind: 'refused', message: error.message }
    return { kind: 'different', what: `it threw ${error instanceof Error ? error.stack : error}` }
  }
}

/** The kernel of a seed as engines run it, with at most so many of its rows; undefined: it is refused. */
export function programCase(seed: number, most: number): Case | undefined {
  const kernel = caseOf(seed)
  const compiled = compiledOf(kernel)
  return (
    compiled && {
      program: optimise(compiled.program),
      uniforms: Float64Array.from(compiled.uniforms, ({ value }) => value),
      tables: compiled.tables.map(({ table }) => Float64Array.from(table)),
      rows: kernel.rows.slice(0, most).map((row) => Float64Array.from(row)),
    }
  )
}

function compiledOf(kernel: KernelCase): Compiled | undefined {
  try {
    return compile(kernel.source, capturesOf(kernel), library)
  } catch (error) {
    if (error instanceof KernelSyntaxError) return undefined
    throw error
  }
}

/** What the kernel gets in `with`. */
function capturesOf({ captures, kernels }: RandomKernel): Record<string, Capture> {
  const given: Record<string, Capture> = {}
  for (const [name, value] of Object.entries(captures)) {
    if (typeof value !== 'string') given[name] = value
    else given[name] = kernels.includes(name) ? compile(value, given, library) : functionOf(value)
  }
  return given
}

function describe({ engine, row, got, wanted }: Difference, rows: readonly (readonly number[])[]): string {
  return `${engine}: row ${row} of ${rows.length}, (${rows[row]?.join(', ')}), gives ${got}, not ${wanted}`
}

/** Small ones that a `case` or a counter meets, 32 bits, those that no arithmetic likes, and the rest. */
function randomArgument(draws: Draws): number {
  switch (draws.below(5)) {
    case 0:
      return draws.below(12) - 3
    case 1:
      return draws.below(2 ** 32) - 2 ** 31
    case 2:
      return draws.of([-0, 0, -1, 1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    default:
      return randomNumber(draws)
  }
}
