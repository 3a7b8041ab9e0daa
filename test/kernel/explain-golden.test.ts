import { describe, expect, it } from 'vitest'
import { type KernelOptions, kernel, type NumericFunction } from '../../src/kernel/kernel.ts'
import { themes } from './corpus/themes.ts'

/** One for each kind of construct: straight, looping, masked, with tables, helpers, integers, functions of Math. */
const SHOWN = [
  'Bezier curve',
  'Black–Scholes',
  'Collatz',
  'CRC-32',
  'Easter',
  'HSL to RGB',
  'Kepler by Newton',
  'Mandelbrot set',
  'Perlin noise',
  'bin of a histogram',
  'blending of packed pixels',
  'clamp',
  'days in a month',
  'greatest common divisor',
  'haversine',
  'income tax by brackets',
  'interpolation with a binary search',
  'logistic map',
  'point in polygon',
  'saxpy',
  'trial division',
  'xorshift',
]

describe('explain() of', () => {
  const entries = Object.values(themes).flat()

  it.each(SHOWN)('%s', async (name) => {
    const entry = entries.find((each) => each.name === name)
    if (entry === undefined) throw new Error(`the corpus has no ${name}`)
    const options = { with: entry.with ?? {} } as KernelOptions
    const text = kernel(entry.fn as NumericFunction, options).explain()
    // What there is depends on the machine: test/native/machine-code.test.ts looks at that line.
    await expect(text.replace(/^( {2}native {2}).*$/m, '$1…')).toMatchFileSnapshot(
      `golden/explain/${name.replaceAll(/[^\w-]/g, '-')}.txt`,
    )
  })
})
