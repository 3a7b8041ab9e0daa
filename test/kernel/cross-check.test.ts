import { beforeAll, describe, expect, it } from 'vitest'
import type { Compiled } from '../../src/kernel/front/check.ts'
import type { Program } from '../../src/kernel/ir/ir.ts'
import { library } from '../../src/kernel/library.ts'
import { optimise } from '../../src/kernel/optimise/optimise.ts'
import { type Entry, meant } from './corpus/entry.ts'
import { themes } from './corpus/themes.ts'
import { compileAssemblyScript, type RunItem } from './support/assemblyscript.ts'
import { compile, rows } from './support/compiled.ts'
import { differenceAsIs } from './support/engines.ts'
import { drawsFrom } from './support/random-number.ts'

/** A kernel of the corpus as it is compiled first, and as engines run it. */
interface Checked {
  readonly entry: Entry
  readonly kernel: Compiled
  readonly forms: Readonly<Record<'plain' | 'optimised', Program>>
}

// Of those that run one by one: the interpreter takes milliseconds for an item of a hundred sines.
const FEW = 10

const checked = Object.values(themes)
  .flat()
  .map((entry, i): Checked => {
    const kernel = compile(entry.fn, entry.with, library)
    const optimised = { ...optimise(kernel.program), name: `optimised${i}` }
    return { entry, kernel, forms: { plain: { ...kernel.program, name: `plain${i}` }, optimised } }
  })

// A compiler that is not ours, from the text to the bytes: what both agree on is not a mistake of the byte printer.
describe('the corpus, printed as AssemblyScript and compiled by asc', () => {
  let compiled: Map<string, RunItem>
  beforeAll(async () => {
    const programs = checked.flatMap(({ forms }) => [forms.plain, forms.optimised])
    compiled = await compileAssemblyScript(programs, 0)
  }, 120_000)

  it.each(checked.map((each) => [each.entry.name, each] as const))('%s: every engine gives its bits', (_, each) => {
    const { entry, kernel, forms } = each
    const draws = drawsFrom(3)
    const given = [...rows(entry.domains.length, 20)].flatMap((edges) => [edges, meant(entry, draws)])
    const uniforms = kernel.uniforms.map(({ value }) => value)
    const tables = kernel.tables.map(({ table }) => table)
    for (const program of Object.values(forms)) {
      const run = compiled.get(program.name)!
      const wanted = Float64Array.from(given, (row) => run(row, uniforms, tables))
      const found = differenceAsIs({ ...kernel, program }, given, wanted, FEW)
      expect(found && { ...found, program: program.name, inputs: given[found.row] }).toBeUndefined()
    }
  })
})
