import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isOnPath } from '../../../scripts/setup/programs.mjs'
import { CannotMeasure } from '../../harness/case.mjs'

const source = fileURLToPath(new URL('kernels.c', import.meta.url))

/** What a C programmer gives the compiler, by what he asks of it. @type {Record<string, readonly string[]>} */
export const C_FLAGS = {
  // Bit for bit what is written: nothing contracted or re-associated.
  'C, strict': ['-O3', '-march=native', '-ffp-contract=off'],
  // With glibc this calls the vector functions of libmvec, accurate to 4 ULP.
  'C, fast-math': ['-O3', '-march=native', '-mprefer-vector-width=512', '-ffast-math'],
}

/**
 * Compiles kernels.c, and answers with the program's path.
 *
 * Errors: CannotMeasure where there is no compiler that takes these flags.
 *
 * @param {string} folder
 * @param {readonly string[]} flags
 */
export function compileC(folder, flags) {
  if (!isOnPath('cc')) throw new CannotMeasure('cc is not on PATH; install a C compiler to have it')
  const program = join(folder, 'kernels')
  try {
    execFileSync('cc', [...flags, '-o', program, source, '-lm'], { stdio: 'pipe' })
  } catch (cause) {
    throw new CannotMeasure(`cc does not compile kernels.c with ${flags.join(' ')}`, { cause })
  }
  return program
}
