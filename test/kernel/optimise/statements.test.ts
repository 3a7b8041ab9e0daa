import { describe, expect, it } from 'vitest'
import { library } from '../../../src/kernel/library.ts'
import { optimise } from '../../../src/kernel/optimise/optimise.ts'
import { printText } from '../../../src/kernel/print/text.ts'
import { compile } from '../support/compiled.ts'

/** The statements that are left of a kernel. */
function left(source: string): string {
  const text = printText(optimise(compile(source, {}, library).program))
  return `\n${text.split('\n').slice(1, -2).join('\n')}\n`
}

describe('optimised variables', () => {
  it('are what was set, where nothing else may have been', () => {
    expect(left('(x, y) => { let a = x; let b = a + y; a = b; b = a * 2; return a + b }')).toBe(`
  %0 = add x, y
  %1 = mul %0, 2
  %2 = add %0, %1
  result := %2
`)
  })

  it('are read once where ways meet, if something is left to choose by a branch', () => {
    expect(left('(x, y) => { let r = 1; if (x < y) r = x % y; return r * r + (x < y ? 7 : 8) }')).toBe(`
  r := 1
  %0 = lt x, y
  if %0
    %1 = rem x, y
    r := %1
  %2 = get r: f64
  %3 = mul %2, %2
  %4 = select %0, 7, 8
  %5 = add %3, %4
  result := %5
`)
  })

  it('of two branches that do the same by the same condition are one', () => {
    const source =
      '(x, y) => { let r = 0; if (x > y) r = Math.sin(x); let q = 0; if (x > y) q = Math.sin(x); return r * q }'
    expect(left(source).match(/ := coldQuadrant/g)).toHaveLength(1)
    expect(left('(x) => Math.sin(x) + Math.cos(x)').match(/ := coldQuadrant/g)).toHaveLength(1)
  })

  it('that only count for themselves are gone, with loops whose bounds are known', () => {
    expect(left('(x) => { let s = 0; for (let i = 0; i < 9; i++) s += i; return x }')).toBe(`
  result := x
`)
  })

  it('decide in a loop that may go on for ever whether it does', () => {
    expect(left('(x) => { let s = x; let rounds = 0; while (s > 1) { s /= 2; rounds++ } return x }')).toBe(`
  s := x
  loop while
    %0 = get s: f64
    %1 = gt %0, 1
    %2 = not %1
    if %2
      leave while
    %3 = mul %0, 0.5
    s := %3
  result := x
`)
  })
})

describe('optimised branches', () => {
  it('choose, where both are cheap', () => {
    expect(left('(x, y) => { let r = 0; if (x < y) { if (x < 1) r = x * 3; else r = x } return r + 1 }')).toBe(`
  %0 = lt x, y
  %1 = lt x, 1
  %2 = mul x, 3
  %3 = select %1, %2, x
  %4 = select %0, %3, 0
  %5 = add %4, 1
  result := %5
`)
  })

  it('stay, where one is not', () => {
    for (const dear of ['x % y', 'Math.exp(x)', 'Math.sin(x)', 't[x] + t[y]']) {
      const { program } = compile(
        `(x, y) => { let r = 0; if (x < y) r = ${dear}; return r }`,
        { t: Float64Array.of(1, 2) },
        library,
      )
      expect(printText(optimise(program))).toContain('\n  if ')
    }
  })

  it('know by what condition they run', () => {
    expect(left('(x, y) => { let s = 1; if (x > 1) { s = y % 3; if (x > 1) s += 2; else s += 3 } return s }')).toBe(`
  s := 1
  %0 = gt x, 1
  if %0
    %1 = rem y, 3
    %2 = add %1, 2
    s := %2
  %3 = get s: f64
  result := %3
`)
  })

  it('that leave stand alone, so that what follows is computed for all that comes behind', () => {
    expect(
      left('(x) => { let s = 0; for (let i = 0; i < 9; i++) { if (i > x) return i % x; s += i % x } return s }'),
    ).toBe(`
  s := 0
  i := 0
  block kernel
    loop for, 9 rounds
      %0 = get s: f64
      %1 = get i: f64
      %2 = gt %1, x
      if %2
        %3 = rem %1, x
        result := %3
        leave kernel
      %4 = rem %1, x
      %5 = add %0, %4
      s := %5
      %6 = add %1, 1
      i := %6
      %7 = lt %6, 9
      %8 = not %7
      if %8
        leave for
    %9 = get s: f64
    result := %9
`)
  })
})

describe('optimised loops', () => {
  it('compute what no round changes in front, through all loops around it', () => {
    const source = `(x) => {
      let s = 0
      for (let i = 0; i < 3; i++) for (let j = 0; j < 4; j++) s += Math.sqrt(x) + i * 3
      return s
    }`
    expect(left(source)).toBe(`
  s := 0
  i := 0
  %0 = sqrt x
  loop for, 3 rounds
    %1 = get i: f64
    j := 0
    %2 = mul %1, 3
    %3 = add %0, %2
    loop for.2, 4 rounds
      %4 = get s: f64
      %5 = get j: f64
      %6 = add %4, %3
      s := %6
      %7 = add %5, 1
      j := %7
      %8 = lt %7, 4
      %9 = not %8
      if %9
        leave for.2
    %10 = add %1, 1
    i := %10
    %11 = lt %10, 3
    %12 = not %11
    if %12
      leave for
  %13 = get s: f64
  result := %13
`)
  })

  it('compute what is dear in front, if their first round is sure to come to it', () => {
    expect(left('(x, y) => { let s = x; for (let i = 0; i < 9; i++) s -= 5 % y; return s }')).toContain(`
  %0 = rem 5, y
  loop for`)
    expect(left('(x, y) => { let s = x; while (s > 1) s -= 5 % y; return s }')).toContain(`
      leave while
    %3 = rem 5, y
`)
    expect(left('(x, y) => { let s = x; for (let i = 0; i < 9; i++) if (i > x) s -= 5 % y; return s }')).toContain(`
    if %2
      %3 = rem 5, y
`)
  })

  it('share what test and body compute', () => {
    expect(left('(x, y) => { let n = 0; while (n < 9 && x * x < y) { n++; x = x * x } return n }')).toBe(`
  x := x
  n := 0
  loop while, 10 rounds
    %0 = get n: f64
    %1 = get x: f64
    %2 = lt %0, 9
    %3 = mul %1, %1
    %4 = lt %3, y
    %5 = and %2, %4
    %6 = not %5
    if %6
      leave while
    %7 = add %0, 1
    n := %7
    x := %3
  %8 = get n: f64
  result := %8
`)
  })
})
