import { type AnyNode, type Function as FunctionNode, parse } from 'acorn'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inspectScopes } from '../../src/functions/inspect.ts'
import type { AnyFunction } from '../../src/functions/ref.ts'
import { findOutside, type Outside } from '../../src/functions/scope.ts'

describe('findOutside', () => {
  it.each<[string, string, string?]>([
    // parameters
    ['(x) => x + y', 'y'],
    ['x => x', ''],
    ['({ a, b: { c }, ...d }, [e, , f = g], ...h) => a + b + c + d + e + f + h', 'b g'],
    ['(a, b = a, c = () => b + d) => c', 'd'],
    ['(a = x) => { var x = 1; return a + x }', 'x'],
    ['(a = () => v) => { var v = 1; return a() }', 'v'],
    ['({ [key]: a }) => a', 'key'],
    ['({ a = b }) => a', 'b'],
    ['(größe, ñ) => größe * ñ * π', 'π'],
    ['(\\u0061bc) => abc', ''],
    // var, let, const, function, class
    ['() => { a = 1; { var a } return a }', ''],
    ['() => { for (var i = 0; i < n; i++) var last = i; return last + i }', 'n'],
    ['() => { { let a = 1 } return a }', 'a'],
    ['() => { f(); function f() { return g } }', 'g'],
    ['() => { { function f() {} } return f }', 'f'],
    ['() => { class A extends B { m() { return A } } return A }', 'B'],
    ['() => class A { static b = A }', ''],
    ['() => { const a = class A {}; return A }', 'A'],
    ['() => { const { a, b: [c = d] } = e; return a + c }', 'd e'],
    ['() => { label: { function f() {} } }', ''],
    ['() => { here: function f() {} return f }', '', 'sloppy'],
    ['() => { { function f() {} } return f }', '', 'sloppy'],
    ['() => { if (x) function f() {} return f }', 'x', 'sloppy'],
    ['() => { try {} catch { var t = 1 } finally { var u = 2 } return t + u }', ''],
    ['() => { switch (a) { case b: var c = 1; default: let d = 2 } return c + d }', 'a b d'],
    ['() => { switch (x) { case 0: let x } }', 'x'],
    ['() => { do var a = 1; while (a < b) }', 'b'],
    // loops
    ['() => { for (const x of x1) x2(x) }', 'x1 x2'],
    ['() => { for (const x in o) {} return x }', 'o x'],
    ['() => { for (x of y) {} }', 'x y'],
    ['() => { for (let i = 0, k = i; i < k; i++) ; return i }', 'i'],
    ['async () => { for await (const [a, b = c] of d) a(b) }', 'c d'],
    // catch
    ['() => { try {} catch (e) { e } return e }', 'e'],
    ['() => { try {} catch ({ message: m }) { return m + message } }', 'message'],
    // functions inside
    ['() => function f() { return f + arguments.length }', ''],
    ['() => { const f = function g() {}; return g }', 'g'],
    ['() => () => arguments', 'arguments'],
    ['function f() { return () => arguments[0] + f }', ''],
    ['() => { const f = (a) => b => a + b + c; return f }', 'c'],
    ['() => ({ m() { return m }, get g() { return g }, set s(v) { w = v } })', 'm g w'],
    ['async () => { await a; return async function* () { yield b } }', 'a b'],
    // what is no name
    ['() => o.a.b?.c[d]', 'o d'],
    ['() => ({ a: 1, b, [c]: 2, "d": e, ...f })', 'b c e f'],
    ['() => { a: for (;;) { b: for (;;) { continue a; break b } } }', ''],
    ['() => class { a = b; static c = d; [e] = 1; #f = g; static { var h = i; h } static [j]() {} }', 'b d e g i j'],
    ['(o) => class { #p; m() { return #p in o && o.#p } }', ''],
    ['() => new.target', '', 'function'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text
    ['() => /a/v.test(b) && `${c}${d`e`}`', 'b c d'],
    ['() => ({ a: b } = c)', 'b c'],
    ['() => { [a, b.c, ...d] = e }', 'a b d e'],
    ['() => a ?? (b ||= c ** d)', 'a b c d'],
    ['() => { debugger; ; if (a); else b; throw c }', 'a b c'],
    ['() => typeof a + void b', 'a b'],
  ])('finds in %s: %s', (source: string, names: string, context?: string) => {
    expect([...read(source, context).names.keys()].sort()).toEqual(names === '' ? [] : names.split(' ').sort())
  })

  it.each([
    ['() => f(1) + f(2)', true],
    ['() => f?.(1)', true],
    ['() => f(f)', false],
    ['() => f() + f.x', false],
    ['() => new f()', false],
    ['() => [1].map(f)', false],
    ['() => f`x`', false],
  ])('tells for %s whether every use is a call: %s', (source, called) => {
    expect(read(source).names).toEqual(new Map([['f', called]]))
  })

  it.each([
    ['() => this', true],
    ['function () { return this }', true],
    ['() => () => this', true],
    ['(a = this) => a', true],
    ['() => class extends this.B {}', true],
    ['() => class { [this.key]() {} }', true],
    ['() => ({ [this.key]: 1 })', true],
    ['() => function () { return this }', false],
    ['() => ({ m() { return this + super.x } })', false],
    ['() => class { a = this; static b = this; static { this.c = 1 } m() { return this } }', false],
    ['() => { function f() { return () => this } }', false],
  ])('tells for %s whether it reads the this of outside: %s', (source, receiver) => {
    expect(read(source).receiver).toBe(receiver)
  })

  it.each([
    ["() => import('./geo.js')", "import('./geo.js')"],
    ["() => import('lodash')", "import('lodash')"],
    ["() => import('node:fs')", ''],
    ["() => import('fs/promises')", ''],
    ["() => import('file:///a.js', { with: { type: 'json' } })", ''],
    ['(path) => import(path)', ''],
    ['() => import.meta.url', 'import.meta'],
    ['() => () => import.meta.dirname + import.meta.filename', 'import.meta'],
  ])('tells what ties %s to its file: %s', (source, tie) => {
    expect(read(source).ties).toEqual(tie === '' ? [] : [tie])
  })

  it('says where each import is written', () => {
    const source = "() => import('node:fs').then(() => import(a))"
    expect(read(source).imports.map((at) => source.slice(at - 1, at + 6))).toEqual(['import(', 'import('])
  })

  it('agrees with V8 about which variables a function uses from outside', () => {
    const names = 'abcdefghijklmn'.split('')
    fc.assert(
      fc.property(functionSource(names), (source) => {
        const fn = evaluateAmong(names, source)
        fc.pre(fn !== undefined)
        const captured = [...(inspectScopes(fn, names)?.keys() ?? [])].sort()
        const found = [...read(source).names.keys()].filter((name) => names.includes(name)).sort()
        expect(found).toEqual(captured)
      }),
      { numRuns: 500 },
    )
  })
})

/** The function in the source, read as strict code unless the context says otherwise. */
function read(source: string, context = 'strict'): Outside {
  const program = parse(`(${context === 'function' ? `function () { return ${source} }` : source})`, {
    ecmaVersion: 'latest',
    strict: context !== 'sloppy',
    allowImportExportEverywhere: true,
  })
  const [statement] = program.body
  const node: AnyNode | undefined = statement?.type === 'ExpressionStatement' ? statement.expression : undefined
  return findOutside(node as AnyNode & FunctionNode, context !== 'sloppy')
}

/** The function, made where each of the names is a variable; undefined if it is no JavaScript. */
function evaluateAmong(names: readonly string[], source: string): AnyFunction | undefined {
  try {
    return new Function(`'use strict'; let ${names.join(', ')}; return ${source}`)()
  } catch (error) {
    if (error instanceof SyntaxError) return
    throw error
  }
}

/** Functions that nest every construct that binds or uses a name. Many declare a name twice, which is no JavaScript. */
function functionSource(names: readonly string[]): fc.Arbitrary<string> {
  const name = fc.constantFrom(...names)
  const { fn } = fc.letrec<Record<'fn' | 'expression' | 'pattern' | 'statement' | 'block', string>>((tie) => {
    const [expression, pattern, statement, block] = (['expression', 'pattern', 'statement', 'block'] as const).map(
      tie,
    ) as [fc.Arbitrary<string>, fc.Arbitrary<string>, fc.Arbitrary<string>, fc.Arbitrary<string>]
    const template = (strings: TemplateStringsArray, ...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
      fc.tuple(...parts).map((values) => String.raw({ raw: strings }, ...values))
    const depthIdentifier = fc.createDepthIdentifier()
    return {
      pattern: fc.oneof(
        { maxDepth: 2, depthIdentifier, withCrossShrink: true },
        name,
        template`{ ${name}, b: ${pattern} }`,
        template`{ [${expression}]: ${name} = ${expression} }`,
        template`[${pattern}, ...${name}]`,
      ),
      expression: fc.oneof(
        { maxDepth: 3, depthIdentifier, withCrossShrink: true },
        name,
        template`${name}.${name}[${expression}]`,
        template`({ ${name}: ${expression}, ${name}, [${expression}]: 1, ${name}() { return ${expression} } })`,
        template`(${pattern}) => ${expression}`,
        template`(function ${name}(${pattern} = ${expression}) ${block})`,
        template`class ${name} extends (${expression}) { ${name} = ${expression}; [${expression}]() ${block} static { ${expression} } }`,
        template`(${name} = ${expression})`,
        template`typeof ${name}(${expression})`,
      ),
      statement: fc.oneof(
        { maxDepth: 3, depthIdentifier, withCrossShrink: true },
        template`var ${pattern} = ${expression};`,
        template`let ${pattern} = ${expression};`,
        template`const ${pattern} = ${expression};`,
        template`function ${name}(${pattern}) ${block}`,
        template`class ${name} {}`,
        template`${block}`,
        template`if (${expression}) ${block} else ${name};`,
        template`for (let ${name} = ${expression}; ${expression}; ) ${block}`,
        template`for (var ${pattern} of ${expression}) ${block}`,
        template`for (const ${pattern} of ${expression}) ${block}`,
        template`for (${name} in ${expression}) ${block}`,
        template`switch (${expression}) { case ${expression}: ${statement} default: ${statement} }`,
        template`try ${block} catch (${pattern}) ${block}`,
        template`${name}: for (;;) { break ${name} }`,
        template`return ${expression};`,
      ),
      block: template`{ ${statement} ${statement} }`,
      fn: template`(${pattern}, x = ${expression}) => ${block}`,
    }
  })
  return fn
}
