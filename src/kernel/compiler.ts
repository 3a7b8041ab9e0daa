import type { NumberArray } from '../inputs/number-array.ts'
import { invariant } from '../invariant.ts'
import { type Capture, compileSource } from './check.ts'
import { explain } from './explain.ts'
import type { Program } from './ir.ts'
import { library } from './library.ts'
import { optimise } from './optimise.ts'
import type { KernelParts } from './parts.ts'
import { codeOf } from './program-code.ts'
import { schedule } from './schedule.ts'

/** A kernel's code, with what it captured first. */
export interface CompiledKernel {
  /** What takes its place in a kernel that calls it; undefined: of a module that is not ours. */
  readonly program?: Program
  readonly parts: KernelParts
  /** Its uniforms that stand for truth values. */
  readonly booleans: ReadonlySet<string>
  readonly explain: () => string
}

/** Compiles the text of a function, as `kernel` does; kernels in `captures` are given as `kernelCapture` has them. `native`: its name in the addon. */
export function compileKernel(
  source: string,
  name: string | undefined,
  captures: Readonly<Record<string, unknown>>,
  native?: string,
): CompiledKernel {
  const { program, uniforms, tables } = compileSource(source, {
    name,
    with: captures as Readonly<Record<string, Capture>>,
    library,
  })
  const optimised = schedule(optimise(program))
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
