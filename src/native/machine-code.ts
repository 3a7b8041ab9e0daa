import { show } from '../show.ts'
import { loadNative, type MachineCode, type NativeBinding } from './load.ts'

/** Machine code, and the addon that runs it. */
export interface NativeCode {
  readonly binding: NativeBinding
  readonly code: MachineCode
}

/** Why a kernel has no machine code here. */
export interface NoNativeCode {
  /** There is no addon, which is no fault: the other engines serve. */
  readonly isMissing: boolean
  readonly error: Error
}

/** What machine code is made of: a kernel prints its form for several lanes as bytes. */
export interface Printed {
  readonly native: (() => Uint8Array) | undefined
}

/** Instructions that code can be made for, by the name that LANEWISE_ISA takes. */
const ISAS = ['avx2', 'avx512']

/** By kernel, then by instructions. The addon frees code that no kernel has any more. */
const codes = new WeakMap<Printed, Map<string, NativeCode | NoNativeCode>>()

/**
 * The machine code of a kernel: compiled when it is first asked for.
 *
 * `LANEWISE_ISA` overrides for which instructions.
 * Errors: RangeError for a LANEWISE_ISA that is none.
 */
export function machineCodeOf(kernel: Printed): NativeCode | NoNativeCode {
  const load = loadNative()
  if ('errors' in load) return { isMissing: true, error: oneOf(load.errors) }
  const { binding } = load
  const isa = usedIsa(binding)
  if (isa instanceof Error) return refused(isa)
  const made = codes.get(kernel) ?? new Map<string, NativeCode | NoNativeCode>()
  codes.set(kernel, made)
  const code = made.get(isa) ?? compiled(binding, kernel, isa)
  made.set(isa, code)
  return code
}

/** What became of a kernel as machine code, in a line. */
export function describeMachineCode(kernel: Printed): string {
  const made = machineCodeOf(kernel)
  if (!('code' in made)) return made.isMissing ? 'the addon is not here' : `no machine code: ${made.error.message}`
  const { isa, lanes, vectors, spills, codeBytes } = made.code.shape
  const flight = vectors === 1 ? 'one vector' : `${vectors} vectors`
  const size = lanes === 4 ? 'four' : lanes === 8 ? 'eight' : `${lanes}`
  const spilled = spills === 1 ? '1 spill' : `${spills.toLocaleString('en')} spills`
  return `${codeBytes.toLocaleString('en')} bytes for ${isa}: ${flight} of ${size} doubles in flight, ${spilled}`
}

function compiled(binding: NativeBinding, kernel: Printed, isa: string): NativeCode | NoNativeCode {
  const { native: print } = kernel
  if (print === undefined) return refused(new Error('it is no program of lanewise'))
  try {
    return { binding, code: binding.compile(print(), isa) }
  } catch (error) {
    return refused(error instanceof Error ? error : new Error(show(error)))
  }
}

function refused(error: Error): NoNativeCode {
  return { isMissing: false, error }
}

function oneOf(errors: readonly Error[]): Error {
  const [first] = errors
  return errors.length === 1 && first !== undefined ? first : new AggregateError(errors, 'no addon could be loaded')
}

/**
 * The instructions that machine code is made for here: the widest, unless LANEWISE_ISA names others. An error: there are none.
 *
 * Errors: RangeError for a LANEWISE_ISA that is none.
 */
export function usedIsa(binding: NativeBinding): string | Error {
  const isas = isasOf(binding)
  const asked = process.env.LANEWISE_ISA
  if (asked !== undefined && asked !== '' && !ISAS.includes(asked)) {
    throw new RangeError(`LANEWISE_ISA must be ${ISAS.join(' or ')}, got ${asked}; set or unset it`)
  }
  const [widest] = isas
  if (widest === undefined) return new Error(WITHOUT_VECTORS)
  if (!asked) return widest
  return isas.includes(asked)
    ? asked
    : new Error(`LANEWISE_ISA is ${asked}, and this processor has ${isas.join(', ')}; unset it`)
}

const WITHOUT_VECTORS =
  process.arch === 'x64'
    ? 'this processor has no AVX2, which machine code needs'
    : `there is no machine code for ${process.arch} yet`

let known: { readonly binding: NativeBinding; readonly isas: readonly string[] } | undefined

/** Instructions of this processor that machine code can be made for, the widest first. */
export function isasOf(binding: NativeBinding): readonly string[] {
  if (known?.binding !== binding) known = { binding, isas: binding.isas() }
  return known.isas
}
