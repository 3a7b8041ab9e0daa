import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { interpret } from '../../../src/kernel/ir/interpret.ts'
import type { Program } from '../../../src/kernel/ir/ir.ts'
import { optimise } from '../../../src/kernel/optimise/optimise.ts'
import { printText } from '../../../src/kernel/print/text.ts'
import { compile } from '../support/compiled.ts'
import { runJs } from '../support/js-loop.ts'
import { compileMeasured } from '../support/measured.ts'
import { drawsFrom } from '../support/random-number.ts'
import { type Case, cases, randomCase } from '../support/random-program.ts'
import { wasmModule } from '../support/wasm-module.ts'

/** What one way of running a program gives of the rows of a case. */
type Run = (program: Program, example: Case) => Float64Array

const interpreted: Run = (program, { uniforms, tables, rows }) =>
  Float64Array.from(rows, (row) => interpret(program, row, uniforms, tables, 100_000))
const asJs: Run = (program, { uniforms, tables, rows }) => runJs(program, uniforms, tables, rows)
const asWasm: Run = (program, { uniforms, tables, rows }) => wasmModule(program, uniforms, tables).run(rows)

/** The first row for which the optimised program gives other bits, or what is left to be optimised of it. */
function fault(example: Case, run: Run): string | undefined {
  const { program, rows } = example
  const optimised = optimise(program)
  const [wanted, got] = [interpreted(program, example), run(optimised, example)]
  const row = rows.findIndex((_, i) => !Object.is(wanted[i], got[i]))
  const texts = () => `${printText(program)}\n${printText(optimised)}`
  if (row !== -1) return `${got[row]}, not ${wanted[row]}, of ${rows[row]}:\n${texts()}`
  const again = printText(optimise(optimised))
  return again === printText(optimised) ? undefined : `optimised again:\n${texts()}\n${again}`
}

describe('an optimised program', () => {
  it('gives the same bits, and the same when it is optimised again: 600 random ones', () => {
    for (let seed = 0; seed < 600; seed++) expect(fault(randomCase(drawsFrom(seed), 8), interpreted)).toBeUndefined()
  })

  it('does so for programs that shrink', () => {
    const isRight = fc.property(cases(6), (example) => {
      expect(fault(example, interpreted)).toBeUndefined()
    })
    fc.assert(isRight, { numRuns: 100 })
  })

  it('gives the same bits as JavaScript and as WASM', () => {
    for (let seed = 10_000; seed < 10_200; seed++) {
      const example = randomCase(drawsFrom(seed), 9)
      expect(fault(example, asJs)).toBeUndefined()
      expect(fault(example, asWasm)).toBeUndefined()
    }
  }, 60_000)

  it('may stand in a loop of another one', () => {
    const count = compile('(x) => { let k = 0; while (k < x) k++; return k }')
    const sum = compile('(x) => { let sum = 0; for (let i = 0; i < 3; i++) sum += count(x - i); return sum }', {
      count: { ...count, program: optimise(count.program) },
    })
    expect(interpret(sum.program, [3])).toBe(3 + 2 + 1)
    expect(interpret(optimise(sum.program), [3])).toBe(3 + 2 + 1)
  })
})

describe('the kernels that speed is measured by', () => {
  it.each(['mandelbrot', 'logistic', 'collatz'])('%s has no operation too many', async (name) => {
    const text = printText(optimise(compileMeasured(name)))
    await expect(text).toMatchFileSnapshot(`../golden/optimised/${name}.txt`)
  })

  // Their texts are those of src/math, for the most part.
  it.each([
    ['blackScholes', 0],
    ['haversine', 4],
  ])('%s computes nothing twice, and leaves %i branches', (name, branches) => {
    const { body } = optimise(compileMeasured(name))
    expect(body.filter(({ kind }) => kind === 'if')).toHaveLength(branches)
    const values = body.flatMap((statement) => (statement.kind === 'let' ? [statement.value] : []))
    const ids = new Map(values.map((value, id) => [value, id]))
    const computed = values.filter(({ op }) => op !== 'get')
    const same = new Set(
      computed.map(({ op, args, imm }) => [op, imm, ...args.map((arg) => ids.get(arg) ?? arg.op + arg.imm)].join()),
    )
    expect(same.size).toBe(computed.length)
  })
})
