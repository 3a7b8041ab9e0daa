import { statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { LanewiseError } from '../../errors.ts'
import { assemblyCompiler } from '../../generated/assembly-compiler.ts'
import type { WasmCode } from '../code.ts'
import type { CompileAnswer, CompileRequest } from './compiler.ts'
import { blocksOf } from './entry.ts'
import { areSame, areUnchanged, type FileHashes } from './files.ts'
import { type AssemblyFunction, choose } from './signature.ts'
import { syntaxError } from './syntax-error.ts'

/** A function of a file, compiled. */
export interface CompiledAssembly {
  readonly function: AssemblyFunction
  readonly wasm: WasmCode
  readonly byteLength: number
}

/** What is known of a file as long as it, and all that it imports, have these texts. */
interface Known {
  readonly files: FileHashes
  readonly functions: readonly AssemblyFunction[]
  readonly compiled: Map<string, CompiledAssembly>
}

/** By path. */
const known = new Map<string, Known>()

/** What the process writes at most: a module of KiB, in base64, or what asc says of a file full of mistakes. */
const MOST_OUTPUT_BYTES = 256 << 20

/**
 * Compiles the function `wanted` of the file, or the only one that it exports; what was compiled before and has not changed is kept.
 *
 * Errors: KernelSyntaxError with what asc says; LanewiseError (`ERR_LANEWISE_ASSEMBLY`) for a file or a function that is not there or no kernel,
 *         and (`ERR_LANEWISE_NO_COMPILER`) where asc is not.
 */
export function compileAssembly(path: string, wanted: string | undefined): CompiledAssembly {
  const before = known.get(path)
  if (before !== undefined && areUnchanged(before.files)) {
    const compiled = before.compiled.get(chosen(before.functions, wanted, path).name)
    if (compiled !== undefined) return compiled
  }
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    throw refusal(path, 'there is no such file; check its path')
  }
  const { errors, functions, made, files } = run(path, {
    compiler: pathToFileURL(findCompiler(path)).href,
    folder: dirname(path),
    file: basename(path, '.ts'),
    wanted,
  })
  if (errors !== '') throw syntaxError(errors, path)
  const isKnown = before !== undefined && areSame(before.files, files)
  const now: Known = { files, functions, compiled: isKnown ? before.compiled : new Map() }
  known.set(path, now)
  const compiled = compiledOf(chosen(functions, wanted, path), made as NonNullable<typeof made>, path)
  now.compiled.set(compiled.function.name, compiled)
  return compiled
}

function chosen(functions: readonly AssemblyFunction[], wanted: string | undefined, path: string): AssemblyFunction {
  const found = choose(functions, wanted)
  if (typeof found === 'string') throw refusal(path, found)
  return found
}

function compiledOf(
  fn: AssemblyFunction,
  { bytes, pages }: NonNullable<CompileAnswer['made']>,
  path: string,
): CompiledAssembly {
  const binary = Buffer.from(bytes, 'base64')
  const module = new WebAssembly.Module(binary)
  refuseImports(module, fn, path)
  return {
    function: fn,
    wasm: { module, layout: { ...blocksOf(fn.parameters.length), pages } },
    byteLength: binary.length,
  }
}

/** The memory is all that a kernel gets. */
function refuseImports(module: WebAssembly.Module, { name }: AssemblyFunction, path: string): void {
  const imports = WebAssembly.Module.imports(module).map((each) => `${each.module}.${each.name}`)
  const other = imports.find((each) => each !== 'env.memory')
  if (other === undefined) return
  const wayOut = 'a kernel gets nothing from outside, so compute it, or take it as a parameter'
  throw refusal(path, `${name} needs ${other}; ${wayOut}`)
}

function refusal(path: string, what: string, options?: ErrorOptions): LanewiseError {
  return new LanewiseError(`${path}: ${what}`, { code: 'ERR_LANEWISE_ASSEMBLY', ...options })
}

/** asc, as the file would find it, else as we do. Errors: LanewiseError where it is not installed. */
function findCompiler(path: string): string {
  // Asked for, not imported: webpack puts a `createRequire` of its own in place of the imported one.
  const { createRequire } = process.getBuiltinModule('node:module')
  for (const place of [path, import.meta.url]) {
    try {
      return createRequire(place).resolve('assemblyscript/dist/asc.js')
    } catch {
      // Not from there.
    }
  }
  throw new LanewiseError(
    `${path} needs AssemblyScript's own compiler, which is not installed; run npm install --save-dev assemblyscript`,
    { code: 'ERR_LANEWISE_NO_COMPILER' },
  )
}

/** Has asc run in a process of its own, and waits. */
function run(path: string, request: CompileRequest): CompileAnswer {
  const { execFileSync } = process.getBuiltinModule('node:child_process')
  try {
    const answer = execFileSync(process.execPath, ['--input-type=module', '-', JSON.stringify(request)], {
      input: assemblyCompiler,
      cwd: request.folder,
      encoding: 'utf8',
      stdio: 'pipe', // what it writes to its standard error is in the error
      maxBuffer: MOST_OUTPUT_BYTES,
      windowsHide: true,
    })
    return JSON.parse(answer) as CompileAnswer
  } catch (cause) {
    throw refusal(path, 'asc failed; its own words are in cause', { cause })
  }
}
