import { Script } from 'node:vm'
import { FunctionError } from '../errors.ts'
import { importInWorker, MAIN_REENTRY } from './reentry.ts'
import {
  type AnyFunction,
  arityOf,
  type BuiltinRef,
  type FunctionRef,
  isPortableImport,
  isSameSource,
  type ModuleRef,
  nameOf,
  type SourceRef,
  sourceOf,
} from './ref.ts'
import { tasksOf } from './task.ts'
import { SURE_WAYS } from './ways.ts'

type Loaded = (...args: unknown[]) => unknown

const loaded = new Map<string, Loaded | Promise<Loaded>>()
const imports = new Map<string, Promise<object>>()

/**
 * The function that `ref` names, in this thread; the same one for the same `id`. A promise where a module has to be imported first.
 * Errors: FunctionError, thrown or as the rejection: what was looked for, what is there, what to do.
 */
export function loadFunction(ref: FunctionRef): Loaded | Promise<Loaded> {
  const known = loaded.get(ref.id)
  if (known !== undefined) return known
  const fn = ref.kind === 'source' ? compile(ref) : ref.kind === 'builtin' ? follow(ref) : importFunction(ref)
  loaded.set(ref.id, fn)
  if (fn instanceof Promise) {
    fn.then(
      (ready) => loaded.set(ref.id, ready),
      () => loaded.delete(ref.id), // asked again, it is tried again
    )
  }
  return fn
}

/**
 * A script, not an `import` of a data: URL: 0.25 ms against 2 to 3 ms for the first one in a thread and 0.03 against 0.3 ms after
 * that (Node 20 to 26), collected with its function, and no less allowed under --disallow-code-generation-from-strings.
 */
function compile(ref: SourceRef): Loaded {
  // The line that the code puts before the source is line 0, so that stack traces count as the source does.
  const filename = `lanewise:${ref.name.replace(/[^\p{ID_Continue}$]/gu, '_').slice(0, 60) || 'lambda'}`
  const script = new Script(ref.code, { filename, lineOffset: -1 })
  return script.runInThisContext()(...ref.shims.map(shimOf))
}

function shimOf(name: string): unknown {
  if (name === '__name') return setName
  return name.startsWith('cov_') ? counters : importAnywhere
}

/** esbuild's helper: `__name(fn, 'name')`. */
function setName(fn: AnyFunction, value: string): AnyFunction {
  return Object.defineProperty(fn, 'name', { value, configurable: true })
}

/** istanbul's counters: `cov_1x2y().s[0]++` at any depth. Nobody collects them here. */
const counters: unknown = new Proxy(() => {}, {
  get: (_, key) => (key === Symbol.toPrimitive ? () => 0 : counters),
  set: () => true,
  apply: () => counters,
})

/** `import(…)` in a function that travelled: relative to what, nobody knows any more. */
function importAnywhere(specifier: unknown, options?: ImportCallOptions): Promise<unknown> {
  const path = String(specifier)
  if (isPortableImport(path)) {
    // The literal is for esbuild, which refuses to carry other attributes; Node knows no others.
    return options?.with?.type === 'json' ? import(path, { with: { type: 'json' } }) : import(path)
  }
  const message = `import('${path}') in a function sent to a worker must name a node: module or a whole URL; `
  return Promise.reject(new FunctionError(`${message}pass new URL('${path}', import.meta.url).href as an argument`))
}

function follow({ module, path, name }: BuiltinRef): Loaded {
  let value: unknown = module === undefined ? globalThis : process.getBuiltinModule(module)
  for (const step of path) value = (value as Record<string, unknown> | undefined)?.[step]
  if (typeof value === 'function') return value as Loaded
  throw new FunctionError(
    `this worker has no function ${name}${module ? ` in ${module}` : ''}; was it added by a polyfill?`,
  )
}

async function importFunction(ref: ModuleRef): Promise<Loaded> {
  const exports = await importOnce(ref)
  return (ref.ordinal === undefined ? findExport(exports, ref) : findTask(ref)) as Loaded
}

