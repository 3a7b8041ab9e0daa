import { describe, expect, it } from 'vitest'
import { bundleMath } from '../../../scripts/bundle-math.mjs'
import { compileModule } from '../../../src/kernel/front/module.ts'
import { interpret } from '../../../src/kernel/ir/interpret.ts'
import { FUNCTIONS } from '../../../src/math/functions.ts'
import { rows } from '../support/compiled.ts'
import { refusalOf } from '../support/refusal.ts'

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

describe('a cold function of src/math', () => {
  const refused = (text: string) => refusalOf(() => compileModule(text, ['f'], new Map())).message

  it('is called with as many numbers as it takes, for as many as it gives', () => {
    const cold = 'function coldPair(x) { return [x, -x] }\n'
    const reason = 'coldPair takes 1 numbers and gives 2; name as many'
    expect(refused(`${cold}function f(x) { const [a] = coldPair(x, x); return a }`)).toContain(reason)
    expect(refused(`${cold}function f(x) { const [a, b, c] = coldPair(x); return c }`)).toContain(reason)
  })

  it('gives numbers, everywhere as many', () => {
    const call = '\nfunction f(x) { const [a] = coldPair(x); return a }'
    const many = 'function coldPair(x) { if (x > 0) return [x, 1]; return [x] }'
    expect(refused(many + call)).toContain('coldPair returns 2 numbers elsewhere; return as many')
    expect(refused(`function coldPair(x) { return [x, ...x] }${call}`)).toContain(
      'a cold function returns numbers; name each',
    )
  })

  it('calls operations whose last argument is a constant', () => {
    expect(refused('function f(x, y) { return exponent(x, y) }')).toContain(
      'the second argument of exponent is no constant; write the number there',
    )
  })
})
