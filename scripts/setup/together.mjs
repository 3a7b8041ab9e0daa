import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

/**
 * A plugin of esbuild: what `main` reaches stays together, however many other programs share parts of it.
 *
 * With `splitting`, esbuild makes a chunk for each set of programs that share something, and an import waits for each file. So every other program, and
 * whatever is imported on demand, is made to reach all that `main` does: then that is shared by all of them, in one chunk.
 *
 * @param {string} main
 * @returns {import('esbuild').Plugin}
 */
export function together(main) {
  const path = resolve(main)
  return {
    name: 'together',
    setup(build) {
      /** @type {Set<string>} */
      const programs = new Set()
      build.onResolve({ filter: /./ }, async ({ path: asked, pluginData, ...where }) => {
        if (pluginData !== undefined || (where.kind !== 'entry-point' && where.kind !== 'dynamic-import'))
          return undefined
        const found = await build.resolve(asked, { ...where, pluginData: SEEN })
        if (!found.external) programs.add(found.path)
        return { ...found, pluginData: undefined }
      })
      build.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
        if (!programs.has(file) || file === path) return undefined
        const text = await readFile(file, 'utf8')
        return { contents: `${text}\nimport * as all from ${JSON.stringify(path)}\nObject(all)\n`, loader: 'ts' }
      })
    },
  }
}

const SEEN = { isSeen: true }
