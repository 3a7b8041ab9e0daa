import { describe, expect, it } from 'vitest'
import { Builder } from '../../src/kernel/ir/build.ts'
import type { Program, Subroutine, Variable } from '../../src/kernel/ir/ir.ts'
import { printText } from '../../src/kernel/print/text.ts'
import { NO_WORDS, named } from './support/named.ts'

/** Made anew by each call: nothing of two is identical. */
function example(): Program {
  const b = new Builder()
  const [result, i, j]: Variable[] = [
    { name: 'result', type: 'f64' },
    { name: 'i', type: 'i32' },
    { name: 'i', type: 'f64' },
  ]
  const [r, s, t] = [result, i, j] as [Variable, Variable, Variable]
  const reduce: Subroutine = {
    name: 'reduce',
    inputs: ['f64', 'i32'],
    body: b.body(() => b.set(t, b.op('mul', [b.input(0), b.op('i32ToF64', [b.input(1, 'i32')])]))),
    results: [t],
  }
  const body = b.body(() => {
    const k = b.op('mantissa', [b.input(0)], 0x3ff00000)
    b.set(r, b.op('add', [k, b.const(-0)]))
    b.set(s, b.constI32(-7))
    b.block('all', (all) => {
      b.loop(
        'while',
        (loop) => {
          b.if(
            b.op('lt', [b.gather(0, b.input(1)), b.uniform(0)]),
            () => b.leave(loop),
            () => b.leave(all),
          )
        },
        9,
      )
      b.loop('while', (loop) => b.if(b.constMask(true), () => b.leave(loop)))
    })
    b.set(t, b.length(0))
    b.call(reduce, [b.get(t), b.get(s)], [r])
  })
  return {
    name: 'f',
    inputs: [{ name: 'x' }, { name: 'y', default: 1.5 }],
    uniforms: ['a'],
    tables: ['t'],
    body,
    result: r,
    subroutines: [reduce],
  }
}

describe('the text of a program', () => {
  it('shows every statement, value and variable', () => {
    expect(printText(example())).toBe(`kernel f(x, y = 1.5), uniforms [a], tables [t]
  %0 = mantissa[1072693248] x
  %1 = add %0, -0
  result := %1
  i := -7i
  block all
    loop while, 9 rounds
      %2 = gather t, y
      %3 = lt %2, $a
      if %3
        leave while
      else
        leave all
    loop while.2
      if true
        leave while.2
  i.2 := t.length
  %4 = get i.2: f64
  %5 = get i: i32
  result: f64 := reduce(%4, %5)
result result: f64

subroutine reduce(#0: f64, #1: i32)
  %0 = i32ToF64 #1
  %1 = mul #0, %0
  i := %1
results i: f64
`)
  })

  it('keeps lines and names apart, whatever a name is', () => {
    const shape = printText(named('x')).split('\n')
    for (const name of NO_WORDS) {
      const shown = ['a b', 'a.b', 'öde', 'x'.repeat(1000)].includes(name) ? name : JSON.stringify(name)
      const lines = printText(named(name)).split('\n')
      expect(lines).toHaveLength(shape.length)
      expect(lines[0]).toBe(`kernel ${shown}(${shown}), uniforms [${shown}], tables [${shown}]`)
    }
  })

  it('is the same for programs that differ in identities alone', () => {
    expect(printText(example())).toBe(printText(example()))
  })

  it('says of a value that it is used where it was not computed', () => {
    const b = new Builder()
    const result: Variable = { name: 'r', type: 'f64' }
    const body = b.body(() => b.set(result, b.op('neg', [b.input(0)]))).slice(1)
    const program = { name: 'f', inputs: [{ name: 'x' }], uniforms: [], tables: [], body, result, subroutines: [] }
    expect(printText(program)).toContain('r := (neg x, not computed)')
  })
})
