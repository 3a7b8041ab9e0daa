import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/**
 * Whether node_modules holds what package-lock.json asks for, on this platform. The dates of the files say nothing after a
 * checkout, so the two lists are compared: the lock's own, and the one npm leaves in node_modules once it has succeeded.
 *
 * @param {string} root
 */
export function packagesAreCurrent(root) {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'))
  const wanted = readPackages(join(root, 'package-lock.json'))
  if (installed === undefined || wanted === undefined) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true // the project itself
    const found = installed[path]
    if (found === undefined) return entry.optional === true // a binary for some other platform
    return (
      found.version === entry.version &&
      found.integrity === entry.integrity &&
      fits(found.os, process.platform) &&
      fits(found.cpu, process.arch) &&
      existsSync(join(root, path))
    )
  })
}

/**
 * Installs exactly what package-lock.json names.
 *
 * @param {string} root
 */
export function installPackages(root) {
  return runNpm(['ci'], root)
}

/**
 * Runs npm in a folder, the same one that runs us if one does, as if it were called by hand.
 *
 * @param {string[]} args
 * @param {string} folder
 * @returns {{ ok: boolean, stdout: string, output: string }} what it printed on standard output, and in all
 */
export function runNpm(args, folder) {
  const outer = process.env.npm_execpath
  const [command, ...first] = outer && basename(outer) === 'npm-cli.js' ? [process.execPath, outer] : ['npm']
  const { status, error, stdout, stderr } = spawnSync(command, [...first, ...args], {
    cwd: folder,
    env: cleanedEnvironment(process.env),
    encoding: 'utf8',
    shell: process.platform === 'win32' && first.length === 0, // there npm is a .cmd file, which only a shell can run
  })
  return { ok: status === 0, stdout, output: error ? error.message : stdout + stderr }
}

// Where packages come from, and through which proxy: the only settings of an outer npm that an inner one shall keep.
const KEPT_SETTINGS = new Set(
  ['registry', 'userconfig', 'globalconfig', 'cache', 'cafile', 'proxy', 'https_proxy', 'noproxy'].map(
    (name) => `npm_config_${name}`,
  ),
)

/**
 * The environment without what npm sets for the scripts it runs: `npm start --omit=dev`, or NODE_ENV=production, would
 * otherwise leave out the compilers, and `--prefix` or `--global` would install somewhere else.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function cleanedEnvironment(env) {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => {
      const lower = name.toLowerCase()
      return lower !== 'node_env' && (!lower.startsWith('npm_') || KEPT_SETTINGS.has(lower))
    }),
  )
}

/**
 * npm's platform lists: `["linux"]` is what fits, `["!win32"]` what does not. A package may give one word instead of a list.
 *
 * @param {string | string[] | undefined} given
 * @param {string} value
 */
function fits(given, value) {
  if (given === undefined) return true
  const list = [given].flat()
  const allowed = list.filter((name) => !name.startsWith('!'))
  return !list.includes(`!${value}`) && (allowed.length === 0 || allowed.includes(value))
}

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, os?: string | string[], cpu?: string | string[] }} PackageEntry */

/**
 * @param {string} path of a lock file
 * @returns {Record<string, PackageEntry> | undefined}
 */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    return undefined // missing, or cut short by an npm that was stopped
  }
}
