import { compileKernel } from '../../../src/kernel/compiler.ts'
import { machineCodeOf, type NativeCode } from '../../../src/native/machine-code.ts'

const made = machineCodeOf(compileKernel('(x) => x + 1', 'trial', { values: {} }).parts.code)

/** The addon, with the code of a kernel. */
export const native: NativeCode | undefined = 'code' in made ? made : undefined

/** Whether kernels run natively here: not where the addon has not been built, nor where this processor has nothing for it. */
export const isNative: boolean = 'code' in made

/** Why tests of the native engine are skipped, if they are. `LANEWISE_REQUIRE_NATIVE` turns that into a failure. */
export const withoutNative: string | false = 'code' in made ? false : made.error.message

if (withoutNative !== false) {
  if (process.env.LANEWISE_REQUIRE_NATIVE) throw new Error(`the native engine is required: ${withoutNative}`)
  console.warn(`tests of the native engine are skipped: ${withoutNative}`)
}
