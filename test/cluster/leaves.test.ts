import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ArrivingLeaves } from '../../src/cluster/leaves.ts'
import { FOLDS, LeafFolder, leavesOf } from '../../src/engines/reduce.ts'

it('leaves have the same bits, however their rows arrive', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 12 })
  const property = fc.property(fc.constantFrom(...FOLDS), cuts, fc.infiniteStream(fc.nat()), (fold, sizes, random) => {
    const rows = sizes.reduce((sum, size) => sum + size, 0)
    const values = Float64Array.from({ length: rows }, (_, i) => Math.sin(i) + (i % 7 === 0 ? 0 : 1e-3 * i))
    const expected = new Float64Array(leavesOf(rows))
    const put = (leaf: number, total: number): void => {
      expected[leaf] = total
    }
    new LeafFolder(fold, rows, put).take(values, 0, rows)
    const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0))
    const order = sizes.map((_, i) => ({ i, at: random.next().value })).sort((a, b) => a.at - b.at)
    const got = new Float64Array(expected.length).fill(Number.NaN)
    const leaves = new ArrivingLeaves(fold, rows, got)
    for (const { i } of order) leaves.take(starts[i]!, values.slice(starts[i], starts[i]! + sizes[i]!))
    expect(got).toEqual(expected)
  })
  fc.assert(property)
})
