import { describe, expect, it } from 'vitest'
import { Builder } from '../../../src/kernel/ir/build.ts'
import { interpret } from '../../../src/kernel/ir/interpret.ts'
import type { Program, Statement, Subroutine, Variable } from '../../../src/kernel/ir/ir.ts'

const result: Variable = { name: 'result', type: 'f64' }

function program(body: readonly Statement[], parts: Partial<Program> = {}): Program {
  return { name: 'f', inputs: [{ name: 'x' }], uniforms: [], tables: [], body, result, subroutines: [], ...parts }
}

describe('the meaning of a program', () => {
  it('is what its operations make of inputs, uniforms and constants', () => {
    const b = new Builder()
    const axpy = program(
      b.body(() => b.set(result, b.op('add', [b.op('mul', [b.uniform(0), b.input(0)]), b.input(1)]))),
      { inputs: [{ name: 'x' }, { name: 'y', default: 0.5 }], uniforms: ['a'] },
    )
    expect(interpret(axpy, [3, 1], [2])).toBe(7)
    expect(interpret(axpy, [3], [2])).toBe(6.5)
    expect(interpret(axpy, [], [2])).toBeNaN()
  })

  it('reads a variable where it says so, not where the value is used', () => {
    const b = new Builder()
    const v: Variable = { name: 'v', type: 'f64' }
    const body = b.body(() => {
      b.set(v, b.const(1))
      const before = b.get(v)
      b.set(v, b.const(10))
      b.set(result, b.op('sub', [b.get(v), before]))
    })
    expect(interpret(program(body), [0])).toBe(9)
  })

  it('goes round a loop, on to the next round and out of it, by the labels that are left', () => {
    const b = new Builder()
    const i: Variable = { name: 'i', type: 'i32' }
    // for (i = 0; ; i++) { if (i === 3) continue; if (i > x) break; result += i }
    const body = b.body(() => {
      b.set(i, b.constI32(0))
      b.set(result, b.const(0))
      b.loop('for', (loop) => {
        b.block('next', (next) => {
          b.if(b.op('eqI32', [b.get(i), b.constI32(3)]), () => b.leave(next))
          b.if(b.op('gt', [b.op('i32ToF64', [b.get(i)]), b.input(0)]), () => b.leave(loop))
          b.set(result, b.op('add', [b.get(result), b.op('i32ToF64', [b.get(i)])]))
        })
        b.set(i, b.op('addI32', [b.get(i), b.constI32(1)]))
      })
    })
    expect(interpret(program(body), [5])).toBe(0 + 1 + 2 + 4 + 5)
    expect(interpret(program(body), [-1])).toBe(0)
    expect(() => interpret(program(body), [5], [], [], 6)).toThrow('the loop for takes too many rounds')
  })

  it('looks entries of a table up; one that is not there is NaN', () => {
    const b = new Builder()
    const body = b.body(() => b.set(result, b.gather(0, b.input(0))))
    const entry = (x: number) => interpret(program(body, { tables: ['t'] }), [x], [], [Float64Array.of(7, 8, 9)])
    expect([0, -0, 2].map(entry)).toEqual([7, 7, 9])
    for (const x of [-1, 3, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32]) expect(entry(x)).toBeNaN()

    const length = b.body(() => b.set(result, b.length(0)))
    expect(interpret(program(length, { tables: ['t'] }), [0], [], [[1, 2]])).toBe(2)
  })

  it('hands values to a subroutine and its results to variables', () => {
    const b = new Builder()
    const sum: Variable = { name: 'sum', type: 'f64' }
    const isLess: Variable = { name: 'isLess', type: 'mask' }
    const subroutine: Subroutine = {
      name: 'both',
      inputs: ['f64', 'i32'],
      body: b.body(() => {
        const n = b.op('i32ToF64', [b.input(1, 'i32')])
        b.set(sum, b.op('add', [b.input(0), n]))
        b.set(isLess, b.op('lt', [b.input(0), n]))
      }),
      results: [sum, isLess],
    }
    const less: Variable = { name: 'less', type: 'mask' }
    const body = b.body(() => {
      b.call(subroutine, [b.input(0), b.constI32(2)], [result, less])
      b.if(b.get(less), () => b.set(result, b.op('neg', [b.get(result)])))
    })
    expect(interpret(program(body, { subroutines: [subroutine] }), [1])).toBe(-3)
    expect(interpret(program(body, { subroutines: [subroutine] }), [5])).toBe(7)
  })

  it('has no value before it is computed', () => {
    const b = new Builder()
    const body = b.body(() => {
      b.set(result, b.op('neg', [b.input(0)]))
    })
    expect(() => interpret(program(body.toReversed()), [1])).toThrow('neg is used before it is computed')
  })
})
