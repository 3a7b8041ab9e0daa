import { parse, resolve } from 'node:path'
import { build as bundle } from 'esbuild'

/**
 * A plugin of esbuild: modules that stand in the bundle as texts, which are compiled when one of their functions is first called.
 *
 * What V8 has to parse before a program begins is most of what an import costs; a text is only read over.
 *
 * @param {Record<string, string[]>} modules their functions, by path from here or by the name of a package
 * @param {string} shared a module of which there must be one: its classes are compared
 * @returns {import('esbuild').Plugin}
 */
export function lazy(modules, shared) {
  const sharedPath = resolve(shared)
  /** @type {Map<string, string[]>} functions by the module's resolved path */
  const functions = new Map()
  return {
    name: 'lazy',
    setup(build) {
      build.onStart(async () => {
        for (const [name, names] of Object.entries(modules)) {
          const path = name.endsWith('.ts') ? resolve(name) : name
          functions.set((await build.resolve(path, { ...WHERE, pluginData: DIRECT })).path, names)
        }
      })
      build.onResolve({ filter: /./ }, async ({ path, pluginData, ...where }) => {
        if (pluginData === DIRECT || where.kind === 'entry-point') return undefined
        const found = await build.resolve(path, { ...where, pluginData: DIRECT })
        return functions.has(found.path) ? { path: found.path, namespace: 'lazy' } : { ...found, pluginData: undefined }
      })
      build.onLoad({ filter: /./, namespace: 'lazy' }, async ({ path }) => ({
        contents: moduleOf({
          text: await textOf(path, [sharedPath, ...functions.keys()]),
          file: parse(path).name,
          names: functions.get(path) ?? [],
          outside: [sharedPath, ...[...functions.keys()].filter((each) => each !== path)],
        }),
        resolveDir: process.cwd(),
      }))
    },
  }
}

/** @type {import('esbuild').ResolveOptions} */
const WHERE = { kind: 'import-statement', resolveDir: process.cwd() }
const DIRECT = { isDirect: true }

/**
 * The body of a CommonJS module.
 *
 * @param {string} path
 * @param {string[]} outside what it requires by its path
 */
async function textOf(path, outside) {
  const { outputFiles } = await bundle({
    entryPoints: [path],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    minify: true,
    plugins: [
      {
        name: 'outside',
        setup(build) {
          build.onResolve({ filter: /./ }, async ({ path, pluginData, ...where }) => {
            if (pluginData === DIRECT || where.kind === 'entry-point') return undefined
            const found = await build.resolve(path, { ...where, pluginData: DIRECT })
            return outside.includes(found.path) ? { path: nameOf(found.path), external: true } : undefined
          })
        },
      },
    ],
  })
  return outputFiles[0]?.text ?? ''
}

/**
 * What a text requires: no path of this machine.
 *
 * @param {string} path
 */
function nameOf(path) {
  return `lanewise:${parse(path).name}`
}

/**
 * @param {object} options
 * @param {string} options.text
 * @param {string} options.file what stacks call it
 * @param {string[]} options.names of its functions
 * @param {string[]} options.outside modules that it may require
 */
function moduleOf({ text, file, names, outside }) {
  const imports = outside.map((path, i) => `import * as outside${i} from ${JSON.stringify(path)}`)
  const found = outside.map((path, i) => `${JSON.stringify(nameOf(path))}: outside${i}`)
  const wrapped = `(function (module, require) {${text}\n})`
  return `
    import { Script } from 'node:vm'
    ${imports.join('\n')}
    let made
    function get() {
      if (made === undefined) {
        made = { exports: {} }
        const outside = { ${found.join(', ')} }
        const require = (name) => outside[name] ?? process.getBuiltinModule(name)
        new Script(${JSON.stringify(wrapped)}, { filename: 'lanewise:${file}' }).runInThisContext()(made, require)
      }
      return made.exports
    }
    ${names.map((name) => `export const ${name} = (...args) => get().${name}(...args)`).join('\n')}
  `
}
