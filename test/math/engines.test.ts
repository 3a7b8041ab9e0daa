import { beforeAll, describe, expect, it } from 'vitest'
import { interpret } from '../../src/kernel/interpret.ts'
import { library } from '../../src/kernel/library.ts'
import { optimise } from '../../src/kernel/optimise.ts'
import { compileAssemblyScript, type RunItem } from '../kernel/support/assemblyscript.ts'
import { rows } from '../kernel/support/compiled.ts'
import { runJs } from '../kernel/support/js-loop.ts'
import { wasmModule } from '../kernel/support/wasm-module.ts'

const names = [...library.keys(), 'hypot3', 'hypot5']
const programs = names.map((name) => optimise(library.get(name)!))

let assemblyScript: Map<string, RunItem>
beforeAll(async () => {
  assemblyScript = await compileAssemblyScript(programs, 3)
}, 120_000)

describe.each(programs.map((program) => [program.name, program] as const))('%s', (name, program) => {
  const points = [...rows(program.inputs.length)].map((row) => Float64Array.from(row))
  const wanted = points.map((row) => interpret(program, row))

  it('has the same bits in JavaScript', () => {
    expectSame(runJs(program, new Float64Array(), [], points))
  })

  it('has the same bits in WASM, two lanes and one', () => {
    const module = wasmModule(program)
    expectSame(module.run(points))
    expectSame(points.map((row) => module.row(row)))
  })

  it('has the same bits in AssemblyScript', () => {
    const run = assemblyScript.get(name)!
    expectSame(points.map((row) => run(row)))
  })

  function expectSame(results: ArrayLike<number>): void {
    for (const [i, row] of points.entries()) {
      if (!Object.is(results[i], wanted[i])) expect({ row, result: results[i] }).toEqual({ row, result: wanted[i] })
    }
    expect(results.length).toBe(wanted.length)
  }
})
