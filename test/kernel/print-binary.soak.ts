import { expect, it } from 'vitest'
import { fuzz } from './support/fuzz-binary.ts'

it('decode gives 1,000,000 mutated strings of bytes an error, or a program that is whole', () => {
  expect(fuzz(20_000, 1_000_000)).toBeGreaterThan(40_000)
})
