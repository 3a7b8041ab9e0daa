import { LanewiseError } from '../errors.ts'
import type { KernelCode } from '../kernel/kernel.ts'
import type { EngineName } from './engine.ts'
import type { NativeLoad } from './load-native.ts'

/** What an engine is chosen by. */
export interface Choice {
  /** What was asked for, by the map or its pool. */
  readonly asked: EngineName | 'auto'
  readonly code: KernelCode
  readonly rows: number
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

/**
 * Picks the engine of a map: tiny ones stay on the caller's thread; native where there is the addon; else wasm.
 *
 * `LANEWISE_ENGINE` overrides what a pool or a map asks for.
 * Errors: LanewiseError (ERR_LANEWISE_NATIVE_UNAVAILABLE) where native was asked for by name and is not there.
 */
export function chooseEngine({ asked, code, rows, native }: Choice): Chosen {
  const name = overridden(asked)
  if (name === 'native') {
    const load = native()
    if ('errors' in load) throw unavailable(load.errors)
    return { engine: name, isTiny: false, why: undefined }
  }
  if (name !== 'auto') return { engine: name, isTiny: false, why: undefined }
  if (code.isBounded && rows * code.rowNs < TINY_NS) {
    return {
      engine: 'js',
      isTiny: true,
      why: 'it ran on the calling thread: it is over sooner than a worker would begin',
    }
  }
  if ('binding' in native()) return { engine: 'native', isTiny: false, why: undefined }
  return { engine: 'wasm', isTiny: false, why: 'the native engine is not there; npx lanewise doctor says why' }
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
