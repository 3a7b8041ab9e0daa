import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import type { FunctionRef } from '../../src/functions/ref.ts'

/**
 * A folder with the fixtures, a copy of this room as its users import it (`lanewise.mjs`) and what a worker carries of it
 * (`worker.cjs`, bundled as the package bundles it): plain Node, none of vitest's transforms.
 */
export interface Sandbox extends Disposable {
  readonly folder: string
  url(file: string): string
  write(file: string, source: string): void
  /** Runs a file with Node and gives what it printed, as JSON; rejects with its stderr. */
  run(file: string, ...flags: string[]): Promise<unknown>
  openWorker(): LoadingWorker
}

export async function openSandbox(): Promise<Sandbox> {
  const folder = mkdtempSync(join(tmpdir(), 'lanewise-functions-'))
  const source = join(import.meta.dirname, '../../src/functions')
  cpSync(join(import.meta.dirname, 'fixtures'), folder, { recursive: true })
  const shared = { bundle: true, platform: 'node', target: 'node20.19', logLevel: 'silent' } as const
  const contents = ['describe', 'task', 'reentry'].map((file) => `export * from './${file}.ts'`).join('\n')
  const builds = await Promise.all([
    build({
      ...shared,
      stdin: { contents, resolveDir: source },
      format: 'esm',
      outfile: join(folder, 'lanewise.mjs'),
    }),
    build({
      ...shared,
      entryPoints: [join(source, 'load.ts')],
      format: 'cjs',
      minify: true,
      outfile: join(folder, 'worker.cjs'),
    }),
  ])
  const warnings = builds.flatMap((each) => each.warnings)
  if (warnings.length > 0) throw new Error(`esbuild warns: ${JSON.stringify(warnings)}`)

  return {
    folder,
    url: (file) => pathToFileURL(join(folder, file)).href,
    write: (file, text) => writeFileSync(join(folder, file), text),
    run: async (file, ...flags) => {
      const child = spawn(process.execPath, [...flags, join(folder, file)], { cwd: folder })
      const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
      const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), closed])
      if (code !== 0) throw new Error(`${file} ended with ${code}: ${err}`)
      return JSON.parse(out)
    },
    openWorker: () => new LoadingWorker(readFileSync(join(folder, 'worker.cjs'), 'utf8')),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A real thread that loads functions by their ref and calls them, one after the other. */
export class LoadingWorker implements AsyncDisposable {
  readonly #worker: Worker

  constructor(bundle: string) {
    const loop = `
      const { loadFunction } = module.exports
      const { parentPort } = require('node:worker_threads')
      parentPort.on('message', async ({ ref, args }) => {
        try {
          parentPort.postMessage({ value: await (await loadFunction(ref))(...args) })
        } catch (error) {
          const { name, message, code, stack } = error
          parentPort.postMessage({ error: { name, message, code, stack } })
        }
      })`
    this.#worker = new Worker(bundle + loop, { eval: true })
  }

  /** What the function answers; rejects with an Error that has the worker's name, message, code and stack. */
  async call(ref: FunctionRef, ...args: unknown[]): Promise<unknown> {
    const answer = await new Promise<{ value?: unknown; error?: object }>((resolve, reject) => {
      this.#worker.once('message', resolve)
      this.#worker.once('error', reject)
      this.#worker.postMessage({ ref, args })
    })
    this.#worker.removeAllListeners('error')
    if (answer.error !== undefined) throw Object.assign(new Error(), answer.error)
    return answer.value
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate()
  }
}
