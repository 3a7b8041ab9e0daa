import { show } from '../show.ts'
import type { AnyFunction } from './ref.ts'

/**
 * Where a function that was marked stands: the how manieth task of the module at `url`, or the export of a name there. `lost`: nobody
 * knows, since its `import.meta` had no URL.
 */
export type Mark =
  | { readonly url: string; readonly ordinal: number }
  | { readonly url: string; readonly export: string }
  | { readonly lost: true }

interface Registry {
  /** By a module's URL, its tasks in the order in which they were registered, and the `import.meta` they came with. */
  readonly modules: Map<string, { meta: object; readonly functions: AnyFunction[] }>
  readonly marks: WeakMap<AnyFunction, Mark>
}

/** The exports of a module as functions that run in workers; called directly, they import the module and call it here. */
export type Tasks<M> = {
  readonly [K in keyof M as M[K] extends AnyFunction ? K : never]: M[K] extends (...args: infer A) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : never
}

/**
 * Marks a function at the top level of its module, so that any executor can send it, exported or not, closure or not.
 *
 * Gives `fn` back as it is. A worker imports the module and takes the task of the same place in the order of registrations, so
 * those must not depend on where the module runs. Bundled to CommonJS, where `import.meta` may be empty, a function stays unmarked.
 * Errors: TypeError if `meta` is not `import.meta` or `fn` is not a function.
 *
 *     const prices = new Map([['apple', 3]])
 *     export const priceOf = task(import.meta, (fruit: string) => prices.get(fruit) ?? 0)
 *     priceOf('apple') // → 3
 */
export function task<F extends AnyFunction>(meta: ImportMeta, fn: F): F {
  if (typeof fn !== 'function')
    throw new TypeError(`fn must be a function, got ${show(fn)}; write task(import.meta, fn)`)
  const url: unknown = meta?.url
  const { modules, marks } = registry()
  if (typeof meta === 'object' && meta !== null && url === undefined) {
    // Not refused here: the program may never send it, and every module that has such a function would fail to load.
    if (!marks.has(fn)) marks.set(fn, { lost: true })
    return fn
  }
  if (typeof url !== 'string')
    throw new TypeError('meta must be the import.meta of the module; write task(import.meta, fn)')
  let module = modules.get(url)
  if (module === undefined || module.meta !== meta) {
    // Another import.meta under the same URL: the module is evaluated anew, as hot reloading and test runners do.
    module = { meta, functions: [] }
    modules.set(url, module)
  }
  const ordinal = module.functions.push(fn) - 1
  if (!marks.has(fn)) marks.set(fn, { url, ordinal })
  return fn
}

/**
 * The functions of another module, typed, without importing it here: `new URL('./file.js', import.meta.url)`, or
 * `import.meta.resolve('pkg')` for somebody else's package. Called directly, one imports the module and runs here.
 *
 * Errors: TypeError if `url` is no `file:`, `data:` or `node:` URL.
 *
 *     const path = tasks<typeof import('node:path')>('node:path')
 *     await pool.map(path.basename, ['/a/b.txt', '/c.txt']) // → [ 'b.txt', 'c.txt' ]
 */
export function tasks<M>(url: URL | string): Tasks<M> {
  const href = hrefOf(url)
  const handles = new Map<string, AnyFunction>()
  return new Proxy(Object.create(null) as Tasks<M>, {
    get(_, key) {
      // `then` would make a promise of it wherever it is returned from an async function.
      if (typeof key === 'symbol' || key === 'then') return
      let handle = handles.get(key)
      if (handle === undefined) {
        handle = handleOf(href, key)
        handles.set(key, handle)
      }
      return handle
    },
  })
}

/** How `fn` was marked by `task` or `tasks`, if it was. */
export function markOf(fn: AnyFunction): Mark | undefined {
  return registry().marks.get(fn)
}

/** The tasks that the module at `url` registered in this thread, in order. */
export function tasksOf(url: string): readonly AnyFunction[] {
  return registry().modules.get(url)?.functions ?? []
}

function handleOf(url: string, name: string): AnyFunction {
  const handle = async (...args: unknown[]): Promise<unknown> => {
    const module: Record<string, unknown> = await import(/* webpackIgnore: true */ /* @vite-ignore */ url)
    const fn = module[name]
    if (typeof fn !== 'function') throw new TypeError(`${url} exports no function ${name}`)
    return fn(...args)
  }
  Object.defineProperty(handle, 'name', { value: name, configurable: true })
  registry().marks.set(handle, { url, export: name })
  return handle
}

function hrefOf(url: URL | string): string {
  const href = String(url)
  if (URL.canParse(href) && /^(?:file|data|node):/.test(href)) return href
  throw new TypeError(
    `url must be a file:, data: or node: URL, got '${href}'; write new URL('./file.js', import.meta.url)`,
  )
}

/** On globalThis: a worker's own code and the user's copy of this package are two modules of one thread. */
function registry(): Registry {
  const key = Symbol.for('lanewise.tasks')
  const world = globalThis as { [key]?: Registry }
  world[key] ??= { modules: new Map(), marks: new WeakMap() }
  return world[key]
}
