import { LanewiseError } from '../errors.ts'
import { type KernelCode, mayMakeCode } from '../kernel/code.ts'
import type { NativeLoad } from '../native/load.ts'
import type { EngineName } from './engine.ts'

/** What an engine is chosen by. */
export interface Choice {
  /** What was asked for, by the map or its pool. */
  readonly asked: EngineName | 'auto'
  readonly code: KernelCode
  readonly rows: number
  /** Bytes of its captured arrays, as doubles. */
  readonly tableBytes: number
  /** The addon; asked for only where it matters. */
  readonly native: () => NativeLoad
}

export interface Chosen {
  readonly engine: EngineName
  /** On the caller's own thread: it is over before a worker would have begun. */
  readonly isTiny: boolean
  /** In a sentence, where it is not plain. */
  readonly why: string | undefined
}

/** Up to so long a map runs on the caller's thread: to wake a worker and hear of it takes as long. */
const TINY_NS = 20_000

/** Each worker of the wasm engine has a copy of its own. Larger: memory times workers; smaller: large tables are read by plain code. */
const MOST_TABLE_BYTES = 256 * 2 ** 20

/**
 * Picks the engine of a map: tiny ones stay on the caller's thread; native where the addon can run the kernel; else wasm, where rows are
 * dear enough to be staged; else js.
 *
 * `LANEWISE_ENGINE` overrides what a pool or a map asks for.
 * Errors: LanewiseError (ERR_LANEWISE_NATIVE_UNAVAILABLE) where native was asked for by name and cannot run the kernel; RangeError where wasm
 *         was, and the captured arrays are too large.
 */
export function chooseEngine({ asked, code, rows, tableBytes, native }: Choice): Chosen {
  const name = overridden(asked)
  const isTooLarge = tableBytes > MOST_TABLE_BYTES
  if (name === 'native') {
    refuseUnlessNative(code, native())
    return plain(name)
  }
  if (name === 'wasm' && isTooLarge) {
    throw new RangeError(
      `the wasm engine takes captured arrays up to ${MOST_TABLE_BYTES} bytes as doubles, got ${tableBytes} of ${code.name}; leave engine out`,
    )
  }
  if (name !== 'auto') return plain(name)
  if (code.isBounded && rows * code.rowNs < TINY_NS) {
    return {
      engine: 'js',
      isTiny: true,
      why: 'it ran on the calling thread: it is over sooner than a worker would begin',
    }
  }
  if (code.native !== undefined && 'binding' in native()) return plain('native')
  if (isTooLarge) return plain('js', 'the arrays that the kernel captures are too large for a copy in each worker')
  if (code.whyPlain !== undefined && mayMakeCode()) return plain('js', code.whyPlain)
  return plain('wasm')
}

function plain(engine: EngineName, why?: string): Chosen {
  return { engine, isTiny: false, why }
}

function refuseUnlessNative(code: KernelCode, load: NativeLoad): void {
  if ('errors' in load) throw unavailable(load.errors)
  if (code.native !== undefined) return
  throw new LanewiseError(
    `the native engine was asked for, and has no machine code for ${code.name}; leave engine out`,
    {
      code: 'ERR_LANEWISE_NATIVE_UNAVAILABLE',
    },
  )
}

function overridden(asked: EngineName | 'auto'): EngineName | 'auto' {
  const name = process.env.LANEWISE_ENGINE
  if (name === undefined || name === '') return asked
  if (name === 'auto' || name === 'js' || name === 'wasm' || name === 'native') return name
  throw new RangeError(`LANEWISE_ENGINE must be auto, js, wasm or native, got ${name}; set or unset it`)
}

function unavailable(errors: readonly Error[]): LanewiseError {
  return new LanewiseError(
    'the native engine was asked for and is not there; npx lanewise doctor says why, or leave engine out',
    {
      code: 'ERR_LANEWISE_NATIVE_UNAVAILABLE',
      cause: errors.length === 1 ? errors[0] : new AggregateError(errors, 'no addon could be loaded'),
    },
  )
}
