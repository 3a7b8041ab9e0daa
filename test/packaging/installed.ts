import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { runNpm } from '../../scripts/setup/packages.mjs'

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
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
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

/** Runs a program by this Node; rejects if it fails, or if it has not ended by itself after half a minute. */
export function runNode(folder: string, ...args: string[]): Promise<Printed> {
  return promisify(execFile)(process.execPath, args, { cwd: folder, timeout: 30_000, killSignal: 'SIGKILL' })
}
