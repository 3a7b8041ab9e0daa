import type { EngineName } from '../engines/engine.ts'
import { LanewiseError } from '../errors.ts'
import type { Callable, Executor } from '../executors/executor.ts'
import type { AnyFunction } from '../functions/ref.ts'
import { repeat } from '../inputs/repeat.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Settled } from '../map/outcome.ts'
import type { MapResult } from '../map/result.ts'
import { decodeValue } from '../wire/codec.ts'
import { FORM, type Section } from './frame.ts'
import type { FunctionManifest } from './manifest.ts'
import { Refusal } from './resolve.ts'
import { numbersOf, unpackValues } from './values.ts'

/** Outcomes of the first rows of a chunk: all of them, unless a call threw that ends it. */
interface Outcomes {
  readonly values: ArrayLike<unknown>
  /** By row of the chunk. */
  readonly failures: ReadonlyMap<number, unknown>
}

/** Options of an executor's map, as far as they are used here. */
interface Options {
  readonly chunksize: number
  readonly retries: number
  readonly itemTimeout?: number
  readonly signal: AbortSignal
}

/** Runs the rows of a chunk on an executor of one worker, as one chunk there. */
export async function runFunction(
  pool: Executor,
  fn: AnyFunction,
  manifest: FunctionManifest,
  sections: readonly Section[],
  items: number,
  signal: AbortSignal,
): Promise<Outcomes> {
  const { raise, retries, itemTimeout, spread, repeats } = manifest
  const limits = { retries, ...(itemTimeout !== undefined && { itemTimeout }) }
  if (sections.length === 0) return await runCall(pool, fn, { ...limits, signal })
  const lost = new Map<number, unknown>() // rows whose arguments could not be packed, or read
  const columns = sections.map((section, i) => {
    if (section.form === FORM.repeat) return { value: decodeValue(repeats[i]) }
    const { values, failures } = unpackValues(section, items)
    for (const [row, error] of failures ?? []) if (!lost.has(row)) lost.set(row, error)
    return { values }
  })
  const rows = rowsToRun(items, lost, raise)
  const inputs = columns.map((column) => {
    if ('value' in column) return repeat(column.value, rows?.length ?? items)
    return rows === undefined ? column.values : rows.map((row) => column.values[row])
  })
  const call = fn as Callable<unknown[]> // of what its submitter has it called with
  const options: Options = { chunksize: Math.max(1, rows?.length ?? items), ...limits, signal }
  const settle = { ...options, errors: 'settle' } as const
  const ran = raise
    ? await untilFirstError(spread ? pool.starmap(call, rowsOf(inputs), options) : pool.map(call, ...inputs, options))
    : settled(await (spread ? pool.starmap(call, rowsOf(inputs), settle) : pool.map(call, ...inputs, settle)))
  return rows === undefined ? ran : together(ran, rows, lost, items, raise)
}

/** The one input, of rows of arguments. */
function rowsOf(inputs: readonly Iterable<unknown>[]): Iterable<unknown[]> {
  const [rows] = inputs
  if (rows === undefined || inputs.length > 1) {
    throw new Refusal(
      `rows of arguments are one input of a task, got ${inputs.length}; run the same lanewise on both sides`,
    )
  }
  return rows as Iterable<unknown[]>
}

/** A call without arguments: no input says how often it runs. */
async function runCall(
  pool: Executor,
  fn: AnyFunction,
  limits: Pick<Options, 'retries' | 'itemTimeout' | 'signal'>,
): Promise<Outcomes> {
  try {
    return { values: [await pool.schedule(fn, [] as never, limits)], failures: new Map() }
  } catch (error) {
    limits.signal.throwIfAborted()
    return { values: [undefined], failures: new Map([[0, error]]) }
  }
}

/** Undefined: all of them. */
function rowsToRun(items: number, lost: ReadonlyMap<number, unknown>, raise: boolean): number[] | undefined {
  if (lost.size === 0) return undefined
  const end = raise ? Math.min(...lost.keys()) : items
  return Array.from({ length: end }, (_, row) => row).filter((row) => !lost.has(row))
}

