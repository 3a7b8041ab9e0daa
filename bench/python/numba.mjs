import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { isOnPath } from '../../scripts/setup/programs.mjs'
import { CannotMeasure } from '../harness/case.mjs'

const script = fileURLToPath(new URL('kernels.py', import.meta.url))

/**
 * The command that runs kernels.py. Errors: CannotMeasure where python3 has no numba.
 *
 * @returns {[string, string]}
 */
export function numbaCommand() {
  if (!isOnPath('python3')) throw new CannotMeasure('python3 is not on PATH')
  try {
    execFileSync('python3', ['-c', 'import numba'], { stdio: 'pipe' })
  } catch (cause) {
    throw new CannotMeasure('python3 has no numba; pip install numba to have it', { cause })
  }
  return ['python3', script]
}
