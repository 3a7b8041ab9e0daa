import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { interpret } from '../../../src/kernel/ir/interpret.ts'
import { optimise } from '../../../src/kernel/optimise/optimise.ts'
import { schedule } from '../../../src/kernel/optimise/schedule.ts'
import { printText } from '../../../src/kernel/print/text.ts'
import { compile } from '../support/compiled.ts'
import { cases } from '../support/random-program.ts'

const scheduled = (source: string) => printText(schedule(compile(source).program))
const optimised = (source: string) => printText(schedule(optimise(compile(source).program)))

describe('a scheduled program', () => {
  it('gives the same bits', () => {
    fc.assert(
      fc.property(cases(4), ({ program, uniforms, tables, rows }) => {
        const same = schedule(program)
        for (const row of rows) {
          expect(interpret(same, row, uniforms, tables)).toBe(interpret(program, row, uniforms, tables))
        }
        expect(printText(schedule(same))).toBe(printText(same))
      }),
      { numRuns: 500 },
    )
  })

  it('does not know in which order values were declared', () => {
    const first = '(x, y) => { const a = x * 2; const b = y - 1; return b / a }'
    expect(scheduled(first)).toBe(scheduled('(x, y) => { const b = y - 1; const a = x * 2; return b / a }'))
    expect(scheduled(first)).toBe(scheduled('(x, y) => (y - 1) / (x * 2)'))
  })

  it('computes in a branch what it alone needs, and nothing in a loop that was outside', () => {
    const source = `(x, y) => { const a = Math.sqrt(x), b = Math.sqrt(y), unused = x * y; let s = 0
      if (x > y) { for (let i = 0; i < 9; i++) s += a * i } else s = b
      return s }`
    expect(scheduled(source)).toBe(`kernel f(x, y)
  s := 0
  %0 = gt x, y
  if %0
    i := 0
    %1 = sqrt x
    loop for, 9 rounds
      %2 = get s: f64
      %3 = get i: f64
      %4 = mul %1, %3
      %5 = add %2, %4
      s := %5
      %6 = get i: f64
      %7 = add %6, 1
      i := %7
      %8 = get i: f64
      %9 = lt %8, 9
      if %9
      else
        leave for
  else
    %10 = sqrt y
    s := %10
  %11 = get s: f64
  result := %11
result result: f64
`)
  })

  it('computes in front of a branch what is all that is needed of several values behind it', () => {
    const source = `(x, y) => { let a = x, b = y, c = y
      if (x > 0) for (let i = 0; i < y; i++) { a *= x; b += a }
      if (y > 0) for (let i = 0; i < x; i++) c *= y
      return (a * b) / c + Math.sqrt(a * b) + (x + y) }`
    expect(optimised(source)).toMatch(/mul %9, %10\n {2}%12 = gt y, 0\n[\s\S]*div %11, /)
  })

  it('leaves behind a branch what would keep as much alive in front of it', () => {
    const source = `(x, y) => { let a = x, c = y
      if (x > 0) for (let i = 0; i < y; i++) a *= x
      if (y > 0) for (let i = 0; i < x; i++) c *= y
      return Math.sqrt(a) + c }`
    expect(optimised(source)).toMatch(/gt y, 0\n[\s\S]* {2}%15 = sqrt %14\n/)
  })

  it('reads a variable before it is set again', () => {
    const source = `(x, y) => { let a = x; const was = a; if (x > y) { a = y; return was * 2 } a = 3; return was + a }`
    expect(scheduled(source)).toBe(`kernel f(x, y)
  a := x
  %0 = gt x, y
  %1 = get a: f64
  if %0
    a := y
    %2 = mul %1, 2
    result := %2
  else
    a := 3
    %3 = get a: f64
    %4 = add %1, %3
    result := %4
result result: f64
`)
  })
})
