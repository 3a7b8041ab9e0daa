import { loadNative, type NativeBinding } from '../../../src/native/load.ts'

const load = loadNative()

/** The addon; undefined where it has not been built. */
export const binding: NativeBinding | undefined = 'binding' in load ? load.binding : undefined

/** Why tests of the native engine are skipped, if they are. `LANEWISE_REQUIRE_NATIVE` turns that into a failure. */
export const withoutNative: string | false =
  'binding' in load ? false : load.errors.map((error) => error.message).join('; ')

if (withoutNative !== false) {
  if (process.env.LANEWISE_REQUIRE_NATIVE) throw new Error(`the native engine is required: ${withoutNative}`)
  console.warn(`tests of the native engine are skipped: ${withoutNative}`)
}
