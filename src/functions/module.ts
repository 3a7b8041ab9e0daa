import { findStanding, type Standing } from './exported.ts'
import type { Place } from './inspect.ts'
import { type AnyFunction, arityOf, type ModuleRef, nameOf, sourceOf } from './ref.ts'
import type { Mark } from './task.ts'

/** A function marked by `task`, or a handle of `tasks`. */
export function refOfMark(fn: AnyFunction, mark: Exclude<Mark, { lost: true }>): ModuleRef {
  const name = nameOf(fn)
  const { url } = mark
  if ('export' in mark) return { kind: 'module', id: `module:${url}#${mark.export}`, name, url, export: mark.export }
  const source = sourceOf(fn)
  const id = `task:${url}#${mark.ordinal}:${source}`
  return { kind: 'module', id, name, url, ordinal: mark.ordinal, source, arity: arityOf(fn) }
}

/** The export that a function standing at `place` is, or, as a phrase, why no worker could find it by importing its module. */
export function refOfPlace(fn: AnyFunction, place: Place): ModuleRef | string {
  const { url } = place
  if (!/^(?:file|data):/.test(url)) {
    return url === ''
      ? 'was made from a string, so no module exports it'
      : `stands in ${url}, which no worker can import`
  }
  const standing = findStanding(place.text, place.offset, nameOf(fn))
  if (standing.is === 'nested')
    return 'is made inside another function, or wrapped in one by a bundler, so no module exports it'
  if (standing.is === 'private') return 'is not exported from its module'
  const source = sourceOf(fn)
  const name = nameOf(fn)
  return { kind: 'module', id: `export:${url}#${name}:${source}`, name, url, source, ...lookup(fn, standing) }
}

/** Where to look first, and whether a right name and length are enough there. */
function lookup(fn: AnyFunction, standing: Standing): Pick<ModuleRef, 'export' | 'arity'> {
  const name = nameOf(fn)
  const arity = arityOf(fn)
  if (standing.is === 'exported') return { export: standing.name, ...(standing.itself ? { arity } : {}) }
  if (name === '') return {}
  return { export: name === VITE_DEFAULT ? 'default' : name, arity }
}

/** What vite calls a default export that has no name. */
const VITE_DEFAULT = '__vite_ssr_export_default__'
