import swc from '@swc/core'
import { build, transform } from 'esbuild'
import { minifySync as oxc } from 'rolldown/utils'
import { minify as terser } from 'terser'

/** What a module's text becomes on its way to users, by each tool; Vite's minifier is oxc's. */
export const TOOLS: Readonly<Record<string, (text: string) => Promise<string>>> = {
  esbuild: async (text) => (await transform(text, { minify: true, format: 'esm' })).code,
  'esbuild, which keeps names, as tsx does': async (text) =>
    (await transform(text, { keepNames: true, format: 'esm', target: 'node20' })).code,
  'esbuild for older engines': async (text) => (await transform(text, { minify: true, target: 'es2017' })).code,
  swc: async (text) => (await swc.minify(text, { module: true, compress: true, mangle: true })).code,
  terser: async (text) => (await terser(text, { module: true })).code ?? '',
  'terser, three times over': async (text) =>
    (await terser(text, { module: true, compress: { passes: 3, unsafe_arrows: true } })).code ?? '',
  oxc: async (text) => oxc('kernels.js', text, { module: true, compress: true, mangle: true }).code,
  'bundling and minifying by esbuild': async (text) => {
    const { outputFiles } = await build({
      stdin: { contents: text },
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
    })
    return outputFiles[0]?.text ?? ''
  },
}

/** The functions that a module of this text exports. */
export async function exportsOf(text: string): Promise<Readonly<Record<string, unknown>>> {
  return import(`data:text/javascript,${encodeURIComponent(text)}`)
}
