import { sep } from 'node:path'
import { transform } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { describeFunction } from '../../src/functions/describe.ts'
import { loadFunction } from '../../src/functions/load.ts'
import type { AnyFunction, SourceRef } from '../../src/functions/ref.ts'

/** What the source evaluates to, as plain Node has it: vitest rewrites what stands in this file itself. */
function made(source: string): AnyFunction {
  return new Function(`return ${source}`)()
}

function refOf(fn: AnyFunction): SourceRef {
  const ref = describeFunction(fn)
  if (ref.kind !== 'source') throw new Error(`expected a source, got ${ref.kind}`)
  return ref
}

/** The function as a worker has it; that it is another one shows that it travelled. */
function sent(fn: AnyFunction): (...args: unknown[]) => unknown {
  const loaded = loadFunction(refOf(fn))
  if (loaded instanceof Promise) throw new Error('a lambda loads at once')
  expect(loaded).not.toBe(fn)
  return loaded
}

describe('a self-contained function', () => {
  it.each([
    ['(x) => x * x', [3]],
    ['x => ({ x })', [3]],
    ['async (x) => { await null; return x + 1 }', [3]],
    ['function (x) { return x ?? arguments.length }', [undefined]],
    ['function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) }', [9]],
    ['async function later(x) { return await x }', [Promise.resolve(4)]],
    ['(a, b = a * 2, ...c) => [a, b, c]', [1, undefined, 3, 4]],
    ['({ a: { b }, ...rest }, [c = 5] = []) => [b, rest, c]', [{ a: { b: 1 }, z: 2 }]],
    ['(größe) => { const π = 3; return größe * π }', [2]],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text
    ['(s) => `${s}\\n${String.raw`\\u`}` + "\\u2028" + /[/\\]]/.source', ['x']],
    ['(x) => { /* ) */ return x // }\n}', [1]],
    [
      '(x) => { class A { #v = x; static make() { return new A() } get v() { return this.#v } } return A.make().v }',
      [7],
    ],
    ['(n) => { function* up() { for (let i = 0; i < n; i++) yield i } return [...up()] }', [3]],
    ['({ m(x) { return x + 1 } }).m', [1]],
    ['({ async m(x) { return x + 1 } }).m', [1]],
    ['({ "a b"(x) { return x } })["a b"]', [1]],
    ['({ ["com" + "puted"](x) { return x } }).computed', [1]],
    ['({ 12(x) { return x } })[12]', [1]],
    ['({ constructor(x) { return x } }).constructor', [1]],
    ['class { static m(x) { return x } }.m', [1]],
    ['class { static #m(x) { return x } static get() { return this.#m } }.get()', [1]],
    ['Object.getOwnPropertyDescriptor({ get g() { return 5 } }, "g").get', []],
    ['Object.getOwnPropertyDescriptor({ set s(v) { v() } }, "s").set', [() => 1]],
    ['function () { return new.target === undefined }', []],
    ['function () { return 010 + delete arguments[0] }', []],
    ['function (a) { arguments[0] = 2; return a }', [1]],
    ['(x) => [NaN, Infinity, undefined, typeof globalThis, x]', [1]],
    ['(x) => globalThis.Math === Math && global === globalThis && x', [1]],
    ['new Function("a", "b", "return a + b // the sum")', [1, 2]],
  ])('%s answers what the plain call answers', async (source, args) => {
    const fn = made(source)
    const plain = await fn(...(args as never[]))
    expect(await sent(fn)(...args)).toEqual(plain)
  })

  it.each([
    ['({ double: (x) => x * 2 }).double', 'double', 1],
    ['function named(a, b) {}', 'named', 2],
    ['(a, b = 1, c) => a', '', 1],
    ['({ "größe 📏"(...a) {} })["größe 📏"]', 'größe 📏', 0],
    ['({ ["__proto__"]: () => 1 }).__proto__', '__proto__', 0],
    ['(([f]) => f)(Reflect.ownKeys({ [Symbol("s")]() {} }).map((key) => ({ [key]: (a) => a })[key]))', '[s]', 1],
    ['({ setTimeout: (f) => typeof setTimeout }).setTimeout', 'setTimeout', 1],
    ['new Function("return 1")', 'anonymous', 0],
  ])('%s keeps its name and its length', (source, name, length) => {
    const loaded = sent(made(source))
    expect([loaded.name, loaded.length]).toEqual([name, length])
  })

  it('calls itself by the name of the variable that holds it', () => {
    expect(sent(made('(() => { const fact = (n) => (n < 2 ? 1 : n * fact(n - 1)); return fact })()'))(5)).toBe(120)
    expect(sent(made('(() => { const odd = { even(n) { return n } }.even; return odd })()'))(5)).toBe(5)
    const twice = made('(() => { const o = { m(n) { return n === 0 ? m : m(0) } }; const { m } = o; return m })()')
    const loaded = sent(twice)
    expect(loaded(1)).toBe(loaded)
  })

  it('has one id for one source, however often it is made, and another for another name or source', () => {
    const ids = ['(x) => x', '(x) => x', '(x) =>  x', '({ f: (x) => x }).f', '({ g: (x) => x }).g'].map(
      (source) => refOf(made(source)).id,
    )
    expect(ids[0]).toBe(ids[1])
    expect(new Set(ids).size).toBe(4)
    const [one, two] = [1, 2].map(() => (x: number) => x + 1)
    expect(refOf(one as AnyFunction).id).toBe(refOf(two as AnyFunction).id)
  })

  it('is loaded once a thread', () => {
    const ref = refOf(made('(x) => ({ x })'))
    expect(loadFunction(ref)).toBe(loadFunction(structuredClone(ref)))
  })

  it('runs in strict code if it was written in strict code, and in sloppy code if not', () => {
    expect(sent(made('function () { "use strict"; return (function () { return this })() }'))()).toBe(undefined)
    expect(sent(made('function () { return (function () { return this })() }'))()).toBe(globalThis)
  })

  it('tells its own lines in a stack trace', () => {
    const loaded = sent(made('({ fails: (x) => {\n  const y = x\n  throw new Error(`at line 3: ` + y)\n} }).fails'))
    const stack = (() => {
      try {
        return loaded(1)
      } catch (error) {
        return (error as Error).stack
      }
    })()
    expect(stack).toContain('at line 3: 1')
    expect(stack).toContain('lanewise:fails:3:9')
  })

  it('imports what means the same everywhere, by a literal or not', async () => {
    const fn = made(
      'async (x) => { const { sep } = await import("path"), os = import("node:os"); return sep + typeof (await os) + x }',
    )
    expect(await sent(fn)(1)).toBe(`${sep}object1`)
    expect(await sent(made('(a) => import(/* a */ a).then(({ sep }) => sep)'))('node:path')).toBe(sep)
  })

  it('refuses, when it runs, an import that depends on where it was written', async () => {
    const load = sent(made('(path) => import(path)'))
    await expect(load('./geo.js')).rejects.toThrow(
      /import\('\.\/geo\.js'\) .* node: module or a whole URL; pass new URL/,
    )
    await expect(load('lodash')).rejects.toMatchObject({ name: 'FunctionError' })
    expect(await load('node:os')).toHaveProperty('EOL')
    expect(await load('data:text/javascript,export default 7')).toHaveProperty('default', 7)
  })
})

