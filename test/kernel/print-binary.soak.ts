import { expect, it } from 'vitest'
import { fuzz } from './support/fuzz-binary.ts'

it.each(['item', 'lanes'] as const)(
  'decode gives 1,000,000 mutated strings of bytes an error, or a program that is whole, in the form for %s',
  (form) => {
    expect(fuzz(20_000, 1_000_000, form)).toBeGreaterThan(40_000)
  },
)
