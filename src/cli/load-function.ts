import { existsSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { nearest } from '../nearest.ts'
import { show } from '../show.ts'
import { Complaint, UsageError } from './command.ts'

/** A function of the user's, and the module that it is of. */
export interface LoadedFunction {
  readonly fn: (...args: unknown[]) => unknown
  readonly name: string
  readonly module: Readonly<Record<string, unknown>>
}

/**
 * Imports what `FILE#EXPORT` names; without a name the default export, or the only function that there is.
 *
 * Errors: UsageError where nothing is named; Complaint for a file that is not there or cannot be imported, and for what it does not export.
 */
export async function loadFunction(named: string | undefined): Promise<LoadedFunction> {
  if (named === undefined || named === '') throw new UsageError('a function must be named: work.js#score')
  const { file, wanted } = parts(named)
  const path = resolve(file)
  if (!existsSync(path)) throw new Complaint(`${file}: there is no such file; a function is named as work.js#score`)
  const module = await importModule(path, file)
  const name = wanted ?? onlyFunction(module, file)
  const fn = Object.hasOwn(module, name) ? module[name] : undefined
  if (typeof fn === 'function') return { fn: fn as LoadedFunction['fn'], name, module }
  const near = nearest(name, functionsOf(module))
  const next =
    near === undefined ? `its functions are ${functionsOf(module).join(', ') || 'none'}` : `did you mean ${near}?`
  const got = Object.hasOwn(module, name) ? `has ${show(fn)} as ${name}, which is no function` : `exports no ${name}`
  throw new Complaint(`${file} ${got}; ${next}`)
}

/** A file may have a # in its name: the last one counts, unless the whole is a file. */
function parts(named: string): { file: string; wanted: string | undefined } {
  const hash = named.lastIndexOf('#')
  if (hash === -1 || existsSync(resolve(named))) return { file: named, wanted: undefined }
  return { file: named.slice(0, hash), wanted: named.slice(hash + 1) || undefined }
}

async function importModule(path: string, file: string): Promise<Record<string, unknown>> {
  const { href } = pathToFileURL(path)
  try {
    return (await import(href)) as Record<string, unknown>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_UNKNOWN_FILE_EXTENSION') {
      const ending = extname(path)
      throw new Complaint(
        /^\.[cm]?ts$/.test(ending)
          ? `${file}: Node ${process.versions.node} does not run TypeScript; use Node 22.18 or later, or the JavaScript that it is compiled to`
          : `${file}: Node does not import files that end in ${ending}; name a .js or .mjs file`,
      )
    }
    throw new Complaint(
      `${file} cannot be imported: ${error instanceof Error ? (error.stack ?? error.message) : show(error)}`,
    )
  }
}

function onlyFunction(module: Readonly<Record<string, unknown>>, file: string): string {
  const names = functionsOf(module)
  if (names.includes('default')) return 'default'
  const [only] = names
  if (only !== undefined && names.length === 1) return only
  throw new UsageError(
    only === undefined
      ? `${file} exports no function; export one`
      : `${file} exports ${names.length} functions; name one: ${file}#${only}, or ${names.slice(1).join(', ')}`,
  )
}

function functionsOf(module: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(module).filter((name) => typeof module[name] === 'function')
}
