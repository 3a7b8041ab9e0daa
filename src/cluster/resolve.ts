import { type KeyObject, verify } from 'node:crypto'
import { readFileSync, realpathSync } from 'node:fs'
import { join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FunctionRef, ModuleRef } from '../functions/ref.ts'
import { isHarmless, type PortableModule, type PortableRef, readPackage, sha256, signedBytes } from './portable.ts'

/** What a host runs: nothing else. */
export interface Allowed {
  /** Where its copy of the program lies: the folder of a package. Undefined: it runs no modules. */
  readonly modules: string | undefined
  /** Packages of `modules`' node_modules that it runs too. */
  readonly packages: readonly string[]
  /** Whose sources it runs. */
  readonly keys: readonly KeyObject[]
}

/** Why a host does not run something; told to the submitter. */
export class Refusal extends Error {}

/**
 * Finds on this machine what a submitter named, and checks that it is the same.
 *
 * Errors: Refusal, with what the host has and what to do.
 */
export function resolveRef(ref: PortableRef, allowed: Allowed): FunctionRef {
  switch (ref.kind) {
    case 'builtin':
      if (isHarmless(ref)) return { ...ref, id: `builtin:${ref.path.join('.')}` }
      throw new Refusal(`it runs no ${ref.path.join('.')} by its name`)
    case 'source':
      if (allowed.keys.length === 0) throw new Refusal('it runs no sources; start it with --allow-source KEYS')
      if (!allowed.keys.some((key) => isSigned(ref.ref, ref.signature, key))) {
        throw new Refusal('the source is signed by no key that it lists; add the public key to its --allow-source file')
      }
      return { ...ref.ref, id: `source:${sha256(signedBytes(ref.ref))}` }
    case 'module':
      return resolveModule(ref, allowed)
    default:
      throw new Refusal(`it knows no function of kind ${String((ref as { kind: unknown }).kind)}; upgrade it`)
  }
}

function isSigned(ref: Parameters<typeof signedBytes>[0], signature: Uint8Array, key: KeyObject): boolean {
  try {
    return verify(null, signedBytes(ref), key, signature)
  } catch {
    return false
  }
}

function resolveModule(ref: PortableModule, { modules, packages }: Allowed): ModuleRef {
  const { package: name, version, path, sha256: wanted, find } = ref
  if (modules === undefined) throw new Refusal('it runs no modules; start it with --modules FOLDER')
  const folder = folderOf(name, modules, packages)
  const found = String(readPackage(folder)?.version ?? '')
  if (found !== version)
    throw new Refusal(`it has ${name} ${found}, the submitter ${version}; install the same on both`)
  const file = inside(folder, path)
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch {
    throw new Refusal(`its ${name} ${version} has no ${path}; install the same on both`)
  }
  const here = sha256(bytes)
  if (here !== wanted) {
    throw new Refusal(
      `ModuleMismatch: its ${path} of ${name} ${version} has SHA-256 ${here.slice(0, 12)}…, the submitter's ${wanted.slice(0, 12)}…; install the same on both`,
    )
  }
  const loaded = loadedHashes.get(file) ?? here
  if (loaded !== here)
    throw new Refusal(`ModuleMismatch: its ${path} of ${name} has changed since it was loaded; restart it`)
  loadedHashes.set(file, here)
  const { href } = pathToFileURL(file)
  const place = find.ordinal === undefined ? `export ${find.export ?? ''}` : `task ${find.ordinal}`
  return { kind: 'module', id: `${href}#${place}:${here}:${find.source ?? ''}`, name: ref.name, url: href, ...find }
}

/** By file, of modules that workers may have imported, which they do once. */
const loadedHashes = new Map<string, string>()

/** Where the package lies here. */
function folderOf(name: string, modules: string, packages: readonly string[]): string {
  if (readPackage(modules)?.name === name) return modules
  if (!/^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*$/.test(name)) throw new Refusal(`${JSON.stringify(name)} names no package`)
  if (!packages.includes(name)) {
    throw new Refusal(`its --modules folder is not ${name}; add --allow ${name} if it stands in node_modules there`)
  }
  const folder = join(modules, 'node_modules', name)
  if (readPackage(folder)?.name !== name)
    throw new Refusal(`there is no ${name} in node_modules of its --modules folder; install it`)
  return folder
}

/** The file of a path that stays in its folder, whatever links are on the way. */
function inside(folder: string, path: string): string {
  const isPlain =
    typeof path === 'string' &&
    path !== '' &&
    !path.includes('\0') &&
    !path.split('/').some((step) => step === '..' || step === '')
  if (!isPlain) throw new Refusal(`${JSON.stringify(path)} is no path inside a package`)
  const file = join(folder, ...path.split('/'))
  let real: string
  try {
    real = realpathSync(file)
  } catch {
    throw new Refusal(`its package has no ${path}; install the same on both`)
  }
  if (!real.startsWith(realpathSync(folder) + sep)) throw new Refusal(`${path} leads out of its package`)
  return real
}
