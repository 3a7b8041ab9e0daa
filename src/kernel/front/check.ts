import { types } from 'node:util'
import { show } from '../../show.ts'
import type { Program, Variable } from '../ir/ir.ts'
import type { Placed } from './core.ts'
import { write } from './emit.ts'
import { checkFlow } from './flow.ts'
import { withinStack } from './frame.ts'
import { resolveKernel } from './functions.ts'
import { parseFunction } from './parse.ts'
import type { Helper, Outer, Session } from './scope.ts'

/** Arrays that a kernel may read: every kind but those of BigInt. */
export type Table = Exclude<NodeJS.TypedArray, BigInt64Array | BigUint64Array>

/** What a kernel's `with` may hold. A kernel that was compiled before is a helper, and brings its captures along. */
export type Capture = number | boolean | Table | Compiled | ((...args: never[]) => unknown)

export interface CompileOptions {
  /** What messages call the kernel. Default: the function's own name, or 'kernel'. */
  readonly name?: string | undefined
  /** What its names from outside stand for. */
  readonly with?: Readonly<Record<string, Capture>> | undefined
  /** Functions of Math that are no operations, by their names. */
  readonly library: ReadonlyMap<string, Program>
  /** It belongs to src/math: more operations, `cold` functions, and captured numbers are constants. */
  readonly isMath?: boolean
  /** Compiled functions, those of the library among them, are called as subroutines, not put in place: a shorter text, for js alone. Default false. */
  readonly isCalling?: boolean
}

export interface Compiled {
  readonly program: Program
  /** One for each of the program's uniforms: all numbers of `with`, in its order; those of a kernel `f` there as `f.name`. */
  readonly uniforms: readonly { readonly name: string; readonly value: number; readonly isBoolean: boolean }[]
  /** One for each of the program's tables: those of `with` that are read, and of each kernel that is called all. */
  readonly tables: readonly { readonly name: string; readonly table: Table }[]
}

/**
 * Compiles a function's text, as `Function.prototype.toString` gives it.
 *
 * What it computes is what the function does, bit for bit, functions of Math by their definition in `library`.
 * Errors: KernelSyntaxError for what is not in the language; TypeError for a value of `with` that no kernel can use.
 */
export function compileSource(source: string, options: CompileOptions): Compiled {
  const captures = new Captures(options)
  const text = parseFunction(source, options.name === undefined ? 'the kernel' : `kernel ${options.name}`)
  const name = options.name ?? text.node.id?.name ?? 'kernel'
  const program = compileFunction(
    { name, ...text },
    {
      library: options.library,
      isMath: options.isMath ?? false,
      isCalling: options.isCalling ?? false,
      outer: (name) => captures.outer(name),
      cold: new Map(),
      inlined: 0,
    },
  )
  const [uniforms, tables] = [captures.uniforms, captures.tables]
  const names = { uniforms: uniforms.map((each) => each.name), tables: tables.map((each) => each.name) }
  return { program: { ...program, ...names }, uniforms, tables }
}

/** Compiles a function that was read; the program names no captures. Errors: KernelSyntaxError. */
export function compileFunction(kernel: Helper, session: Session): Program {
  return withinStack(kernel.source, () => {
    const { inputs, body, result } = resolveKernel(session, kernel)
    checkFlow(body)
    for (const each of session.cold.values()) checkFlow(each.body)
    const written = write(body, [result], session.isCalling)
    return {
      name: kernel.name,
      inputs,
      uniforms: [],
      tables: [],
      body: written.body,
      result: written.results[0] as Variable,
      subroutines: written.subroutines,
    }
  })
}

/** Gives names of `with` their meaning, and remembers what is read. */
class Captures {
  readonly uniforms: { name: string; value: number; isBoolean: boolean }[] = []
  readonly tables: { name: string; table: Table }[] = []
  readonly #outers = new Map<string, Outer>()
  /** Of each kernel in `with`: where its uniforms begin. */
  readonly #firstUniforms = new Map<string, number>()
  readonly #given: Readonly<Record<string, Capture>>

  constructor(options: CompileOptions) {
    this.#given = options.with ?? {}
    for (const [name, value] of Object.entries(this.#given)) {
      const outer = this.#read(name, value, options.isMath ?? false)
      if (outer) this.#outers.set(name, outer)
    }
  }

  outer(name: string): Outer | undefined {
    const known = this.#outers.get(name)
    if (known || !Object.hasOwn(this.#given, name)) return known
    const outer = this.#meet(name, this.#given[name] as Table | Compiled)
    this.#outers.set(name, outer)
    return outer
  }

  /** Undefined: its tables are known once it is read. */
  #read(name: string, value: Capture, isMath: boolean): Outer | undefined {
    switch (typeof value) {
      case 'number':
      case 'boolean':
        if (isMath) return { kind: 'number', value }
        this.uniforms.push({ name, value: Number(value), isBoolean: typeof value === 'boolean' })
        return { kind: 'uniform', index: this.uniforms.length - 1, isBoolean: typeof value === 'boolean' }
      case 'function': {
        let helper: Helper | undefined
        return {
          kind: 'helper',
          helper: () => {
            helper ??= { name, ...parseFunction(Function.prototype.toString.call(value), `helper ${name}`) }
            return helper
          },
        }
      }
      default:
        if (isTable(value)) return undefined
        if (!isCompiled(value)) {
          const given = `got ${show(value)} for ${name}; ${wayOut(name, value)}`
          throw new TypeError(`a kernel captures numbers, typed arrays and functions, ${given}`)
        }
        this.#firstUniforms.set(name, this.uniforms.length)
        this.uniforms.push(...value.uniforms.map((each) => ({ ...each, name: `${name}.${each.name}` })))
        return undefined
    }
  }

  #meet(name: string, value: Table | Compiled): Outer {
    const first = this.tables.length
    if (!isCompiled(value)) {
      this.tables.push({ name, table: value })
      return { kind: 'table', index: first }
    }
    const { program, uniforms, tables } = value
    const firstUniform = this.#firstUniforms.get(name) as number
    this.tables.push(...tables.map((each) => ({ ...each, name: `${name}.${each.name}` })))
    const placed: Placed = {
      program,
      uniforms: uniforms.map((_, i) => firstUniform + i),
      tables: tables.map((_, i) => first + i),
    }
    return { kind: 'program', program: placed }
  }
}

function isCompiled(value: unknown): value is Compiled {
  return typeof value === 'object' && value !== null && 'program' in value && 'uniforms' in value
}

/** What to give instead. */
function wayOut(name: string, value: unknown): string {
  if (value instanceof BigInt64Array || value instanceof BigUint64Array) {
    return `make numbers of it: Float64Array.from(${name}, Number)`
  }
  if (Array.isArray(value)) return `make a typed array of it: Float64Array.from(${name})`
  const isMemory = ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)
  return isMemory ? 'give a typed array that lies on it' : 'convert it first'
}

function isTable(value: unknown): value is Table {
  return (
    ArrayBuffer.isView(value) &&
    !(value instanceof DataView || value instanceof BigInt64Array || value instanceof BigUint64Array)
  )
}
