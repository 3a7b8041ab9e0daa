import { isPlainObject, optional, readOptions } from '../checks.ts'
import { isNumberArray, type NumberArray } from '../inputs/number-array.ts'
import { describeMachineCode } from '../native/machine-code.ts'
import { show } from '../show.ts'
import { callOf } from './call.ts'
import type { KernelCode } from './code.ts'
import { type CompiledKernel, compileKernel, type GivenCaptures } from './compiler.ts'
import { type KernelParts, kernelCapture, setCompiledKernel } from './parts.ts'

/** A function over numbers; a truth value it gives is 0 or 1. */
export type NumericFunction = (...args: never[]) => number | boolean

type GivenRecord = Readonly<Record<string, number | boolean | NumberArray | NumericFunction>>

export interface KernelOptions {
  /**
   * What names from outside stand for: numbers and truth values, taken now; typed arrays that the kernel reads, as they are at each call; functions
   * that it calls, kernels among them. A function that gives such an object, `() => ({ gain })`, is called once; minifiers rename variables in it as they do in
   * the kernel, so it is for programs that are minified.
   */
  readonly with?: GivenRecord | (() => GivenRecord) | undefined
  /** What errors and `explain()` call it. Default: the function's own name, or 'kernel'. */
  readonly name?: string | undefined
}

/** What `with` of a kernel may change. */
export type KernelCaptures = Readonly<Record<string, number | boolean | NumberArray>>

/** A numeric function, compiled: it can be called, and mapped over arrays by any engine. */
export interface Kernel<F extends NumericFunction = (...args: number[]) => number> {
  /** The very bits that a map gives. Errors: TypeError for an argument that is neither number nor truth value. */
  (...args: Parameters<F>): number
  readonly name: string
  /** The function that it was made of. */
  readonly fn: F
  /**
   * The same code with other captures.
   *
   * Errors: TypeError for a name that the kernel does not capture, and for a value of another kind than it had.
   */
  with(captures: KernelCaptures): Kernel<F>
  /** Says for people what became of the function: its source, the IR, what each engine makes of it, what a row costs, and why it is not quicker. */
  explain(): string
}

/**
 * Compiles a self-contained function over numbers, once, for every engine: vector code in worker threads, plain JavaScript, and its own plain call. All
 * give the same bits.
 *
 * Errors:   KernelSyntaxError for what is not in the language, with line, column, the rule and a way out; TypeError for options.
 * Accuracy: that of the function as it is written, operation by operation; functions of Math are lanewise's own, below 1 ULP.
 * Cost:     about a millisecond, the first one some more.
 *
 *     const area = kernel((r: number) => Math.PI * r ** 2)
 *     area(1) // → 3.141592653589793
 *     await pool.map(area, [0, 1, 2]) // → Float64Array(3) [ 0, 3.141592653589793, 12.566370614359172 ]
 */
export function kernel<F extends NumericFunction>(fn: F, options?: KernelOptions): Kernel<F> {
  if (typeof fn !== 'function')
    throw new TypeError(`kernel takes a function over numbers, got ${show(fn)}; give it one`)
  const checks = { with: optional(givenCaptures, { values: {} }), name: optional(kernelName, nameOf(fn)) }
  const { with: captures, name } = readOptions<{ with: GivenCaptures; name: string | undefined }>(
    options,
    checks,
    'kernel',
  )
  return kernelOf(fn, compileKernel(sourceOf(fn), name, captures))
}

function givenCaptures(value: unknown, name: string): GivenCaptures {
  const isFunction = typeof value === 'function'
  const record = captureRecord(isFunction ? value() : value, isFunction ? `${name}()` : name)
  return {
    values: Object.fromEntries(Object.entries(record).map(([key, each]) => [key, kernelCapture(each)])),
    source: isFunction ? sourceOf(value as () => unknown) : undefined,
  }
}

function sourceOf(fn: (...args: never[]) => unknown): string {
  return Function.prototype.toString.call(fn)
}

/** Makes the callable of compiled code. Given its `name`, it asks for nothing of that before it is used. */
export function kernelOf<F extends NumericFunction>(
  fn: F,
  compiled: CompiledKernel,
  name: string = compiled.parts.code.name,
): Kernel<F> {
  const call = callOf(compiled)
  const made = (...args: unknown[]): number => call(args)
  Object.defineProperties(made, {
    name: { value: name, configurable: true },
    length: { value: fn.length, configurable: true },
  })
  const callable = Object.assign(made, {
    fn,
    explain: () => compiled.explain(describeMachineCode(compiled.parts.code)),
    with: (captures: KernelCaptures) => kernelOf(fn, { ...compiled, parts: captured(compiled, captures) }, name),
  })
  setCompiledKernel(callable, compiled)
  return callable
}

function captured({ parts, booleans }: CompiledKernel, captures: KernelCaptures): KernelParts {
  const { code } = parts
  const [uniforms, tables] = [parts.uniforms.slice(), [...parts.tables]]
  for (const [name, value] of Object.entries(captureRecord(captures, 'with'))) {
    const uniform = code.uniforms.indexOf(name)
    const table = code.tables.indexOf(name)
    if (uniform !== -1) {
      const kind = booleans.has(name) ? 'boolean' : 'number'
      if (typeof value !== kind) throw otherKind(code, name, `a ${kind}`, value)
      uniforms[uniform] = Number(value)
    } else if (table !== -1) {
      if (!isNumberArray(value)) throw otherKind(code, name, 'a typed array', value)
      tables[table] = value
    } else {
      const names = [...code.uniforms, ...code.tables]
      throw new TypeError(`${code.name} captures no ${name}; it captures ${names.join(', ') || 'nothing'}`)
    }
  }
  return { code, uniforms, tables }
}

function otherKind(code: KernelCode, name: string, kind: string, value: unknown): TypeError {
  return new TypeError(`${code.name} captures ${kind} for ${name}, got ${show(value)}; give it one, or compile it anew`)
}

function captureRecord(value: unknown, name: string): Record<string, unknown> {
  if (isPlainObject(value)) return value
  throw new TypeError(`${name} must be a plain object of what names stand for, got ${show(value)}; use { name: value }`)
}

/** Checks an option that names something. */
export function kernelName(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw new TypeError(`${name} must be a text, got ${show(value)}; leave it out`)
}

/** The function's own name, if it has one. */
function nameOf(fn: NumericFunction): string | undefined {
  const name: unknown = Object.getOwnPropertyDescriptor(fn, 'name')?.value
  return typeof name === 'string' && name !== '' ? name : undefined
}
