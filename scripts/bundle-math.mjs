import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../', import.meta.url))

/**
 * All functions of src/math as the text of one module, for `compileModule`; the operations that only they may use stay imports.
 *
 * @returns {Promise<string>}
 */
export async function bundleMath() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['src/math/functions.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    external: ['*/operations.ts'],
  })
  return outputFiles.map(({ text }) => text).join('')
}
