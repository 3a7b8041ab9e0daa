import { describe, expect, it } from 'vitest'
import type { Capture } from '../../../src/kernel/front/check.ts'
import { compile, functionOf } from '../support/compiled.ts'
import { expectRefusal, refusalOf } from '../support/refusal.ts'

const TRANSPILED = 'let it target ES2022 or later, or write the kernel without what needed it'
const INSTRUMENTED = "leave this file out of instrumentation, or use V8's own coverage (c8, vitest's v8 provider)"

/** What coverage tools and transpilers put into sources, as each writes it. */
const TOOLS: readonly (readonly [source: string, name: string, wayOut: string])[] = [
  ['(x) => { «cov_1x2yz3»().f[0]++; return x }', 'cov_1x2yz3', INSTRUMENTED],
  ['(x) => { «cov_1x2yz3».s[0]++; return x }', 'cov_1x2yz3', INSTRUMENTED],
  ['(x) => { «cov_1x2yz3»(); return x }', 'cov_1x2yz3', INSTRUMENTED],
  ['(x) => x > 0 ? («cov_1x2yz3»().b[0][0]++, 1) : 2', 'cov_1x2yz3', INSTRUMENTED],
  ["(x) => { «__cov_a$b».s['1']++; return x }", '__cov_a$b', INSTRUMENTED],
  ["(x) => { if («stryMutAct_9fa48»('0')) return 1; return x }", 'stryMutAct_9fa48', INSTRUMENTED],
  ["(x) => { «__name»(x, 'f'); return x }", '__name', TRANSPILED],
  ['(x) => «__pow»(x, 3)', '__pow', TRANSPILED],
  ['(x) => «tslib_1».__read(x)', 'tslib_1', TRANSPILED],
  ['(x) => (0, «_helpers»._)(x)', '_helpers', TRANSPILED],
  ['(x) => «_sliced_to_array»(x, 1)', '_sliced_to_array', TRANSPILED],
]

describe('a kernel explains', () => {
  for (const [source, name, wayOut] of TOOLS) {
    const what = wayOut === INSTRUMENTED ? 'counter that a coverage tool' : 'helper that a transpiler'
    it(`${source}`, () => expectRefusal(source, `${name} is a ${what} put into the source; ${wayOut}`))
  }
})

describe('a refusal', () => {
  it('stands at the call of a helper that calls itself', () => {
    const again = (x: number): number => (x > 1 ? again(x - 1) : 1)
    const captures = { again, first: (x: number) => second(x), second: (x: number) => first(x) }
    const refused = (source: string) => refusalOf(() => compile(source, captures)).message
    expect(refused('x => again(x)')).toContain('again calls itself; a kernel cannot recurse; write it as a loop')
    expect(refused('x => first(x)')).toContain('first calls itself; a kernel cannot recurse; write it as a loop')
  })

  it('says that a default reads its own or a later parameter, whatever has the name outside', () => {
    const messageOf = (helper: string, call: string) =>
      refusalOf(() => compile(`x => ${call}`, { y: 1, helper: functionOf(helper) })).message
    expect(messageOf('(x, y = y) => x + y', 'helper(x)')).toContain('y may be read before it is assigned')
    expect(messageOf('(x = y, y = 1) => x + y', 'helper()')).toContain('y may be read before it is assigned')
  })

  it('answers more calls of helpers than can be put in place', () => {
    const captures: Record<string, Capture> = { f0: (x: number) => x }
    for (let i = 1; i < 14; i++) captures[`f${i}`] = functionOf(`x => f${i - 1}(x) + f${i - 1}(x)`)
    const error = refusalOf(() => compile('x => f13(x)', captures))
    expect(error.message).toContain('more than 5000 calls of helpers would be put in place; use a loop, or fewer calls')
  })

  it('answers more numbers than hypot takes', () => {
    const error = refusalOf(() => compile(`x => Math.hypot(${Array(65).fill('x')})`))
    const rule = 'Math.hypot takes 64 numbers at most in a kernel, got 65'
    expect(error.message).toContain(`column 6: ${rule}; take it of parts, and then of what those give`)
  })
})

// What only sources name.
declare function first(x: number): number
declare function second(x: number): number
