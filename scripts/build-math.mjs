/**
 * Compiles the functions of src/math and embeds them, in the binary form of the IR, as base64 in src/generated/math-ir.ts: no bundler or minifier of a user
 * comes between our sine and the compiler.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { bundleMath } from './bundle-math.mjs'
import { loadSource } from './load-source.mjs'

// The compiler imports what is made by it here, and needs none of it for that: it is given nothing, whatever an older version of this has left.
write('{}', '{}')

/** @type {typeof import('../src/kernel/front/module.ts')} */
const { compileModule } = await loadSource('src/kernel/front/module.ts')
/** @type {typeof import('../src/kernel/optimise/optimise.ts')} */
const { optimise } = await loadSource('src/kernel/optimise/optimise.ts')
/** @type {typeof import('../src/kernel/print/binary.ts')} */
const { encode } = await loadSource('src/kernel/print/binary.ts')
/** @type {typeof import('../src/math/functions.ts')} */
const { FUNCTIONS, HYPOT_PARTS } = await loadSource('src/math/functions.ts')

const module = await bundleMath()
write(compiled(Object.keys(FUNCTIONS)), compiled(Object.keys(HYPOT_PARTS)))

/**
 * Both are objects as texts.
 *
 * @param {string} functions
 * @param {string} hypotParts
 */
function write(functions, hypotParts) {
  mkdirSync('src/generated', { recursive: true })
  writeFileSync(
    'src/generated/math-ir.ts',
    '// Made by `node scripts/build-math.mjs` out of src/math; never edited.\n' +
      `export const mathIr: Readonly<Record<string, string>> = ${functions}\n` +
      `export const hypotParts = ${hypotParts} as const\n`,
  )
}

/**
 * An object of those functions as a text.
 *
 * @param {string[]} names
 */
function compiled(names) {
  const programs = compileModule(module, names, new Map())
  const lines = [...programs].map(([name, program]) => {
    return `  ${name}:\n    '${Buffer.from(encode(optimise(program))).toString('base64')}',\n`
  })
  return `{\n${lines.join('')}}`
}
