import { resolve } from 'node:path'

/**
 * A plugin of esbuild: modules that are bundled, but run when one of their functions is first called.
 *
 * `modules` has their functions by path from here, or by the name of a package. esbuild wraps what is required by a call, where what is imported would run at
 * the start; and requires nothing of a module's users, who may import it under any name.
 *
 * @param {Record<string, string[]>} modules
 * @returns {import('esbuild').Plugin}
 */
export function lazy(modules) {
  /** @type {Map<string, string[]>} functions by the module's resolved path */
  const functions = new Map()
  return {
    name: 'lazy',
    setup(build) {
      build.onStart(async () => {
        for (const [name, names] of Object.entries(modules)) {
          const isFile = name.endsWith('.ts')
          const found = await build.resolve(isFile ? resolve(name) : name, {
            kind: 'import-statement',
            resolveDir: process.cwd(),
            pluginData: DIRECT,
          })
          functions.set(found.path, names)
        }
      })
      build.onResolve({ filter: /./ }, async ({ path, pluginData, ...where }) => {
        if (pluginData === DIRECT || where.kind === 'entry-point') return undefined
        const found = await build.resolve(path, { ...where, pluginData: DIRECT })
        const isLazy = functions.has(found.path) && where.namespace === 'file'
        return isLazy ? { path: found.path, namespace: 'lazy' } : { ...found, pluginData: undefined }
      })
      build.onLoad({ filter: /./, namespace: 'lazy' }, ({ path }) => ({
        contents: (functions.get(path) ?? [])
          .map((name) => `export const ${name} = (...args) => require(${JSON.stringify(path)}).${name}(...args)`)
          .join('\n'),
        resolveDir: process.cwd(),
      }))
    },
  }
}

const DIRECT = { isDirect: true }
