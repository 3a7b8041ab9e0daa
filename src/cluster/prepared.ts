import { functionOf } from '../functions/describe.ts'
import type { AnyFunction } from '../functions/ref.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { type FetchPiece, fetchHashed, nameOf } from './blobs.ts'
import { FrameError } from './errors.ts'
import { foreignKernel } from './foreign-kernel.ts'
import { EXTENSION, extensionOf, type Frame, numberOf, textOf } from './frame.ts'
import { type FunctionManifest, type KernelManifest, readManifest } from './manifest.ts'
import { type Allowed, Refusal, resolveRef } from './resolve.ts'

/** A manifest, and what it names, found on this host. */
export type Prepared =
  | { readonly kind: 'function'; readonly fn: AnyFunction; readonly manifest: FunctionManifest }
  | { readonly kind: 'kernel'; readonly kernel: Kernel; readonly manifest: KernelManifest }

/** Bytes of manifests that are kept. Larger: memory; smaller: broadcast values are fetched again. */
const MOST_BYTES = 256 * 2 ** 20
/** And so many of them. */
const MOST_KEPT = 1000

/** The manifests of this host, by their hash: each is fetched, checked and prepared once. */
export class PreparedCache {
  readonly #fetch: FetchPiece
  readonly #allowed: Allowed
  readonly #kept = new Map<string, { readonly bytes: number; readonly prepared: Promise<Prepared> }>()
  #bytes = 0

  constructor(fetch: FetchPiece, allowed: Allowed) {
    this.#fetch = fetch
    this.#allowed = allowed
  }

  /** What a task is to run. Errors: Refusal for what this host never runs; others for what could not be had now. */
  of(frame: Frame): Promise<Prepared> {
    const hash = extensionOf(frame, EXTENSION.manifest)
    const length = numberOf(frame, EXTENSION.manifestBytes, 'u64')
    const owner = textOf(frame, EXTENSION.owner)
    if (hash?.length !== 32 || length === undefined || owner === undefined) {
      return Promise.reject(new Refusal('a task names its manifest, and this one does not'))
    }
    const name = nameOf(hash)
    const known = this.#kept.get(name)
    if (known !== undefined) {
      this.#kept.delete(name) // behind all others: it is used
      this.#kept.set(name, known)
      return known.prepared
    }
    if (length > MOST_BYTES)
      return Promise.reject(new Refusal(`it keeps manifests up to ${MOST_BYTES} bytes, got ${length}`))
    const prepared = fetchHashed(this.#fetch, owner, hash.slice(), length).then((bytes) => this.#prepare(bytes))
    this.#keep(name, length, prepared)
    return prepared
  }

  #prepare(bytes: Uint8Array): Prepared {
    let manifest: ReturnType<typeof readManifest>
    try {
      manifest = readManifest(bytes)
    } catch (error) {
      throw new Refusal(
        error instanceof FrameError
          ? error.message
          : `it cannot read what Node ${process.version} did not write: ${String(error)}`,
      )
    }
    if (manifest.kind === 'function') {
      return { kind: 'function', fn: functionOf(resolveRef(manifest.ref, this.#allowed)), manifest }
    }
    try {
      return { kind: 'kernel', kernel: foreignKernel(manifest), manifest }
    } catch (error) {
      throw new Refusal(
        `it verified kernel ${manifest.name} and refuses it: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }

  #keep(name: string, bytes: number, prepared: Promise<Prepared>): void {
    this.#kept.set(name, { bytes, prepared })
    this.#bytes += bytes
    prepared.catch(() => this.#forget(name)) // asked again, it is tried again
    for (const oldest of this.#kept.keys()) {
      if ((this.#bytes <= MOST_BYTES && this.#kept.size <= MOST_KEPT) || oldest === name) break
      this.#forget(oldest)
    }
  }

  #forget(name: string): void {
    this.#bytes -= this.#kept.get(name)?.bytes ?? 0
    this.#kept.delete(name)
  }
}
