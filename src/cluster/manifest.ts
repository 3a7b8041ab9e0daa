import { createHash } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'
import type { EngineName } from '../engines/engine.ts'
import type { NumberArray } from '../inputs/number-array.ts'
import type { Wire } from '../wire/codec.ts'
import { FrameError } from './errors.ts'
import { EXTENSION, type Extension, numberExtension, textExtension } from './frame.ts'
import type { PortableRef } from './portable.ts'

/** What a host needs to know of a run beside its rows; kept by hash, once a host. */
export type Manifest = FunctionManifest | KernelManifest

export interface FunctionManifest {
  readonly kind: 'function'
  readonly ref: PortableRef
  /** A call that throws ends its chunk. */
  readonly raise: boolean
  readonly retries: number
  /** Milliseconds. */
  readonly itemTimeout: number | undefined
  /** The one input holds rows of arguments. */
  readonly spread: boolean
  /** Of inputs that are one value for all rows, that value, by their number. */
  readonly repeats: readonly (Wire | undefined)[]
}

export interface KernelManifest {
  readonly kind: 'kernel'
  readonly name: string
  /** docs/ir.md. */
  readonly program: Uint8Array
  readonly uniforms: Float64Array
  readonly tables: readonly NumberArray[]
  readonly engine: EngineName | 'auto'
}

/** A manifest as bytes, under their hash. */
export interface Sealed {
  readonly bytes: Uint8Array
  /** SHA-256. */
  readonly hash: Uint8Array
}

export function seal(manifest: Manifest): Sealed {
  const bytes = serialize(manifest)
  return { bytes, hash: hashOf(bytes) }
}

export function hashOf(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}

/** What a task says of its manifest. `owner`: who serves it. */
export function extensionsOf({ bytes, hash }: Sealed, owner: string): Extension[] {
  return [
    { type: EXTENSION.manifest, bytes: hash },
    numberExtension(EXTENSION.manifestBytes, 'u64', bytes.length),
    textExtension(EXTENSION.owner, owner),
  ]
}

/** Reads a manifest, whose hash was compared. Errors: FrameError for what is none; those of v8 for values of a later Node. */
export function readManifest(bytes: Uint8Array): Manifest {
  const manifest: unknown = deserialize(bytes)
  if (isManifest(manifest)) return manifest
  throw new FrameError('a manifest names a function or a kernel, and this one does not')
}

function isManifest(value: unknown): value is Manifest {
  const { kind, ref, program, uniforms, tables, repeats, name, engine } = Object(value)
  if (kind === 'function') return typeof Object(ref).kind === 'string' && Array.isArray(repeats)
  if (kind !== 'kernel' || typeof name !== 'string' || typeof engine !== 'string') return false
  return program instanceof Uint8Array && uniforms instanceof Float64Array && Array.isArray(tables)
}
