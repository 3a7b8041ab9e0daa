import { nearest } from '../../nearest.ts'

/** A function that a file in AssemblyScript exports. Types are AssemblyScript's. */
export interface AssemblyFunction {
  readonly name: string
  readonly parameters: readonly { readonly name: string; readonly type: string }[]
  readonly result: string
}

/** What parameters and results of a kernel may be. */
const NUMBERS = ['f64', 'f32', 'i32', 'u32', 'bool'] as const
export type NumberType = (typeof NUMBERS)[number]

const FUNCTION = /\/\*\*\n((?: +\*.*\n)+?) +\*\/\n +export function ([A-Za-z_$][\w$]*)\(/g

/**
 * The functions that a module exports, as the declarations say that asc writes for it (`--bindings`): the comment of each names parameters and their
 * types.
 */
export function readSignatures(declarations: string): AssemblyFunction[] {
  return Array.from(declarations.matchAll(FUNCTION), ([, comment = '', name = '']) => ({
    name,
    parameters: Array.from(comment.matchAll(/@param (\S+) `(.*)`/g), ([, name = '', type = '']) => ({ name, type })),
    result: /@returns `(.*)`/.exec(comment)?.[1] ?? 'void',
  }))
}

/** The function that a kernel is made of: the one of that name, or the only one. Else what is wrong, and what to do, in a sentence. */
export function choose(functions: readonly AssemblyFunction[], wanted: string | undefined): AssemblyFunction | string {
  const names = functions.map(({ name }) => name)
  if (functions.length === 0) return 'it exports no function; write export in front of the one that is meant'
  if (wanted === undefined && functions.length > 1) {
    return `it exports ${names.join(', ')}; say which: { export: '${names[0]}' }`
  }
  const chosen = wanted === undefined ? functions[0] : functions.find(({ name }) => name === wanted)
  if (chosen === undefined) {
    const near = nearest(wanted ?? '', names)
    return `it exports no function ${wanted}; ${near === undefined ? `it exports ${names.join(', ')}` : `did you mean ${near}?`}`
  }
  const [other] = [
    ...chosen.parameters.map(({ name, type }) => ({ what: `takes ${type} for ${name}`, type })),
    { what: `gives ${chosen.result}`, type: chosen.result },
  ].filter(({ type }) => !NUMBERS.some((number) => number === type))
  return other === undefined ? chosen : `${chosen.name} ${other.what}; a kernel takes and gives ${listOf(NUMBERS)}`
}

function listOf(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
