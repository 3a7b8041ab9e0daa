import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FunctionError } from '../errors.ts'
import { describeByModule } from '../functions/describe.ts'
import type { AnyFunction, BuiltinRef, FunctionRef, ModuleRef, SourceRef } from '../functions/ref.ts'

/** How a function is named to another machine: nothing in it depends on where the submitter keeps its files. */
export type PortableRef = PortableModule | BuiltinRef | SignedSource

export interface PortableModule {
  readonly kind: 'module'
  readonly name: string
  /** Of the package.json that the module belongs to. */
  readonly package: string
  readonly version: string
  /** From that file's folder, with slashes. */
  readonly path: string
  /** SHA-256 of the module's file, in hex. */
  readonly sha256: string
  readonly find: Pick<ModuleRef, 'export' | 'ordinal' | 'source' | 'arity'>
}

/** A function by its source: hosts run it only for keys that they list. */
export interface SignedSource {
  readonly kind: 'source'
  readonly ref: SourceRef
  /** Ed25519, of `signedBytes`. */
  readonly signature: Uint8Array
}

/** Built-in functions are read from an object, and called: some would be a way to run anything. */
const BUILTINS: ReadonlySet<string> = new Set([
  ...['Math', 'JSON', 'Number', 'String', 'BigInt', 'Array', 'Date', 'Object', 'Boolean'],
  ...['parseFloat', 'parseInt', 'isNaN', 'isFinite', 'structuredClone', 'atob', 'btoa'],
  ...['encodeURI', 'encodeURIComponent', 'decodeURI', 'decodeURIComponent', 'escape', 'unescape'],
])

/** Whether a host runs this built-in function for anyone. */
export function isHarmless({ module, path }: BuiltinRef): boolean {
  if (module !== undefined || path.length === 0 || path.length > 2) return false
  return BUILTINS.has(path[0] as string) && !path.some((step) => /^(?:constructor|prototype|__.*)$/.test(step))
}

/**
 * Says how another machine finds `fn`, which `ref` describes. `key`: what sources are signed with; without it an exported function travels by its module.
 *
 * Errors: FunctionError for what cannot be named so, with the way out.
 */
export function portableRef(fn: AnyFunction, ref: FunctionRef, key: KeyObject | undefined): PortableRef {
  const name = ref.name || 'this function'
  if (ref.kind === 'builtin') {
    if (isHarmless(ref)) return ref
    const path = [...(ref.module === undefined ? [] : [ref.module]), ...ref.path].join('.')
    throw new FunctionError(
      `hosts run no ${path} by its name; call it from an exported function of a module that they have`,
    )
  }
  if (ref.kind === 'source') {
    if (key !== undefined) return { kind: 'source', ref, signature: sign(null, signedBytes(ref), key) }
    const found = describeByModule(fn)
    if (typeof found !== 'string') return portableModule(found)
    throw new FunctionError(
      `${name} ${found}, and hosts run a function by its source only when that is signed; export it from a module that they have too, ` +
        'or pass signingKey and start them with --allow-source',
    )
  }
  return portableModule(ref)
}

/** What is signed of a source: all that is run. */
export function signedBytes({ name, code, shims }: SourceRef): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(['lanewise source 1', name, code, shims]))
}

/** Reads a private key of Ed25519, of a file in PEM. Errors: TypeError for another kind; those of the file. */
export function readSigningKey(file: string): KeyObject {
  const key = createPrivateKey(readFileSync(file))
  if (key.asymmetricKeyType === 'ed25519') return key
  throw new TypeError(
    `signingKey must be a key of Ed25519, got ${key.asymmetricKeyType}; make one with openssl genpkey -algorithm ed25519`,
  )
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function portableModule({ url, name, export: exported, ordinal, source, arity }: ModuleRef): PortableModule {
  const what = name || 'this function'
  if (!url.startsWith('file:')) {
    throw new FunctionError(
      `${what} stands in ${url}, which other machines cannot find; put it into a file of a package`,
    )
  }
  const file = fileURLToPath(url.replace(/[?#].*$/, ''))
  const found = packageOf(file)
  if (found === undefined) {
    throw new FunctionError(
      `${what} stands in ${file}, which belongs to no package with a name; put a package.json with "name" and "version" above it`,
    )
  }
  return {
    kind: 'module',
    name,
    package: found.name,
    version: found.version,
    path: relative(found.folder, file).split(sep).join('/'),
    sha256: sha256(readFileSync(file)),
    find: {
      ...(exported !== undefined && { export: exported }),
      ...(ordinal !== undefined && { ordinal }),
      ...(source !== undefined && { source }),
      ...(arity !== undefined && { arity }),
    },
  }
}

/** The nearest package.json above a file that has a name. */
function packageOf(file: string): { name: string; version: string; folder: string } | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const { name, version } = readPackage(folder) ?? {}
    if (typeof name === 'string' && name !== '') return { name, version: String(version ?? ''), folder }
    if (dirname(folder) === folder) return undefined
  }
}

/** Undefined: there is no package.json, or it is none. */
export function readPackage(folder: string): { name?: unknown; version?: unknown } | undefined {
  try {
    return Object(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
  } catch {
    return undefined
  }
}