describe('a name that a tool put into a source', () => {
  it.each([
    ['tsx and esbuild with keepNames', { keepNames: true }],
    ['esbuild as it is', {}],
    ['esbuild for es2020', { target: 'es2020' }],
  ])('does nothing: %s', async (_, options) => {
    const source =
      'export default (x) => { const helper = (y) => y ** 2; class A {}; return [helper(x), helper.name, A.name] }'
    const { code } = await transform(source, { format: 'cjs', ...options })
    const module = { exports: {} as { default: AnyFunction } }
    new Function('module', code)(module)
    expect(sent(module.exports.default)(3)).toEqual([9, 'helper', 'A'])
  })

  it('does nothing: the counters of istanbul', () => {
    const fn = made(`(() => {
      const cov_1a2b3c4d5e = () => ({ f: [0], s: [0, 0, 0], b: [[0, 0]] })
      return (x) => {
        cov_1a2b3c4d5e().f[0]++
        cov_1a2b3c4d5e().s[0]++
        const y = (cov_1a2b3c4d5e().s[1]++, x > 1 ? (cov_1a2b3c4d5e().b[0][0]++, x) : (cov_1a2b3c4d5e().b[0][1]++, -x))
        cov_1a2b3c4d5e().s[2]++
        return y
      }
    })()`)
    expect([sent(fn)(2), sent(fn)(-2)]).toEqual([2, 2])
  })

  it('does nothing: the import of vitest', async () => {
    const fn = async (path: string): Promise<string> => (await import('node:path')).basename(path)
    expect(fn.toString()).toContain('__vite_ssr_dynamic_import__')
    expect(await sent(fn)('/a/b')).toBe('b')
  })

  it('is no excuse for a variable that looks like one', () => {
    const fn = made('(() => { const cov_matrix = [[1]]; return (x) => cov_matrix[0][0] * x })()')
    expect(() => describeFunction(fn)).toThrow(/uses cov_matrix from outside/)
  })
})
