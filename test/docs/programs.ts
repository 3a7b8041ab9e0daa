import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type Block, withPrints } from './blocks.ts'
import { root } from './site.ts'

/** A block of TypeScript or JavaScript as a program of its own. */
export interface Program {
  readonly block: Block
  /** Its file, from the workshop's folder, as written and as run. */
  readonly source: string
  readonly runs: string
}

/**
 * A folder elsewhere, where the examples stand as files of somebody who has installed the package.
 *
 * A block that imports lanewise is a whole program. Any other one is taken out of a program in which `pool` is a ThreadPoolExecutor and
 * everything that the package exports is imported. One that begins with `// name.ts` has that name for the others of its page.
 */
export class Workshop {
  readonly folder: string
  readonly programs: Program[] = []

  /** `exported`: the names of the values that the package exports; `packages`: where other packages stand that blocks import, by name. */
  constructor(
    blocks: readonly Block[],
    exported: readonly string[],
    packages: ReadonlyMap<string, string> = new Map(),
  ) {
    this.folder = mkdtempSync(join(tmpdir(), 'lanewise-docs-'))
    mkdirSync(join(this.folder, 'node_modules'))
    symlinkSync(root, join(this.folder, 'node_modules/lanewise'), 'junction')
    for (const [name, folder] of packages) {
      mkdirSync(dirname(join(this.folder, 'node_modules', name)), { recursive: true })
      symlinkSync(folder, join(this.folder, 'node_modules', name), 'junction')
    }
    writeFileSync(join(this.folder, 'package.json'), '{ "private": true, "type": "module" }')
    writeFileSync(join(this.folder, 'tsconfig.json'), JSON.stringify(TSCONFIG))
    const prelude = `import { ${exported.join(', ')} } from 'lanewise'\n`
    for (const block of blocks) this.#add(block, prelude)
  }

  /** Type-checks and compiles what is TypeScript; answers what the compiler has to say. */
  compile(): string {
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    return spawnSync(process.execPath, [tsc, '-p', this.folder], { cwd: this.folder, encoding: 'utf8' }).stdout
  }

  /** Runs a program; rejects if it fails, or if it has not ended by itself after a minute. */
  async run({ runs }: Program): Promise<{ stdout: string; stderr: string }> {
    const path = join(this.folder, runs)
    return await promisify(execFile)(process.execPath, [path], { timeout: 60_000, killSignal: 'SIGKILL' })
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }

  #add(block: Block, prelude: string): void {
    const page = block.file.replaceAll(/\W/g, '-')
    mkdirSync(join(this.folder, page), { recursive: true })
    const name = /^\/\/ (\S+\.[cm]?[jt]s)(?::.*)?\n/.exec(block.code)?.[1] ?? `${block.line}.${block.language}`
    const code = withPrints(block.code, 'console.log')
    writeFileSync(join(this.folder, page, name), code.includes("'lanewise'") ? code : framed(code, prelude))
    const source = join(page, name)
    this.programs.push({ block, source, runs: source.replace(/ts$/, 'js') })
  }
}

/** Whole, a page's block is a module; `export {}` makes one of a block that neither imports nor exports anything. */
function framed(code: string, prelude: string): string {
  const ownPool = /\b(?:const|using) pool\b/.test(code)
  const pool = ownPool ? '' : 'const pool = new ThreadPoolExecutor({ maxWorkers: 2 });\n'
  const imports = code.match(/^import .*\n/gm)?.join('') ?? ''
  return `${prelude}${imports}${pool}${code.replaceAll(/^import .*\n/gm, '')}export {}\n`
}

const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    // What `tsc --init` writes for a program of Node: no DOM.
    lib: ['es2023', 'esnext.disposable'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    strict: true,
    skipLibCheck: true,
    rewriteRelativeImportExtensions: true,
  },
  include: ['**/*.ts'],
}
