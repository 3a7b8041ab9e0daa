import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { optional, readOptions } from '../checks.ts'
import { show } from '../show.ts'
import { type CompiledAssembly, compileAssembly } from './assembly/compile.ts'
import { callOf } from './call.ts'
import type { KernelCode } from './code.ts'
import { type Kernel, kernelName, kernelOf, type NumericFunction } from './kernel.ts'

export interface AssemblyKernelOptions {
  /** Which exported function it is. Default: the only one. */
  readonly export?: string | undefined
  /** What errors and `explain()` call it. Default: the function's own name. */
  readonly name?: string | undefined
}

/** Nobody knows what a row of it costs; so much has maps take the wasm engine, on workers. */
const ROW_NS = 50

/**
 * Compiles a function of a file in AssemblyScript for the `wasm` engine, by AssemblyScript's own compiler: a kernel like those of `kernel`, for code
 * that is already written, or that wants vectors, memory or integers of its own.
 *
 * `url`: `new URL('./file.ts', import.meta.url)`, or a path. The function takes and gives f64, f32, i32, u32 or bool; numbers become them as JavaScript
 * converts (Math.fround, `x | 0`, `x >>> 0`, Boolean), and its result is a number. It sees nothing from outside but its memory, which each worker has of
 * its own. It runs row by row, on the `js` engine too. What traps, as a throw or an access out of bounds does, fails the call or the map.
 * Errors: KernelSyntaxError with asc's own words, line and column; LanewiseError for a file or a function that is not there or takes anything else,
 *         and where the package `assemblyscript` is not installed; TypeError for options.
 * Cost:   seconds, for the compiler, in a process of its own while the caller waits; nothing for what was compiled before and has not changed.
 */
export function assemblyKernel<F extends NumericFunction = (...args: number[]) => number>(
  url: string | URL,
  options?: AssemblyKernelOptions,
): Kernel<F> {
  const checks = { export: optional(kernelName, undefined), name: optional(kernelName, undefined) }
  const { export: wanted, name } = readOptions<{ export: string | undefined; name: string | undefined }>(
    options,
    checks,
    'assemblyKernel',
  )
  const path = pathOf(url)
  const compiled = compileAssembly(path, wanted)
  const parts = { code: codeOf(compiled, name), uniforms: new Float64Array(), tables: [] }
  const call = callOf({ parts })
  const fn = (...args: Parameters<F>): number => call(args)
  Object.defineProperties(fn, {
    name: { value: parts.code.name, configurable: true },
    length: { value: parts.code.inputs.length, configurable: true },
  })
  return kernelOf(fn as F, { parts, booleans: new Set(), explain: () => explain(compiled, path) })
}

function pathOf(url: unknown): string {
  const isText = typeof url === 'string'
  if (!isText && !(url instanceof URL)) {
    throw new TypeError(`url must be a file's URL or path, got ${show(url)}; use new URL('./file.ts', import.meta.url)`)
  }
  const isPath = isText && !/^[a-z][a-z\d+.-]+:/i.test(url) // a drive has one letter
  if (!isPath && new URL(url).protocol !== 'file:') {
    throw new TypeError(`url must be a file's, got ${show(String(url))}; asc reads files alone`)
  }
  const path = isPath ? resolve(url) : fileURLToPath(url)
  if (path.endsWith('.ts')) return path
  throw new TypeError(`url must be of a file in AssemblyScript, which ends in .ts, got ${show(path)}; rename it`)
}

function codeOf({ function: { name, parameters }, wasm }: CompiledAssembly, given: string | undefined): KernelCode {
  return {
    name: given ?? name,
    inputs: parameters.map(({ name }) => ({ name })),
    uniforms: [],
    tables: [],
    isBounded: false,
    rowNs: ROW_NS,
    whyPlain: undefined,
    js: undefined,
    wasm,
    native: undefined,
    portable: undefined,
  }
}

function explain({ function: { name, parameters, result }, byteLength }: CompiledAssembly, path: string): string {
  const takes = parameters.map(({ name, type }) => `${name}: ${type}`)
  return `source
  ${path}
  ${name}(${takes.join(', ')}): ${result}

engines
  js      the module's function, row by row
  wasm    ${byteLength.toLocaleString('en')} bytes, row by row
  native  no machine code for it
`
}
