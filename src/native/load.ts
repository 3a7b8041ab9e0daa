import { dirname, join } from 'node:path'
import { LanewiseError } from '../errors.ts'

/** What the addon answers to `abiVersion()`: crates/node/src/lib.rs counts its incompatible changes. */
const ABI_VERSION = 6

/** The addon's face, as far as it is used here: napi writes it whole to native/binding.d.ts, and crates/node/binding.d.ts keeps that. */
export interface NativeBinding {
  abiVersion(): number
  /** Processors that this process may use, by affinity and by the quota of its control group. */
  availableParallelism(): number
  poolInfo(): { threads: number; idle: number; jobs: number; kernels: number }
  /** Vector instructions of this processor that code can be made for, the widest first. */
  isas(): string[]
  /** Makes machine code of the form for several lanes. The same bytes are compiled once a process. */
  compile(bytes: Uint8Array, isa: string): MachineCode
  Session: new (onSettled: () => void, control: Int32Array) => NativeSession
}

/** A kernel as machine code, which goes when this object and all maps of it have gone. */
export interface MachineCode {
  readonly shape: CodeShape
}

/** What became of a kernel. */
export interface CodeShape {
  readonly isa: string
  /** Doubles in a vector. */
  readonly lanes: number
  /** Vectors in flight. */
  readonly vectors: number
  /** Values that found no register. */
  readonly spills: number
  readonly codeBytes: number
}

export interface NativeSession {
  /** `description`: numbers, as `describe` of src/engines/native.ts writes them. */
  submit(description: Float64Array, code: MachineCode, views: ArrayBufferView[]): void
  wait(id: number, limitMs: number, takePart: boolean): number
  takeSettled(): number[]
  /** Seven numbers a chunk: the seat of its thread in the map, then those of src/observe/claims.ts. */
  takeClaims(id: number): Float64Array
  release(id: number): string | null
}

/** The addon, or why there is none: one error for each place where it could have been. */
export type NativeLoad =
  | { readonly binding: NativeBinding; readonly from: string }
  | { readonly errors: readonly Error[] }

let loaded: NativeLoad | undefined

/** Looks for the addon, once. Never throws: without it the other engines serve. */
export function loadNative(): NativeLoad {
  loaded ??= findNative(candidates())
  return loaded
}

/**
 * Loads the first candidate that is an addon of ours.
 *
 * A candidate is a path or the name of a package.
 */
export function findNative(places: readonly string[]): NativeLoad {
  const errors: Error[] = []
  for (const place of places) {
    try {
      return { binding: check(requireHere()(place), place), from: place }
    } catch (error) {
      errors.push(placed(error, place))
    }
  }
  return { errors }
}

/** An error that says where it happened. */
function placed(error: unknown, place: string): Error {
  if (error instanceof Error && error.message.includes(place)) return error
  return new Error(`${place}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
}

/** `LANEWISE_NATIVE` alone, if it is set; else the package's own folder, then the package for this platform. */
export function candidates(): string[] {
  const given = process.env.LANEWISE_NATIVE
  if (given) return [given]
  const names = platformNames()
  const local = names.flatMap((name) => localPath(`lanewise.${name}.node`))
  return [...local, ...names.map((name) => `lanewise-${name}`)]
}

/** The names that an addon for this platform may have. On Linux both C libraries are tried: only one of them loads. */
function platformNames(): string[] {
  const name = `${process.platform}-${process.arch}`
  if (process.platform === 'linux') return [`${name}-gnu`, `${name}-musl`]
  return [process.platform === 'win32' ? `${name}-msvc` : name]
}

/**
 * Node's `require`. Its maker is asked for, not imported: webpack knows the imported one, and puts a `require` of its own there, which
 * finds nothing but what was bundled.
 */
function requireHere(): NodeJS.Require {
  return process.getBuiltinModule('node:module').createRequire(import.meta.url)
}

function localPath(file: string): string[] {
  try {
    // By the package's own name, since this code may stand anywhere in it.
    return [join(dirname(requireHere().resolve('lanewise/package.json')), 'native', file)]
  } catch {
    return [] // bundled, and taken to where there is no package
  }
}

function check(binding: unknown, place: string): NativeBinding {
  const version: unknown = (binding as Partial<NativeBinding> | undefined)?.abiVersion?.()
  if (version === ABI_VERSION) return binding as NativeBinding
  throw new LanewiseError(
    `${place} has the version ${String(version)}, this lanewise needs ${ABI_VERSION}; install both anew, or build it with npm run setup`,
    { code: 'ERR_LANEWISE_NATIVE_VERSION' },
  )
}
