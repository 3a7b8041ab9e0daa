import { builtinModules } from 'node:module'
import { hostGlobals, languageGlobals } from './globals.ts'
import type { AnyFunction, BuiltinRef } from './ref.ts'

/**
 * How far from globalThis, or from a module's exports, a path may lead: `Intl.Collator.supportedLocalesOf` has three steps. More
 * would walk through what Node keeps for itself; fewer would miss that.
 */
const LONGEST_PATH = 3

/** What hangs there and belongs to the program, or is no function by itself. */
const notWalked = new Set(['prototype', 'constructor', 'env', 'mainModule', 'workerData', '_cache'])

const found = new Map<unknown, BuiltinRef>()
/** Modules of Node's that were walked: nobody holds a function of one that is not loaded, so loaded ones suffice. */
const walked = new Set<string>()

/** The path to a function of JavaScript's or Node's own, if there is one: `Math.sqrt`, `JSON.parse`, `gzipSync` of node:zlib. */
export function findBuiltin(fn: AnyFunction): BuiltinRef | undefined {
  if (found.size === 0) walkGlobals()
  if (!found.has(fn)) walkLoadedModules()
  return found.get(fn)
}

function walkGlobals(): void {
  const roots = [...languageGlobals, ...hostGlobals].filter((name) => name !== 'globalThis' && name !== 'global')
  const values = roots.map((name): [string, unknown] => [name, propertyOf(globalThis, name)])
  walk(values, (path) => ({ kind: 'builtin', id: `builtin:${path.join('.')}`, name: path.join('.'), path }))
}

function walkLoadedModules(): void {
  const { moduleLoadList = [] } = process as { moduleLoadList?: string[] }
  for (const entry of moduleLoadList) {
    const name = entry.replace(/^NativeModule /, '')
    if (walked.has(name) || name.startsWith('_') || !builtinModules.includes(name)) continue // _…: deprecated
    walked.add(name)
    const module = `node:${name}`
    const exports = process.getBuiltinModule(module)
    const values = ownNames(exports).map((key): [string, unknown] => [key, propertyOf(exports, key)])
    walk(values, (path) => ({
      kind: 'builtin',
      id: `builtin:${module}#${path.join('.')}`,
      name: path.join('.'),
      module,
      path,
    }))
  }
}

/** Breadth first, so that the shortest path to a function wins. */
function walk(roots: readonly [string, unknown][], refOf: (path: readonly string[]) => BuiltinRef): void {
  const seen = new Set<unknown>()
  const queue = roots.map(([name, value]) => ({ path: [name], value }))
  for (const { path, value } of queue) {
    if (!isObject(value) || seen.has(value)) continue
    seen.add(value)
    if (typeof value === 'function' && !found.has(value)) found.set(value, refOf(path))
    if (path.length === LONGEST_PATH || Array.isArray(value) || ArrayBuffer.isView(value)) continue
    for (const name of ownNames(value)) queue.push({ path: [...path, name], value: propertyOf(value, name) })
  }
}

function ownNames(value: unknown): string[] {
  return isObject(value) ? Object.getOwnPropertyNames(value).filter((name) => !notWalked.has(name)) : []
}

/** A property's value; getters are not asked: some warn, some load what nobody wanted. `process` and `Buffer` are harmless ones. */
function propertyOf(of: unknown, name: string): unknown {
  if (of === globalThis && name === 'process') return process
  if (of === globalThis && name === 'Buffer') return Buffer
  return Object.getOwnPropertyDescriptor(of, name)?.value
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
