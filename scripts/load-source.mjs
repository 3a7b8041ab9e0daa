import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = new URL('../', import.meta.url)

/**
 * Imports a TypeScript source, which Node 20 cannot do by itself, with those of its constants that it keeps to itself.
 *
 * @param {string} path from the root of the project
 * @param {string[]} names of constants that it does not export
 * @returns {Promise<any>} the module
 */
export async function loadSource(path, names = []) {
  const file = fileURLToPath(new URL(path, root))
  const exported = names.length > 0 ? `\nexport { ${names.join(', ')} }` : ''
  const { outputFiles } = await build({
    stdin: { contents: readFileSync(file, 'utf8') + exported, loader: 'ts', resolveDir: dirname(file) },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
  })
  const [code] = outputFiles.map(({ text }) => Buffer.from(text).toString('base64'))
  return import(`data:text/javascript;base64,${code}`)
}
