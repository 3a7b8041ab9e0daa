import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { withLock } from '../../scripts/setup/lock.mjs'
import { installPackages, packagesAreCurrent, runNpm } from '../../scripts/setup/packages.mjs'

export const root: string = fileURLToPath(new URL('../..', import.meta.url))

/** A package as npm publishes it. */
interface Packed {
  filename: string
  files: { path: string; size: number }[]
}

/** A folder elsewhere, with the packed package installed in it as a user has it. */
export class Installation {
  readonly folder: string
  readonly packed: Packed

  /** Packs the project, and what it depends on out of node_modules, so that no registry is asked; and installs them. */
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'lanewise-installed-'))
    const { dependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const sources = [root, ...Object.keys(dependencies).map((name) => join(root, 'node_modules', name))]
    const packed: Packed[] = JSON.parse(this.#npm('pack', '--json', '--ignore-scripts', ...sources))
    this.packed = packed[0]!
    writeFileSync(join(this.folder, 'package.json'), '{ "name": "app", "private": true }')
    this.#npm('install', '--offline', '--no-audit', '--no-fund', ...packed.map(({ filename }) => `./${filename}`))
  }

  /** Runs a program that stands beside the installed package. */
  async run(name: string, program: string): Promise<Printed> {
    writeFileSync(join(this.folder, name), program)
    return await runNode(this.folder, name)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }

  #npm(...args: string[]): string {
    const { ok, stdout, output } = runNpm(args, this.folder)
    if (!ok) throw new Error(`npm ${args.join(' ')} failed in ${basename(this.folder)}:\n${output}`)
    return stdout
  }
}

export interface Printed {
  stdout: string
  stderr: string
}

/** Runs a program by this Node. */
export function runNode(folder: string, ...args: string[]): Promise<Printed> {
  return run(folder, [process.execPath, ...args])
}

/** Runs a command; rejects if it fails, or if it has not ended by itself after a minute. */
export function run(
  folder: string,
  [file, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv = {},
): Promise<Printed> {
  const options = { cwd: folder, env: { ...process.env, ...env }, timeout: 60_000, killSignal: 'SIGKILL' } as const
  return promisify(execFile)(file, args, options)
}

/**
 * A folder beside this file whose packages only tests need: installed when a test first asks for them, by its lock, so that nobody
 * else has to. Two that ask at once do not disturb each other.
 */
export async function installTools(name: 'bundlers' | 'recipes' | 'runners' | 'runtimes'): Promise<string> {
  const folder = join(import.meta.dirname, name)
  const install = async (): Promise<void> => {
    if (packagesAreCurrent(folder)) return
    const { ok, output } = installPackages(folder)
    if (!ok) throw new Error(`npm ci failed in test/packaging/${name}:\n${output}`)
  }
  await withLock(join(root, '.setup', name), install, () => {})
  return folder
}
