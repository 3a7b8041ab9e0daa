import { describe, expect, it } from 'vitest'
import { bundleMath } from '../../scripts/bundle-math.mjs'
import { interpret } from '../../src/kernel/interpret.ts'
import { compileModule } from '../../src/kernel/module.ts'
import { FUNCTIONS } from '../../src/math/functions.ts'
import { rows } from './support/compiled.ts'

const names = Object.keys(FUNCTIONS)
const programs = compileModule(await bundleMath(), names, new Map())

describe('a compiled module', () => {
  it.each(Object.entries(FUNCTIONS))('has the bits of %s', (name, fn) => {
    const program = programs.get(name)
    expect(program).toBeDefined()
    if (!program) return
    for (const row of rows(program.inputs.length)) {
      const [got, wanted] = [interpret(program, row), fn(row[0] as number, row[1] as number)]
      if (!Object.is(got, wanted)) expect({ row, result: got }).toEqual({ row, result: wanted })
    }
  })

  it('refuses a name that it does not have', () => {
    expect(() => compileModule('export const a = 1', ['a'], new Map())).toThrow('the module has no function a')
  })
})
