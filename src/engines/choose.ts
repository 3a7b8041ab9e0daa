import { LanewiseError } from '../errors.ts'
import { type KernelCode, mayMakeCode } from '../kernel/code.ts'
import type { NativeCode, NoNativeCode } from '../native/machine-code.ts'
import type { EngineName } from './engine.ts'

/** What an engine is chosen by. */
export interface Choice {
  /** What was asked for, by the map or its pool. */
  readonly asked: EngineName | 'auto'
  readonly code: KernelCode
  readonly rows: number
  /** Bytes of its captured arrays, as doubles. */
  readonly tableBytes: number
  /** What is copied of the caller's plain arrays, unless he lends them. */
  readonly copies: Copies
  /** Its machine code; asked for only where it matters. */
  readonly native: () => NativeCode | NoNativeCode
}

/** Bytes that other threads cannot read, or write, where they lie. */
export interface Copies {
  readonly inputs: number
  /** An `out`, or the array of results that `map` makes: natively that is written where it lies. */
  readonly results: number
  readonly isOwn: boolean
}

/** Of a caller that blocks: he lends his arrays wherever it is of use, and has to hear of the end inside of his call. */
export const NO_COPIES: Copies = { inputs: 0, results: 0, isOwn: true }

/** How a map stands to the call of `map`. */
export type Place =
  /** It goes on when the call has returned. */
  | 'behind'
  /** On the caller's own thread, and over at once: before a worker would have begun. */
  | 'tiny'
  /** Inside of the call, on arrays that the caller lends: to copy them would keep him as long. Of its end he hears in a later turn. */
  | 'lent'

export interface Chosen {
  readonly engine: EngineName
  readonly place: Place
  /** In a sentence, where it is not plain. */
  readonly why: string | undefined
  /** What the native engine runs. */
  readonly native?: NativeCode
}

/** Up to so long a map runs on the caller's thread: to wake a worker and hear of it takes as long. */
const TINY_NS = 20_000

/** Why such a map ran there. */
export const OVER_BEFORE_A_WORKER = 'it ran on the calling thread: it is over sooner than a worker would begin'

/** To copy a number to shared memory. Larger: callers wait longer for maps than they would for copies; smaller: cheap ones are copied and then wait for a thread. */
const COPY_NS = 1

/** How many times as fast as a plain loop machine code is at least where it computes, on one thread: 3.5 with AVX2 and divisions, 12 with additions. */
const NATIVE_GAIN = 5

/** And for each number that it reads or writes it takes so long, however little it computes. */
const MEMORY_NS = 0.4

/** Why a map was over when `map` returned. */
const SOONER_THAN_COPIES = 'it ran before map returned: to copy its arrays would have taken as long'

/** Each worker of the wasm engine has a copy of its own. Larger: memory times workers; smaller: large tables are read by plain code. */
const MOST_TABLE_BYTES = 256 * 2 ** 20

/**
 * Picks the engine of a map: tiny ones stay on the caller's thread; native where the addon can run the kernel; else js on his thread, where to
 * copy his arrays for workers would take as long; else wasm, where rows are dear enough to be staged; else js.
 *
 * `LANEWISE_ENGINE` overrides what a pool or a map asks for.
 * Errors: LanewiseError (ERR_LANEWISE_NATIVE_UNAVAILABLE) where native was asked for by name and cannot run the kernel; RangeError where wasm
 *         was, and the captured arrays are too large, and for values of LANEWISE_ENGINE and LANEWISE_ISA that are none.
 */
export function chooseEngine(choice: Choice): Chosen {
  const { asked, code, rows, tableBytes, copies, native } = choice
  const name = overridden(asked)
  const isTooLarge = tableBytes > MOST_TABLE_BYTES
  if (name === 'native') return onNative(machineCode(code, native), choice)
  if (name === 'wasm' && isTooLarge) {
    throw new RangeError(
      `the wasm engine takes captured arrays up to ${MOST_TABLE_BYTES} bytes as doubles, got ${tableBytes} of ${code.name}; leave engine out`,
    )
  }
  if (name !== 'auto') return plain(name)
  if (code.isBounded && rows * code.rowNs < TINY_NS) {
    return { engine: 'js', place: 'tiny', why: OVER_BEFORE_A_WORKER }
  }
  const whyPlain = mayMakeCode() ? code.whyPlain : undefined
  if (whyPlain?.than === 'native') return plain('js', whyPlain.why)
  const made = code.native === undefined ? undefined : native()
  if (made !== undefined && 'code' in made) return onNative(made, choice)
  const whyNotNative =
    made === undefined || made.isMissing ? [] : [`there is no machine code for it: ${made.error.message}`]
  if (isSooner(code, rows, code.rowNs, copies.inputs + copies.results)) {
    return { engine: 'js', place: 'lent', why: [...whyNotNative, SOONER_THAN_COPIES].join('; ') }
  }
  if (isTooLarge)
    return plain('js', ...whyNotNative, 'the arrays that the kernel captures are too large for a copy in each worker')
  if (whyPlain !== undefined) return plain('js', ...whyNotNative, whyPlain.why)
  return plain('wasm', ...whyNotNative)
}

function plain(engine: EngineName, ...why: string[]): Chosen {
  return { engine, place: 'behind', why: why.length === 0 ? undefined : why.join('; ') }
}

function onNative(native: NativeCode, { code, rows, copies }: Choice): Chosen {
  const copied = copies.inputs + (copies.isOwn ? 0 : copies.results)
  const isLent = isSooner(code, rows, code.rowNs / NATIVE_GAIN, copied)
  return {
    engine: 'native',
    place: isLent ? 'lent' : 'behind',
    why: isLent ? SOONER_THAN_COPIES : undefined,
    native,
  }
}

/** Whether rows are certainly done in the time that it takes to copy so many bytes. */
function isSooner({ inputs, isBounded }: KernelCode, rows: number, computeNs: number, copiedBytes: number): boolean {
  const rowNs = Math.max(computeNs, MEMORY_NS * (inputs.length + 1))
  return isBounded && rows * rowNs <= (copiedBytes / Float64Array.BYTES_PER_ELEMENT) * COPY_NS
}

function machineCode({ name, native: print }: KernelCode, native: Choice['native']): NativeCode {
  const made = native()
  if ('code' in made) return made
  const { isMissing, error } = made
  const why = print === undefined ? '' : `: ${error.message}`
  const what = isMissing
    ? 'and is not there; npx lanewise doctor says why, or leave engine out'
    : `and has no machine code for ${name}${why}; leave engine out`
  throw new LanewiseError(`the native engine was asked for, ${what}`, {
    code: 'ERR_LANEWISE_NATIVE_UNAVAILABLE',
    cause: error,
  })
}

function overridden(asked: EngineName | 'auto'): EngineName | 'auto' {
  const name = process.env.LANEWISE_ENGINE
  if (name === undefined || name === '') return asked
  if (name === 'auto' || name === 'js' || name === 'wasm' || name === 'native') return name
  throw new RangeError(`LANEWISE_ENGINE must be auto, js, wasm or native, got ${name}; set or unset it`)
}