/** Outcomes of the rows that ran, and of those that were lost, in the order of rows. */
function together(
  ran: Outcomes,
  rows: readonly number[],
  lost: ReadonlyMap<number, unknown>,
  items: number,
  raise: boolean,
): Outcomes {
  const isCut = raise && ran.failures.size > 0
  const end = isCut ? ran.values.length : raise ? Math.min(...lost.keys()) + 1 : items
  const values = new Array<unknown>(end).fill(undefined)
  const failures = new Map<number, unknown>()
  for (let i = 0; i < ran.values.length; i++) {
    const row = rows[i] as number
    values[row] = ran.values[i]
    if (ran.failures.has(i)) failures.set(row, ran.failures.get(i))
  }
  for (const [row, error] of lost) if (row < end) failures.set(row, error)
  return { values, failures }
}

function settled(outcomes: readonly Settled<unknown>[]): Outcomes {
  const failures = new Map<number, unknown>()
  const values = outcomes.map((outcome, row) => {
    if (outcome.status === 'fulfilled') return outcome.value
    failures.set(row, unplaced(outcome.reason))
    return undefined
  })
  return { values, failures }
}

async function untilFirstError(result: MapResult<unknown>): Promise<Outcomes> {
  const values: unknown[] = []
  for (;;) {
    try {
      const { done, value } = await result.next()
      if (done === true) return { values, failures: new Map() }
      values.push(value)
    } catch (error) {
      values.push(undefined)
      return { values, failures: new Map([[values.length - 1, unplaced(error)]]) }
    }
  }
}

/** An error whose stack says no more which row of the chunk it was: the submitter says which row of the map. */
function unplaced(error: unknown): unknown {
  try {
    if (error instanceof Error && typeof error.stack === 'string') {
      error.stack = error.stack.replace(/\n {4}— [^\n]* —(?=\n|$)/, '')
    }
  } catch {
    // It is frozen: two places are said.
  }
  return error
}

/** Runs the rows of a chunk of a kernel's map. Errors: Refusal where this machine has not the engine that is asked for; others for what went wrong. */
export async function runKernel(
  pool: Executor,
  kernel: Kernel,
  engine: EngineName | 'auto',
  sections: readonly Section[],
  items: number,
  signal: AbortSignal,
): Promise<Float64Array> {
  const inputs = sections.map(({ element, form, bytes }) => {
    const numbers = numbersOf(element, bytes)
    if (form === FORM.repeat && numbers.length === 1) return repeat(numbers[0] as number, items)
    if (form === FORM.range && numbers.length === 3) return counted(numbers, items)
    if (form === FORM.numbers && numbers.length === items) return numbers
    throw new Refusal(`an input of ${items} numbers came as form ${form} with ${numbers.length}`)
  })
  if (inputs.length === 0) inputs.push(new Float64Array(items)) // a kernel without parameters: the input is for its length only
  try {
    return await pool.map(kernel, ...(inputs as Float64Array[]), { engine, signal })
  } catch (error) {
    if (engine !== 'auto' && isOfEngine(error)) throw new Refusal(error.message)
    throw error
  }
}

/** Whether the engine that was asked for by name cannot run the kernel here: another machine's may. */
function isOfEngine(error: unknown): error is Error {
  if (error instanceof RangeError) return true
  const codes: readonly unknown[] = ['ERR_LANEWISE_NATIVE_UNAVAILABLE', 'ERR_LANEWISE_NO_THREADS']
  return error instanceof LanewiseError && codes.includes(error.code)
}

/** Row i is `start + i * step`, rounded twice, counted over the whole map. */
function counted(numbers: ArrayLike<number>, items: number): Float64Array {
  const [start = 0, step = 0, first = 0] = Array.from(numbers)
  return Float64Array.from({ length: items }, (_, i) => start + (first + i) * step)
}