/** One import a module: what it caused once, a re-entry say, it causes for each function of it. */
async function importOnce({ url, name }: ModuleRef): Promise<object> {
  const exports = imports.get(url) ?? importInWorker(url)
  imports.set(url, exports)
  try {
    return await exports
  } catch (error) {
    const { code, message = String(error) } = Object(error)
    // By its code: the class is the one of the user's copy of this package.
    if (code === MAIN_REENTRY) throw error
    imports.delete(url)
    throw new FunctionError(
      `a worker could not import ${url} for ${name || 'a function'}: ${message}; ${nextStep(url, Object(error))}`,
      { cause: error },
    )
  }
}

/** What to do where the import of `url` has failed. */
function nextStep(url: string, error: { code?: unknown; url?: unknown }): string {
  if (error.code === 'ERR_UNKNOWN_FILE_EXTENSION' && /\.[cm]?tsx?(?:$|[?#])/.test(url)) {
    return `Node ${process.versions.node} reads no TypeScript: use Node 22.18 or later, or compile first`
  }
  if (error.code === 'ERR_MODULE_NOT_FOUND' && error.url === new URL(url).href) {
    return `a bundler may have left it behind: keep the function beside the bundle and ${SURE_WAYS}`
  }
  return 'its cause says where'
}

function findTask({ url, ordinal = 0, name, source = '', arity }: ModuleRef): AnyFunction {
  const tasks = tasksOf(url)
  const there = tasks[ordinal]
  if (there !== undefined && isSameSource(sourceOf(there), source)) return there
  const [same, ...more] = tasks.filter((fn) => isSameSource(sourceOf(fn), source))
  if (same !== undefined && more.length === 0) return same
  if (there !== undefined && nameOf(there) === name && arityOf(there) === arity) return there
  throw new FunctionError(
    `${url} must register its tasks in the same order everywhere; looked for ${name || 'a function without a name'} as number ${ordinal}, ` +
      `a worker's import registered ${tasks.length}: ${listOf(tasks.map(nameOf))}; call task(import.meta, fn) at the module's top level, ${SURE_WAYS}`,
  )
}

function findExport(exports: object, ref: ModuleRef): AnyFunction {
  const { source, arity, name, url } = ref
  const values = new Map<string, unknown>(Object.entries(exports))
  const named = values.get(ref.export ?? '')
  const byDefault = values.get('default')
  if (source === undefined) {
    if (isFunction(named)) return named
  } else {
    // Verified: the source is the same.
    const same = (fn: unknown): fn is AnyFunction => isFunction(fn) && isSameSource(sourceOf(fn), source)
    if (same(named)) return named
    if (same(byDefault)) return byDefault
    const matches = new Set([...values.values(), ...[...values.values()].flatMap(membersOf)].filter(same))
    const [match] = matches
    if (match !== undefined && matches.size === 1) return match
    // Accepted: transpilers rewrite sources, so that name and length have to do.
    if (arity !== undefined) {
      if (isFunction(named) && arityOf(named) === arity) return named
      if (isFunction(byDefault) && nameOf(byDefault) === name && arityOf(byDefault) === arity) return byDefault
    }
  }
  const wanted = ref.export ?? (name || 'a function without a name')
  const functions = [...values].filter(([, value]) => isFunction(value)).map(([key]) => key)
  throw new FunctionError(
    `${url} must export the function that a worker is to run; looked for ${wanted}, found ${listOf(functions)}; ` +
      `export it, mark it with task(import.meta, fn), ${SURE_WAYS}`,
    { code: 'ERR_LANEWISE_NOT_EXPORTED' },
  )
}

/** The functions right inside an exported object or class: `module.exports = { … }`, static methods. */
function membersOf(value: unknown): unknown[] {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return []
  return Object.values(Object.getOwnPropertyDescriptors(value)).map((property) => property.value)
}

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function'
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => name || '(no name)').join(', ')
}
