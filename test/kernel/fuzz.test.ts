import { describe, expect, it } from 'vitest'
import { fuzz } from './support/fuzz.ts'
import type { KernelCase } from './support/fuzz-kernel.ts'
import { shrink } from './support/shrink-kernel.ts'

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

describe('a case that fails', () => {
  const found: KernelCase = {
    source: `(x, y = 1) => {
  let sum = 0, k0 = 0;
  while (k0++ < 5 && x > y) {
    if (sum > 3) sum += helper(x) * Math.imul(x, sum);
    else return 2;
  }
  return sum;
}`,
    captures: { helper: '(a) => a + gain', gain: 3 },
    kernels: [],
    parameters: 2,
    rows: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    isPrinted: false,
  }

  it('shrinks to what still fails', () => {
    const fails = ({ source, rows }: KernelCase) => source.includes('Math.imul(') && rows.some(([x]) => x === 3)
    const { source, captures, rows } = shrink(found, fails)
    expect(source.replace(/\s+/g, ' ')).toBe('(x, y) => { Math.imul(x, 0); }')
    expect(captures).toEqual({})
    expect(rows).toEqual([[3, 4]])
  })

  it('keeps what ends a loop', () => {
    const { source } = shrink(found, (candidate) => candidate.source.includes('while'))
    expect(source).toContain('while (k0++ < 5 && x > y)')
  })
})
