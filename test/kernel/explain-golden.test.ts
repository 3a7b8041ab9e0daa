import { afterEach, describe, expect, it, vi } from 'vitest'
import { type KernelOptions, kernel, type NumericFunction } from '../../src/kernel/kernel.ts'
import { themes } from './corpus/themes.ts'
import { ISAS } from './support/native-rows.ts'

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

const entries = Object.values(themes).flat()

function explained(name: string): string {
  const entry = entries.find((each) => each.name === name)
  if (entry === undefined) throw new Error(`the corpus has no ${name}`)
  const options = { with: entry.with ?? {} } as KernelOptions
  return kernel(entry.fn as NumericFunction, options).explain()
}

const NATIVE = /^ {2}native {2}(.*)$/m

afterEach(() => vi.unstubAllEnvs())

describe('explain() of', () => {
  it.each(SHOWN)('%s', async (name) => {
    // What machine code there is depends on the machine: it stands in a file of its own.
    const text = explained(name).replace(NATIVE, '  native  …')
    await expect(text).toMatchFileSnapshot(`golden/explain/${name.replaceAll(/[^\w-]/g, '-')}.txt`)
  })

  it.each(ISAS)('machine code for %s', async (isa) => {
    vi.stubEnv('LANEWISE_ISA', isa)
    const lines = SHOWN.map((name) => `${name}: ${NATIVE.exec(explained(name))?.[1]}\n`)
    await expect(lines.join('')).toMatchFileSnapshot(`golden/explain/native-${isa}.txt`)
  })
})
