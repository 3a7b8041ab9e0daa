import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isOnPath } from '../../../scripts/setup/programs.mjs'
import { CannotMeasure } from '../../harness/case.mjs'

/**
 * @typedef {object} Program
 * @property {string} source
 * @property {readonly string[]} flags what a C programmer gives the compiler
 * @property {readonly string[]} [only] the kernels that it has; left out: all
 */

/** By what they are called in tables. @type {Record<string, Program>} */
export const C_PROGRAMS = {
  // Bit for bit what is written: nothing contracted or re-associated.
  'C, strict': { source: 'kernels.c', flags: ['-O3', '-march=native', '-ffp-contract=off'] },
  // As strict, in vectors by hand, with functions of Math that are as accurate as ours.
  'C, strict vectors': {
    source: 'strictmath.c',
    flags: ['-O3', '-march=native', '-mprefer-vector-width=512', '-ffp-contract=off', '-fno-math-errno', '-w'],
    only: ['Black-Scholes', 'haversine'],
  },
  // With glibc this calls the vector functions of libmvec, accurate to 4 ULP.
  'C, fast-math': {
    source: 'kernels.c',
    flags: ['-O3', '-march=native', '-mprefer-vector-width=512', '-ffast-math'],
  },
}

/**
 * Compiles one of them, and answers with the program's path.
 *
 * Errors: CannotMeasure where there is no compiler that takes these flags.
 *
 * @param {string} folder
 * @param {Program} program
 */
export function compileC(folder, { source, flags }) {
  if (!isOnPath('cc')) throw new CannotMeasure('cc is not on PATH; install a C compiler to have it')
  const program = join(folder, 'kernels')
  const path = fileURLToPath(new URL(source, import.meta.url))
  try {
    execFileSync('cc', [...flags, '-o', program, path, '-lm'], { stdio: 'pipe' })
  } catch (cause) {
    throw new CannotMeasure(`cc does not compile ${source} with ${flags.join(' ')}`, { cause })
  }
  return program
}
