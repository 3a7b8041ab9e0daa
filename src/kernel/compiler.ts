import type { NumberArray } from '../inputs/number-array.ts'
import { invariant } from '../invariant.ts'
import { type Capture, type Compiled, compileSource } from './check.ts'
import { explain } from './explain.ts'
import type { Program } from './ir.ts'
import { library } from './library.ts'
import { optimise } from './optimise.ts'
import { compiledKernel, type KernelParts } from './parts.ts'
import { codeOf } from './program-code.ts'

/** A kernel's code, with what it captured first. */
export interface CompiledKernel {
  readonly program: Program
  readonly parts: KernelParts
  /** Its uniforms that stand for truth values. */
  readonly booleans: ReadonlySet<string>
  readonly explain: () => string
}

/** Compiles the text of a function, as `kernel` does; `native`: its name in the addon. */
export function compileKernel(
  source: string,
  name: string | undefined,
  captures: Readonly<Record<string, unknown>>,
  native?: string,
): CompiledKernel {
  const given = Object.entries(captures).map(([key, value]) => [key, captureOf(value)] as const)
  const { program, uniforms, tables } = compileSource(source, { name, with: Object.fromEntries(given), library })
  const optimised = optimise(program)
  const code = codeOf(optimised, native)
  return {
    program: optimised,
    parts: {
      code,
      uniforms: Float64Array.from(uniforms, ({ value }) => value),
      tables: tables.map(({ table }) => table as NumberArray),
    },
    booleans: new Set(uniforms.flatMap(({ name, isBoolean }) => (isBoolean ? [name] : []))),
    explain: () => explain({ source, program: optimised, code }),
  }
}

/** A function of the library as a kernel of its own; `source`: what explain() shows for it. */
export function libraryKernel(name: string, source: string): CompiledKernel {
  const program = library.get(name)
  invariant(program !== undefined, `the library has ${name}`)
  const code = codeOf(program)
  return {
    program,
    parts: { code, uniforms: new Float64Array(), tables: [] },
    booleans: new Set(),
    explain: () => explain({ source, program, code }),
  }
}

/** A kernel's program takes the kernel's place, with what it captures now. What else there is, `compileSource` checks. */
function captureOf(value: unknown): Capture {
  const kernel = compiledKernel(value)
  if (!kernel) return value as Capture
  const { program, parts, booleans } = kernel
  const compiled: Compiled = {
    program,
    uniforms: program.uniforms.map((name, i) => {
      return { name, value: parts.uniforms[i] as number, isBoolean: booleans.has(name) }
    }),
    tables: program.tables.map((name, i) => ({ name, table: parts.tables[i] as NumberArray })),
  }
  return compiled
}
