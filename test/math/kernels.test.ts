import { describe, expect, it } from 'vitest'
import { InlineExecutor } from '../../src/executors/inline.ts'
import { kernel } from '../../src/kernel/kernel.ts'
import { erf, erfc, lgamma, normcdf } from '../../src/math.ts'

const POINTS = [-Infinity, -30.5, -3, -2.5, -0.3, -0, 0, 1e-300, 0.25, 1, 2, 8, 1e300, Infinity, NaN]

describe.each([erf, erfc, normcdf, lgamma])('$name of lanewise/math', (made) => {
  it('is what its source computes, called and mapped', async () => {
    const wanted = POINTS.map((x) => made.fn(x))
    expect(POINTS.map((x) => made(x))).toEqual(wanted)
    const pool = new InlineExecutor()
    expect([...(await pool.map(made, POINTS))]).toEqual(wanted)
  })

  it('may be called by kernels', () => {
    const twice = kernel((x: number) => 2 * made(x), { with: { made } })
    for (const x of POINTS) expect(twice(x)).toBe(2 * made(x))
  })

  it('explains itself', () => {
    expect(made.explain()).toContain(`(x) => ${made.name}(x), of lanewise/math`)
  })
})
