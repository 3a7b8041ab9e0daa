import { FunctionError } from '../errors.ts'
import { hostGlobals } from './globals.ts'
import { findPlace, type Place } from './inspect.ts'
import { type AnyFunction, nameOf } from './ref.ts'
import { SURE_WAYS } from './ways.ts'

const RULE = 'a function sent to a worker must be self-contained or exported from a module'
const WAYS_OUT = `export the function from a module or mark it with task(import.meta, fn), which a bundle may lose, ${SURE_WAYS}`

/** Refuses `fn` for what it is: 'a bound function', 'a generator function'. `instead` is the first way out, a phrase. */
export function refuseKind(fn: AnyFunction, what: string, instead: string): FunctionError {
  return new FunctionError(`${RULE}, got ${describe(fn, findPlace(fn))}, ${what}; ${instead}, then ${WAYS_OUT}`)
}

/** Refuses `fn` for what it takes from around it, or, with none, because its source says nothing; `place` and `why`, if known. */
export function refuseCaptures(
  fn: AnyFunction,
  captures: readonly string[],
  place: Place | undefined,
  why: string,
): FunctionError {
  const uses = captures.length === 0 ? '' : `, which uses ${listOf(captures)} from outside`
  const hints = [...new Set(captures.flatMap(explain))].map((hint) => ` (${hint})`).join('')
  const argument = captures.length === 0 ? '' : 'pass what it uses as an argument or with repeat(), '
  return new FunctionError(`${RULE}, got ${describe(fn, place)}${uses}${hints}, and ${why}; ${argument}${WAYS_OUT}`)
}

function describe(fn: AnyFunction, place: Place | undefined): string {
  const name = nameOf(fn) || 'a function without a name'
  if (place === undefined || place.url === '') return name
  return `${name} (${place.url.slice(0, 200)}:${place.line}:${place.column})`
}

/** Names that surprise: where they come from and what to do about them. */
function explain(name: string): string[] {
  if (/^__vi(?:te_ssr)?_import_\d+__$/.test(name)) return [`${name} is an import, as vitest rewrites it`]
  if (name === '__vite_ssr_import_meta__') return ['that is import.meta, as vitest rewrites it']
  if (/__WEBPACK_IMPORTED_MODULE_\d+__$/.test(name)) return [`${name} is an import, as webpack rewrites it`]
  if (COMPILER_HELPER.test(name)) return [`${name} is a compiler's helper: set its target to es2022 or later`]
  if (hostGlobals.has(name)) return [`${name} is not the global one here, but a variable or an import`]
  if (name === 'require') return ["a worker has none; write await import('node:…') or process.getBuiltinModule(…)"]
  if (name === 'this') return ['a worker calls it with no `this`']
  return []
}

/** TypeScript's and esbuild's begin with two underscores; Babel's and swc's with one. */
const COMPILER_HELPER =
  /^(?:__(?!vi)[a-z]\w*|tslib(?:_\d+)?|_(?:async_?to_?generator|(?:object_?)?spread\w*|object_?without\w*|extends|define_?property|class_?call_?check|create_?class|sliced_?to_?array|to_?consumable_?array|regenerator\w*|await_?async\w*|wrap_?async\w*|instanceof|type_?of|ts_\w+))$/i

function listOf(names: readonly string[]): string {
  if (names.length === 1) return String(names[0])
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
