import { beforeAll, describe, expect, it } from 'vitest'
import { interpret } from '../../src/kernel/ir/interpret.ts'
import { library } from '../../src/kernel/library.ts'
import { optimise } from '../../src/kernel/optimise/optimise.ts'
import { compileAssemblyScript, type RunItem } from '../kernel/support/assemblyscript.ts'
import { rows } from '../kernel/support/compiled.ts'
import { runJs } from '../kernel/support/js-loop.ts'
import { ISAS, runNative } from '../kernel/support/native-rows.ts'
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
    expect(difference(runJs(program, new Float64Array(), [], points))).toBeUndefined()
  })

  it('has the same bits in WASM, two lanes and one', () => {
    const module = wasmModule(program)
    expect(difference(module.run(points))).toBeUndefined()
    expect(difference(points.map((row) => module.row(row)))).toBeUndefined()
  })

  it.each(ISAS)('has the same bits in machine code for %s', (isa) => {
    expect(difference(runNative(program, isa, new Float64Array(), [], points))).toBeUndefined()
  })

  it('has the same bits in AssemblyScript', () => {
    const run = assemblyScript.get(name)!
    expect(difference(points.map((row) => run(row)))).toBeUndefined()
  })

  function difference(results: ArrayLike<number>): object | undefined {
    const i = wanted.findIndex((want, i) => !Object.is(results[i], want))
    return i === -1 ? undefined : { row: points[i], result: results[i], wanted: wanted[i] }
  }
})
