import { KernelSyntaxError } from '../../../src/errors.ts'

/** The error of what is no kernel; all else that is thrown goes on. */
export function refusalOf(compile: () => unknown): KernelSyntaxError {
  try {
    compile()
  } catch (error) {
    if (error instanceof KernelSyntaxError) return error
    throw error
  }
  throw new Error('it was not refused')
}
