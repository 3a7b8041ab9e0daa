import { describe, expect, it } from 'vitest'
import { fuzz } from './support/fuzz.ts'

const KERNELS = 2000
const AT_ONCE = 250

// A seed names a kernel and its rows: fuzz(seed, seed + 1) runs it again.
describe('random kernels have the bits of their own text in JavaScript, on every engine', () => {
  it.each(Array.from({ length: KERNELS / AT_ONCE }, (_, i) => i * AT_ONCE))(
    'from seed %i',
    (from) => {
      expect(fuzz(from, from + AT_ONCE) / AT_ONCE).toBeLessThan(0.02)
    },
    60_000,
  )
})
