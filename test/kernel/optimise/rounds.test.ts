import { describe, expect, it } from 'vitest'
import { interpret } from '../../../src/kernel/ir/interpret.ts'
import type { Program, Statement } from '../../../src/kernel/ir/ir.ts'
import { bodiesOf } from '../../../src/kernel/ir/places.ts'
import { optimise } from '../../../src/kernel/optimise/optimise.ts'
import { boundRounds } from '../../../src/kernel/optimise/rounds.ts'
import { compile, rows } from '../support/compiled.ts'

const bounded = (source: string) => boundRounds(optimise(compile(source).program))

/** Of its loops, in the order of the text. */
function roundsOf({ body }: Pick<Program, 'body'>): (number | undefined)[] {
  return body.flatMap((statement: Statement) => [
    ...(statement.kind === 'loop' ? [statement.rounds] : []),
    ...bodiesOf(statement).flatMap((inner) => roundsOf({ body: inner })),
  ])
}

/** Each with the rounds that its loop is known to take at most. */
const COUNTED: Readonly<Record<string, number>> = {
  'x => { let s = x; for (let i = 0; i < 9; i++) s *= s; return s }': 9,
  'x => { let i = 0; while (i < 9) { x *= 2; i += 2 } return x }': 5,
  'x => { let i = 0; do { x *= 2 } while (++i < 9); return x }': 10,
  'x => { let n = 0; while (x > 1 && n < 1000) { x = x % 2 === 0 ? x / 2 : 3 * x + 1; n++ } return n }': 1001,
  'x => { let s = 0; for (let i = 0; i < x && i < 100; i++) s += i; return s }': 101,
  'x => { let s = 0; for (let i = 0; i < Math.min(x, 50); i++) s += i; return s }': 51,
  'x => { let s = 0; const n = x < 40 ? x : 40; for (let i = 1; i <= n; i++) s += i; return s }': 41,
  'x => { let s = 0; for (let k = Math.min(Math.floor(x), 99); k >= 1; k--) s += 1 / k; return s }': 100,
  'x => { let n = x & 15; while (n > 0) { x *= 2; n-- } return x }': 16,
  'x => { let d = 5; while (d * d <= x && d < 500) d += 6; return d }': 84,
  'x => { for (let i = 0; ; i++) { if (i > 20) return x; x = x * x + 1; if (x > 1e9) return i } }': 22,
  'x => { let i = x | 0; i = 0; while (i < 30) { i = (i + 1) | 0; x *= 2 } return x }': 31,
}

const UNKNOWN: Readonly<Record<string, string>> = {
  'a counter that may not move': 'x => { let i = 0; while (i < 9) { x /= 2; if (x > 1) i++ } return x }',
  'a counter that goes both ways': 'x => { let i = 0; while (i < 9) { x /= 2; i++; if (x > 1) i -= 3 } return x }',
  'a counter that goes away from its end': 'x => { let i = 0; while (i < 9) { x /= 2; i-- } return x }',
  'a counter that is set back': 'x => { let i = 0; while (i < 9) { i++; x /= 2; if (x > 1) i = 0 } return x }',
  'a value that was read before the loop': 'x => { let i = 0; const was = i + x; while (was < 9) i++; return i }',
  'a test of less than the counter': 'x => { let i = x > 0 ? 0 : -1e8; while (i - 1e9 < 9 && x < 5) i++; return i }',
  'a start that is not known': 'x => { let i = x; while (i < 9) i++; return i }',
  'an end that is not known': 'x => { let i = 0; while (i < x) i++; return i }',
  'a test that NaN passes': 'x => { let i = x > 1 ? 0 : x / 0; while (!(i >= 9)) i++; return i }',
  'a test that is not always made':
    'x => { let i = 0; for (;;) { i++; if (x > 1 && i > 9) return x; x /= 2; if (x < 0) return i } }',
  'steps that are no integers': 'x => { let i = 0; while (i < 9 && x > 0) { i += 1e-20; x-- } return i }',
}

describe('the rounds of a loop', () => {
  it.each(Object.entries(COUNTED))('%s: at most %i, for every number', (source, rounds) => {
    const program = bounded(source)
    expect(roundsOf(program)).toEqual([rounds])
    for (const row of rows(1, 200)) interpret(program, row, [], [], rounds)
  })

  it.each(Object.entries(UNKNOWN))('are not known of %s', (_, source) => {
    expect(roundsOf(bounded(source))).toEqual([undefined])
  })

  it('are known of loops in loops', () => {
    const source = `x => { let s = 0; for (let a = 0; a < 60; a++) { for (let b = a; b < 60; b++) { s += x; if (s > 1e9) break } }
      return s }`
    expect(roundsOf(bounded(source))).toEqual([60, 61])
  })
})
