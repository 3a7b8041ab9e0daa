import { expectTypeOf, it } from 'vitest'
import type * as addon from '../../crates/node/binding.d.ts'
import type { NativeBinding } from '../../src/native/load.ts'

it('the face of the addon is what the TypeScript side takes it for', () => {
  expectTypeOf<typeof addon>().toExtend<NativeBinding>()
})
