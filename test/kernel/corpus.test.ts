import { describe, expect, it } from 'vitest'
import { library } from '../../src/kernel/library.ts'
import { meant } from './corpus/entry.ts'
import { themes } from './corpus/themes.ts'
import { compile, rows } from './support/compiled.ts'
import { differenceOf } from './support/engines.ts'
import { plainFunction } from './support/plain.ts'
import { drawsFrom } from './support/random-number.ts'

// Of those that run one by one: the interpreter takes milliseconds for an item of a hundred sines.
const FEW = 20

describe.each(Object.entries(themes))('%s', (_, entries) => {
  it.each(entries.map((entry) => [entry.name, entry] as const))('%s has the bits of its function', (_, entry) => {
    const compiled = compile(entry.fn, entry.with, library)
    const plain = plainFunction(String(entry.fn), entry.with)
    const draws = drawsFrom(1)
    // In turns, so that both kinds are among the first few, and side by side in a vector.
    const given = [...rows(entry.domains.length, 100)].flatMap((edges) => [edges, meant(entry, draws)])
    const wanted = Float64Array.from(given, (row) => Number(plain(...row)))
    const found = differenceOf(compiled, given, wanted, FEW)
    expect(found && { ...found, inputs: given[found.row] }).toBeUndefined()
  })

  it.each(entries.map((entry) => [entry.name, entry] as const))('%s is near to what V8 gives', (_, entry) => {
    const { relative = 0, absolute = 0 } = entry.tolerance ?? {}
    const plain = plainFunction(String(entry.fn), entry.with)
    const draws = drawsFrom(2)
    for (let count = 0; count < 2000; count++) {
      const row = meant(entry, draws)
      const [ours, theirs] = [Number(plain(...row)), Number(entry.fn(...row))]
      const most = Math.max(relative * Math.abs(theirs), absolute)
      const isNear = Object.is(ours, theirs) || Math.abs(ours - theirs) <= most
      expect(isNear ? undefined : { row, ours, theirs }).toBeUndefined()
    }
  })
})

it('has at least 40 kernels', () => {
  expect(Object.values(themes).flat().length).toBeGreaterThanOrEqual(40)
})
