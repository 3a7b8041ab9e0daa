import { describe, expect, it } from 'vitest'
import { type CompileOptions, compileSource } from '../../../src/kernel/front/check.ts'
import { compile } from '../support/compiled.ts'
import { marked } from '../support/marked.ts'
import { refusalOf } from '../support/refusal.ts'

describe('a refusal', () => {
  it('shows the lines around the place', () => {
    const source = 'function f(x) {\n\tconst a = 1\n\tlet b = 2\n\tb += «y»\n\tb += a\n\tb += x\n\treturn b\n}'
    const error = refusalOf(() => compile(marked(source).text))
    expect(error.frame).toBe(
      [
        '  2 | \tconst a = 1',
        '  3 | \tlet b = 2',
        '> 4 | \tb += y',
        '    | \t     ^',
        '  5 | \tb += a',
        '  6 | \tb += x',
      ].join('\n'),
    )
  })

  it('shows a part of a long line', () => {
    const source = `x=>{${'x+=1;'.repeat(100)}x+=y;${'x+=1;'.repeat(100)}return x}`
    const error = refusalOf(() => compile(source))
    const [line = '', carets = ''] = error.frame.split('\n')
    expect(error.column).toBe(source.indexOf('y') + 1)
    expect(line).toMatch(/^> 1 \| ….{120}…$/)
    expect(line[carets.indexOf('^')]).toBe('y')
  })

  it('names the kernel, or the helper that it stands in', () => {
    const library = new Map()
    const messageOf = (source: string, options: Omit<CompileOptions, 'library'>) =>
      refusalOf(() => compileSource(source, { ...options, library })).message
    expect(messageOf('x => y', {})).toMatch(/^the kernel, line 1, column 6: y is not known/)
    expect(messageOf('x => y', { name: 'price' })).toMatch(/^kernel price, line 1, column 6: y is not known/)
    const scale = (x: number) => x * gain
    expect(messageOf('x => scale(x)', { with: { scale } })).toMatch(
      /^helper scale, line 1, column \d+: gain is not known/,
    )
  })

  it.each([
    ['parentheses', `x => ${'('.repeat(20_000)}x${')'.repeat(20_000)}`],
    ['operations', `x => ${'-(x +'.repeat(2000)}1${')'.repeat(2000)}`],
    ['blocks', `x => {${'{'.repeat(20_000)}${'}'.repeat(20_000)}return x}`],
  ])('answers %s nested too deep for the stack', (_, source) => {
    expect(refusalOf(() => compile(source)).message).toContain('it is nested too deep to be compiled; split it')
  })
})

// What only sources name.
declare const gain: number
