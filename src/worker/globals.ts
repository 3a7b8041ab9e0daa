import { builtinModules } from 'node:module'

/** What Node gives to a program that came as text, beside the globals of every module. */
const OF_TEXT = ['require', 'module', 'exports', '__filename', '__dirname']
/** Modules whose names are those of globals. */
const GLOBALS = ['console', 'crypto', 'process']

/**
 * Takes away the globals that a worker has only because its source is a text: a module that asks `typeof require` must find what it
 * finds on the caller's thread.
 */
export function removeTextGlobals(): void {
  for (const name of [...OF_TEXT, ...builtinModules]) {
    if (!GLOBALS.includes(name)) Reflect.deleteProperty(globalThis, name)
  }
}
