import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

/** Written by napi whenever the addon is built. */
const WRITTEN = 'native/binding.d.ts'
/** The same, kept, so that a change of the face is seen in review, and `binding.test-d.ts` beside this file has it without Rust. */
const KEPT = 'crates/node/binding.d.ts'

const isBuilt = existsSync(WRITTEN)
if (!isBuilt)
  console.warn(`the face of the addon is not compared: there is no ${WRITTEN}, as the addon was not built here`)

it.skipIf(!isBuilt)('the face of the addon that napi writes is the one that is kept', () => {
  const text = (path: string) => readFileSync(path, 'utf8').replaceAll('\r\n', '\n')
  expect(text(WRITTEN), `has it changed on purpose? then copy ${WRITTEN} to ${KEPT}`).toBe(text(KEPT))
})
