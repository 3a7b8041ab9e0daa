import { describe, expect, it } from 'vitest'
import { library } from '../../src/kernel/library.ts'
import { optimise } from '../../src/kernel/optimise/optimise.ts'
import { meant } from './corpus/entry.ts'
import { themes } from './corpus/themes.ts'
import { caseText } from './support/case-text.ts'
import { compile, rows } from './support/compiled.ts'
import { CONSTRUCTS } from './support/kernels.ts'
import { drawsFrom } from './support/random-number.ts'

/** From the corpus: straight, looping, with tables, integers, rare paths of Math, `%`. */
const ENTRIES = [
  'Black–Scholes',
  'Collatz',
  'CRC-32',
  'Mandelbrot set',
  'days in a month',
  'greatest common divisor',
  'haversine',
  'interpolation with a binary search',
  'integer hash',
  'linear to sRGB',
  'logistic map',
  'polynomial of degree 10',
  'saxpy',
]

const MORE = ['labels', 'switch that runs on', 'powers that are no calls', 'remainders']

const ROWS = 32

// `npx vitest run --project units -u test/kernel/lanes-golden.test.ts` writes them anew.
describe('what the tests of crates/jit run is current:', () => {
  const entries = Object.values(themes).flat()

  it.each(ENTRIES)('%s', async (name) => {
    const entry = entries.find((each) => each.name === name)
    if (entry === undefined) throw new Error(`the corpus has no ${name}`)
    const draws = drawsFrom(1)
    const edges = [...rows(entry.domains.length, 0)]
    const some = Array.from({ length: ROWS }, (_, i) => (i % 4 === 3 ? draws.of(edges) : meant(entry, draws)))
    const { program, uniforms, tables } = compile(entry.fn, entry.with, library)
    const text = caseText({
      program: optimise(program),
      uniforms: Float64Array.from(uniforms, ({ value }) => value),
      tables: tables.map(({ table }) => Float64Array.from(table)),
      rows: some.map((row) => Float64Array.from(row)),
    })
    await expect(text).toMatchFileSnapshot(fileOf(name))
  })

  it.each(MORE)('%s', async (name) => {
    const { program } = compile(CONSTRUCTS[name] as string, {}, library)
    const draws = drawsFrom(2)
    const edges = [...rows(2, 100)]
    const some = Array.from({ length: ROWS }, () => Float64Array.from(draws.of(edges)))
    const text = caseText({ program: optimise(program), uniforms: new Float64Array(), tables: [], rows: some })
    await expect(text).toMatchFileSnapshot(fileOf(name))
  })
})

function fileOf(name: string): string {
  return `../../crates/jit/tests/programs/${name.replaceAll(/[^\w-]/g, '-')}.txt`
}
