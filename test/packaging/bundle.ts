import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BuildOptions, build as buildByEsbuild } from 'esbuild'
import { rolldown } from 'rolldown'
import { build as buildByVite, createLogger } from 'vite'

/** Makes one program out of `entry` and of all that it imports; answers what the tool warned of. */
export type Bundle = (entry: string, outFile: string, tools: string) => Promise<string[]>

/** A tool as it is used for a program of Node's, with nothing left outside. */
export interface Bundler {
  readonly name: string
  readonly extension: 'mjs' | 'cjs'
  readonly bundle: Bundle
  /** Its row in docs/functions.md, where it has one. */
  readonly row?: string
  /** It finds files that are named by `new URL('./file.js', import.meta.url)`, and puts them beside the bundle. */
  readonly takesFiles?: true
  /** What its bundles lose, though the entry exports it and no worker starts the program again. */
  readonly loses: readonly ('a task' | 'an export' | 'tasks of a file')[]
}

const WEBPACK_LOSES = ['a task', 'an export'] as const

export const bundlers: readonly Bundler[] = [
  { name: 'esbuild as ESM', row: 'esbuild, bundle', extension: 'mjs', bundle: byEsbuild({ format: 'esm' }), loses: [] },
  { name: 'esbuild as ESM, minified', extension: 'mjs', bundle: byEsbuild({ format: 'esm', minify: true }), loses: [] },
  {
    name: 'esbuild as CommonJS',
    extension: 'cjs',
    bundle: byEsbuild({ format: 'cjs' }),
    loses: ['a task', 'tasks of a file'],
  },
  {
    name: 'esbuild as CommonJS, import.meta.url defined',
    extension: 'cjs',
    bundle: byEsbuild({
      format: 'cjs',
      define: { 'import.meta.url': 'importMetaUrl' },
      banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href" },
    }),
    loses: ['a task'],
  },
  { name: 'rolldown as ESM', row: 'rolldown, bundle', extension: 'mjs', bundle: byRolldown('esm'), loses: [] },
  { name: 'rolldown as CommonJS', extension: 'cjs', bundle: byRolldown('cjs'), loses: ['a task'] },
  { name: 'rollup as ESM', row: 'rollup, bundle', extension: 'mjs', bundle: byRollup('esm'), loses: [] },
  { name: 'rollup as CommonJS', extension: 'cjs', bundle: byRollup('cjs'), loses: [] },
  {
    name: 'vite for the server, nothing external',
    row: 'vite, bundle for the server',
    extension: 'mjs',
    bundle: byVite,
    loses: [],
  },
  {
    name: 'webpack as ESM',
    row: 'webpack, bundle',
    extension: 'mjs',
    bundle: byWebpack('module'),
    takesFiles: true,
    loses: WEBPACK_LOSES,
  },
  {
    name: 'webpack as CommonJS',
    extension: 'cjs',
    bundle: byWebpack('commonjs2'),
    takesFiles: true,
    loses: WEBPACK_LOSES,
  },
]

function byEsbuild(options: BuildOptions): Bundle {
  return async (entry, outfile) => {
    const { warnings } = await buildByEsbuild({
      ...options,
      entryPoints: [entry],
      outfile,
      bundle: true,
      platform: 'node',
      logLevel: 'silent',
    })
    return warnings.map(({ text }) => text)
  }
}

function byRolldown(format: 'esm' | 'cjs'): Bundle {
  return async (input, file) => {
    const warnings: string[] = []
    const onLog = (_level: string, { message }: { message: string }): unknown => warnings.push(message)
    await using bundle = await rolldown({ input, platform: 'node', onLog })
    await bundle.write({ file, format })
    return warnings
  }
}

async function byVite(entry: string, outFile: string): Promise<string[]> {
  const warnings: string[] = []
  const logger = createLogger('silent')
  logger.warn = (message) => warnings.push(message)
  await buildByVite({
    root: dirname(entry),
    configFile: false,
    logLevel: 'warn',
    customLogger: logger,
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir: dirname(outFile),
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: basename(outFile) } },
    },
  })
  return warnings
}

// What is used of tools that only this folder's own package has.

interface Rollup {
  rollup(options: {
    input: string
    plugins: unknown[]
    onwarn: (warning: { message: string }) => void
  }): Promise<{ write(options: { file: string; format: string }): Promise<unknown>; close(): Promise<void> }>
}

function byRollup(format: 'esm' | 'cjs'): Bundle {
  return async (input, file, tools) => {
    const { rollup } = await load<Rollup>(tools, 'rollup')
    const { nodeResolve } = await load<{ nodeResolve(options: object): unknown }>(tools, '@rollup/plugin-node-resolve')
    const warnings: string[] = []
    const plugins = [nodeResolve({ exportConditions: ['node'] })]
    const bundle = await rollup({ input, plugins, onwarn: ({ message }) => warnings.push(message) })
    await bundle.write({ file, format })
    await bundle.close()
    return warnings
  }
}

type Webpack = (options: object, done: (error: Error | null, stats?: Stats) => void) => void
interface Stats {
  toJson(options: object): { errors: { message: string }[]; warnings: { message: string }[] }
}

/** Not minified, which takes webpack ten times as long; the modules are joined all the same. */
function byWebpack(type: 'module' | 'commonjs2'): Bundle {
  return async (entry, outFile, tools) => {
    const { default: webpack } = await load<{ default: Webpack }>(tools, 'webpack')
    const options = {
      mode: 'production',
      target: 'node20.19',
      context: dirname(entry),
      entry,
      output: { path: dirname(outFile), filename: basename(outFile), library: { type }, module: type === 'module' },
      experiments: { outputModule: type === 'module' },
      optimization: { minimize: false },
    }
    const stats = await new Promise<Stats>((resolve, reject) => {
      webpack(options, (error, made) => (error === null && made !== undefined ? resolve(made) : reject(error)))
    })
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true })
    if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'))
    return warnings.map(({ message }) => message)
  }
}

async function load<Module>(tools: string, name: string): Promise<Module> {
  return await import(pathToFileURL(createRequire(join(tools, 'package.json')).resolve(name)).href)
}
