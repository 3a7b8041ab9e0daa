import { invariant } from '../invariant.ts'
import { captureNames } from './front/capture-names.ts'
import { type Capture, compileSource } from './front/check.ts'
import type { Program } from './ir/ir.ts'
import { library } from './library.ts'
import { optimise } from './optimise/optimise.ts'
import { boundRounds } from './optimise/rounds.ts'
import { schedule } from './optimise/schedule.ts'
import type { KernelParts } from './parts.ts'
import { codeOf } from './program-code.ts'
import { explain } from './vectors.ts'

/** A kernel's code, with what it captured first. */
export interface CompiledKernel {
  /** What takes its place in a kernel that calls it; undefined: of a module that is not ours. */
  readonly program?: Program | undefined
  readonly parts: KernelParts
  /** Its uniforms that stand for truth values. */
  readonly booleans: ReadonlySet<string>
  /** `native`: what became of it as machine code. The compiler itself knows of no addon: it is loaded as a text. */
  readonly explain: (native: string) => string
}

/** What `with` gives a kernel. */
export interface GivenCaptures {
  /** By their names; kernels among them as `kernelCapture` has them. */
  readonly values: Readonly<Record<string, unknown>>
  /** Of the function that gave them: it has the names that they have inside the kernel. */
  readonly source?: string | undefined
}

/** Compiles the text of a function, as `kernel` does. */
export function compileKernel(source: string, name: string | undefined, captures: GivenCaptures): CompiledKernel {
  const inside = captures.source === undefined ? new Map<string, string>() : captureNames(captures.source)
  const values = Object.entries(captures.values).map(([key, value]) => [inside.get(key) ?? key, value])
  const options = { name, with: Object.fromEntries(values) as Readonly<Record<string, Capture>>, library }
  const { program, uniforms, tables } = compileSource(source, options)
  const outside = new Map(Array.from(inside, ([key, name]) => [name, key]))
  const optimised = schedule(boundRounds(optimise(named(program, outside))))
  const calling = () => optimise(compileSource(source, { ...options, isCalling: true }).program)
  const code = codeOf(optimised, { written: program, calling })
  return {
    program: optimised,
    parts: {
      code,
      uniforms: Float64Array.from(uniforms, ({ value }) => value),
      tables: tables.map(({ table }) => table),
    },
    booleans: new Set(uniforms.flatMap(({ isBoolean }, i) => (isBoolean ? [optimised.uniforms[i] as string] : []))),
    explain: (native) => explain({ source, program: optimised, code, native }),
  }
}

/** The program with its captures under other names; those of a kernel `f` are called `f.name`. */
function named(program: Program, names: ReadonlyMap<string, string>): Program {
  const rename = (name: string) => name.replace(/^[^.]+/, (first) => names.get(first) ?? first)
  return { ...program, uniforms: program.uniforms.map(rename), tables: program.tables.map(rename) }
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
    explain: (native) => explain({ source, program, code, native }),
  }
}
