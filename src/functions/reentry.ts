import type { AsyncLocalStorage } from 'node:async_hooks'
import { isMainThread } from 'node:worker_threads'
import { FunctionError } from '../errors.ts'
import { SURE_WAYS } from './ways.ts'

/** The code of a pool made again by the import of the main module. */
export const MAIN_REENTRY = 'ERR_LANEWISE_MAIN_REENTRY'

/** One import by which a worker looks for a function. */
interface Import {
  readonly url: string
  /** What `refuseReentry` threw: kept, since the module may have caught it. */
  refused?: FunctionError
}

/**
 * Which import the running code belongs to. A storage that follows promises, not a counter: a program that runs
 * `main().catch(…)` at its top level goes on long after its import is done, and would start workers that start workers. Calls of
 * the pool run outside of it. (On Node 20 and 22 it makes each `await` in that worker 0.1 µs slower; later ones do not feel it.)
 *
 * On globalThis: a worker's own code and the user's copy of this package are two modules of one thread.
 */
const KEY = Symbol.for('lanewise.importing')
const world = globalThis as { [KEY]?: AsyncLocalStorage<Import> }

/** Imports a module on behalf of a worker. Rejects with what the import rejects with, or with the re-entry that it caused. */
export async function importInWorker(url: string): Promise<object> {
  world[KEY] ??= new (process.getBuiltinModule('node:async_hooks').AsyncLocalStorage)<Import>()
  const own: Import = { url }
  let exports: object
  try {
    exports = await world[KEY].run(own, () => import(/* @vite-ignore */ url))
  } catch (error) {
    throw own.refused ?? error
  }
  // The module may have caught it, but what it does then was not written for a worker.
  if (own.refused !== undefined) throw own.refused
  return exports
}

/**
 * Refuses to make a pool while a worker imports the module that makes it: each worker would start workers of its own.
 * Inside a call a worker may make pools.
 *
 * Errors: FunctionError, `ERR_LANEWISE_MAIN_REENTRY`, with the guard to write.
 */
export function refuseReentry(): void {
  const current = world[KEY]?.getStore()
  if (current === undefined) return
  current.refused ??= new FunctionError(
    `a worker imports ${current.url} to find a function there, and the import made a pool again; ` +
      `let only the main program do that: ${guard()}; or take the function out of the program: ${SURE_WAYS}`,
    { code: MAIN_REENTRY },
  )
  throw current.refused
}

/** What is false when a worker imports the file: import.meta.main where there is one, else by the kind of the worker. */
function guard(): string {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 24 || (major === 24 && minor >= 2) || (major === 22 && minor >= 18)) return 'if (import.meta.main) { … }'
  if (isMainThread) return 'if (process.argv[1] === import.meta.filename) { … }'
  return "if (isMainThread) { … }, with import { isMainThread } from 'node:worker_threads'"
}
