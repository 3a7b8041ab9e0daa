import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const src = fileURLToPath(new URL('../../src/index.ts', import.meta.url))

/** What a program printed, and how it ended. */
export interface Ended {
  readonly out: string
  readonly err: string
  readonly code: number | null
}

/** Programs of their own, each an ES module that imports lanewise, as it stands in src, as `lanewise`. */
export class Programs implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'lanewise-program-'))
  #built: Promise<unknown> | undefined

  /** Runs `text` to its end. */
  async run(text: string): Promise<Ended> {
    const bundle = join(this.#folder, 'lanewise.mjs')
    this.#built ??= build({ entryPoints: [src], outfile: bundle, bundle: true, platform: 'node', format: 'esm' })
    await this.#built
    const program = join(this.#folder, 'program.mjs')
    writeFileSync(program, `import * as lanewise from ${JSON.stringify(pathToFileURL(bundle).href)}\n${text}`)
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (part) => {
      out += part
    })
    child.stderr.setEncoding('utf8').on('data', (part) => {
      err += part
    })
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
    return { out, err, code }
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
