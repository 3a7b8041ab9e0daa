/**
 * Compiles one file with asc, in a process of its own, since asc is asynchronous, slow and large: its argument is a CompileRequest, as
 * JSON, and it writes a CompileAnswer to its output. `scripts/build-worker.mjs` makes a text of it.
 *
 * The file is compiled twice: alone, which says what it exports and finds its mistakes; then with the entry that makes a kernel of one of its functions.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { blocksOf, printEntry } from './entry.ts'
import { type FileHashes, hashOf } from './files.ts'
import { type AssemblyFunction, choose, readSignatures } from './signature.ts'

export interface CompileRequest {
  /** URL of asc. */
  readonly compiler: string
  /** Where the process runs; the file's own folder. */
  readonly folder: string
  /** The file's name without `.ts`. */
  readonly file: string
  /** The function's name; undefined: the only one. */
  readonly wanted: string | undefined
}

export interface CompileAnswer {
  /** What asc says is wrong; empty: nothing is. */
  readonly errors: string
  /** What the file exports; empty where it has errors. */
  readonly functions: readonly AssemblyFunction[]
  readonly made?: {
    /** In base64. */
    readonly bytes: string
    /** That it wants of its memory. */
    readonly pages: number
  }
  /** Every file that was read. */
  readonly files: FileHashes
}

/** The part of asc that is used. */
interface Compiler {
  main(
    args: readonly string[],
    host: {
      readFile(name: string, folder: string): string | null
      writeFile(name: string, contents: string | Uint8Array): void
      listFiles(): string[]
    },
  ): Promise<{ error: Error | null; stderr: { toString(): string } }>
}

const ENTRY = 'lanewise-entry.ts'

// The memory comes from outside; `abort`, which would too, traps instead.
const OPTIONS = ['--importMemory', '--noExportMemory', '--enable', 'simd', '--debug', '--use', 'abort=', '--noColors']

async function answer({ compiler, folder, file, wanted }: CompileRequest): Promise<CompileAnswer> {
  const { default: asc } = (await import(compiler)) as { default: Compiler }
  const compilation = new Compilation(asc, folder)
  const { files } = compilation
  const alone = await compilation.run(`${file}.ts`, '', ['--outFile', 'alone.wasm', '--bindings', 'raw'])
  if (alone.errors !== '') return { errors: alone.errors, functions: [], files }
  const functions = readSignatures(String(alone.written.get('alone.d.ts')))
  const chosen = choose(functions, wanted)
  if (typeof chosen === 'string') return { errors: '', functions, files }
  const base = String(blocksOf(chosen.parameters.length).free)
  const options = ['-O3', '--outFile', 'kernel.wasm', '--textFile', 'kernel.wat', '--memoryBase', base]
  const { errors, written } = await compilation.run(ENTRY, printEntry(chosen, file), options)
  if (errors !== '') return { errors, functions, files }
  const bytes = Buffer.from(written.get('kernel.wasm') as Uint8Array).toString('base64')
  const pages = /\(import "env" "memory" \(memory \S+ (\d+)/.exec(String(written.get('kernel.wat')))?.[1]
  return { errors: '', functions, made: { bytes, pages: Number(pages) }, files }
}

interface Output {
  /** Empty: it was compiled. */
  readonly errors: string
  readonly written: ReadonlyMap<string, string | Uint8Array>
}

/** Runs asc on files of a folder, and remembers which ones it read. */
class Compilation {
  readonly files: Record<string, string> = {}
  readonly #asc: Compiler
  readonly #folder: string

  constructor(asc: Compiler, folder: string) {
    this.#asc = asc
    this.#folder = folder
  }

  /** `entry`: the text of ENTRY. */
  async run(source: string, entry: string, options: readonly string[]): Promise<Output> {
    const written = new Map<string, string | Uint8Array>()
    const { error, stderr } = await this.#asc.main([source, ...OPTIONS, ...options], {
      readFile: (name, from) => (name === ENTRY ? entry : this.#read(name, from)),
      writeFile: (name, contents) => void written.set(name, contents),
      listFiles: () => [],
    })
    return { errors: error === null ? '' : stderr.toString() || error.message, written }
  }

  #read(name: string, from: string): string | null {
    if (!name.endsWith('.ts')) return null // an asconfig.json is for other modules
    const path = resolve(this.#folder, from, name)
    try {
      const text = readFileSync(path, 'utf8')
      this.files[path] = hashOf(text)
      return text
    } catch {
      return null // asc tries several names
    }
  }
}

const request: CompileRequest = JSON.parse(process.argv[2] as string)
void answer(request).then((result) => process.stdout.write(JSON.stringify(result)))
