import { describe, expect, it } from 'vitest'
import { Builder } from '../../../src/kernel/ir/build.ts'
import type { Program, Variable } from '../../../src/kernel/ir/ir.ts'

describe('the builder', () => {
  it('writes a value where it is asked for, and leaves nowhere', () => {
    const b = new Builder()
    const result: Variable = { name: 'r', type: 'f64' }
    const body = b.body(() => {
      const x = b.input(0)
      b.if(
        b.op('lt', [x, b.const(1)]),
        () => b.set(result, b.op('neg', [x])),
        () => b.set(result, x),
      )
    })
    const program: Program = {
      name: 'f',
      inputs: [{ name: 'x' }],
      uniforms: [],
      tables: [],
      body,
      result,
      subroutines: [],
    }
    expect(program.body.map(({ kind }) => kind)).toEqual(['let', 'if'])
    expect(body[1]).toMatchObject({
      yes: [
        { kind: 'let', value: { op: 'neg', type: 'f64' } },
        { kind: 'set', variable: result },
      ],
      no: [{ kind: 'set', value: { op: 'input', imm: 0 } }],
    })
  })

  it('takes both sides of a select of one type, and refuses what does not fit', () => {
    const b = new Builder()
    const [one, yes] = [b.constI32(1), b.constMask(true)]
    expect(b.op('select', [yes, one, one]).type).toBe('i32')
    expect(() => b.op('select', [yes, one, b.const(1)])).toThrow('argument 2 of select is i32, not f64')
    expect(() => b.op('add', [b.const(1)])).toThrow('add takes 2 values, not 1')
    expect(() => b.set({ name: 'v', type: 'f64' }, one)).toThrow('v is f64, not i32')
  })
})
