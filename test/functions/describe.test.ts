import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { transform } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { FunctionError } from '../../src/errors.ts'
import { describeFunction } from '../../src/functions/describe.ts'
import type { AnyFunction } from '../../src/functions/ref.ts'

/** What the code gives back, as plain Node has it: vitest rewrites what stands in this file itself. */
function made(code: string): AnyFunction {
  return new Function(code)()
}

const table = [1, 2, 3]
const WAYS_OUT =
  /export the function from a module or mark it with task\(import\.meta, fn\), .* name its file with tasks\(new URL\(.*\)\), or write it self-contained/

describe('describeFunction', () => {
  it.each([undefined, null, 0, Number.NaN, 'x', true, 1n, Symbol('s'), {}, [], new Map()])('refuses %s', (value) => {
    expect(() => describeFunction(value as never)).toThrow(TypeError)
    expect(() => describeFunction(value as never)).toThrow(
      /^fn must be a function, got \S.*; it comes first, as in map\(fn, items\)$/,
    )
  })

  it('gives the same ref again for the same function', () => {
    const fn = (x: number): number => x + 1
    expect(describeFunction(fn)).toBe(describeFunction(fn))
    const exported = describeFunction
    expect(describeFunction(exported)).toBe(describeFunction(exported))
  })

  it.each([
    ['a lambda', (x: number) => x],
    ['a built-in', Math.sqrt],
    ['an export', describeFunction],
  ])('gives plain data for %s', (_, fn) => {
    const ref = describeFunction(fn)
    expect(structuredClone(ref)).toEqual(ref)
    expect(JSON.parse(JSON.stringify(ref))).toEqual(ref)
  })

  it('reads the function, not what it says of itself', () => {
    const fn = made('return (x) => x + 1')
    const honest = describeFunction(made('return (x) => x + 1'))
    Object.assign(fn, { toString: () => 'lies', apply: 1 })
    expect(describeFunction(fn)).toEqual(honest)

    const hostile = Object.defineProperties(made('return (x) => x + 1'), {
      name: { get: () => expect.fail('asked for its name') },
      length: { get: () => expect.fail('asked for its length') },
    })
    expect(describeFunction(hostile)).toMatchObject({ kind: 'source', name: '' })
    const named = Object.defineProperty(made('return (x) => x + 2'), 'name', { value: 5 })
    expect(describeFunction(named)).toMatchObject({ kind: 'source', name: '' })
  })

  it('knows an export of a module that vitest has rewritten', () => {
    expect(describeFunction(describeFunction)).toMatchObject({
      kind: 'module',
      url: new URL('../../src/functions/describe.ts', import.meta.url).href,
      export: 'describeFunction',
      arity: 1,
    })
  })

  it('leaves no trace on globalThis', () => {
    const before = Reflect.ownKeys(globalThis)
    describeFunction(async (x: number) => structuredClone(x))
    expect(Reflect.ownKeys(globalThis)).toEqual(before)
  })
})

describe('describeFunction refuses, with four ways out,', () => {
  const object = { k: 1 }
  it.each<[string, unknown, RegExp]>([
    [
      'a captured variable',
      (x: number) => table[x],
      /\(file:.*describe\.test\.ts:\d+:\d+\), which uses table from outside, and is made/,
    ],
    ['an import', (path: string) => readFileSync(path), /__vite_ssr_import_\d+__ is an import, as vitest rewrites it/],
    ['import.meta in vitest', () => import.meta.url, /uses __vite_ssr_import_meta__ .*that is import\.meta, as vitest/],
    ['several', made('let a, b, c; return (x) => a + b + c + x'), /which uses a, b and c from outside/],
    ['eval', made('return (x) => eval(x)'), /uses eval from outside/],
    [
      'require',
      made('return () => require("fs")'),
      /uses require from outside \(a worker has none; write await import/,
    ],
    ['a name that is nowhere', made('return () => nowhere'), /uses nowhere from outside, and was made from a string/],
    ['the arguments of outside', made('return () => arguments'), /uses arguments from outside/],
    [
      'a global of the program’s own',
      Object.assign(made('return () => lanewiseTest'), {}),
      /uses lanewiseTest from outside/,
    ],
    [
      'a global that a variable hides',
      made('const fetch = (x) => x; return (x) => fetch(x)'),
      /fetch is not the global one here/,
    ],
    ['a bound function', ((x: number) => x).bind(null), /got bound , a bound function/],
    ['a bound built-in', Math.max.bind(null, 1), /got bound max, a bound function/],
    [
      'a native function that no path reaches',
      String.prototype.trim,
      /got trim, a native function that no path from globalThis/,
    ],
    ['a native function made here', Proxy.revocable({}, {}).revoke, /a native function that no path/],
    ['a proxy', new Proxy(() => 1, {}), /got .*, a Proxy; call it from a function of yours/],
    [
      'a method that uses this',
      {
        m() {
          return this
        },
      }.m,
      /got m \(file:.*\), a method that uses this or super; pass the object/,
    ],
    [
      'a method that uses super',
      {
        m() {
          return super.toString()
        },
      }.m,
      /got m .* a method that uses this or super/,
    ],
    [
      'a getter that uses this',
      Object.getOwnPropertyDescriptor(
        {
          get g() {
            return this
          },
        },
        'g',
      )?.get as AnyFunction,
      /got get g .* a method that uses this or super/,
    ],
    [
      'a method that uses private fields',
      class {
        #k = 1
        m() {
          return this.#k
        }
      }.prototype.m,
      /got m .* a method that uses this or super/,
    ],
    ['an arrow function that uses this', made('return () => this.k'), /an arrow function that uses this or super/],
    [
      'a function that uses this',
      made('return function () { return this.k }'),
      /uses this from outside \(a worker calls it with no `this`\)/,
    ],
    ['a class', class Point {}, /got Point \(file:.*\), a class, which is not called without new/],
    ['a class that extends', class extends Map {}, /a class, which is not called without new/],
    [
      'a generator function',
      function* up() {
        yield object
      },
      /got up \(file:.*\), a generator function/,
    ],
    [
      'an async generator function',
      async function* () {
        yield object
      },
      /a generator function, whose answer cannot leave/,
    ],
    [
      'a generator method',
      {
        *m() {
          yield 1
        },
      }.m,
      /got m \(file:.*\), a generator function/,
    ],
  ])('%s', (_, fn, message) => {
    const error = errorOf(() => describeFunction(fn as AnyFunction))
    expect(error).toBeInstanceOf(FunctionError)
    expect(error).toMatchObject({ name: 'FunctionError', code: 'ERR_LANEWISE_FUNCTION' })
    expect(error.message).toMatch(message)
    expect(error.message).toMatch(/^a function sent to a worker must be self-contained or exported from a module, got /)
    expect(error.message).toMatch(WAYS_OUT)
    expect(error.message).not.toContain('\n')
  })

  it('says that what it uses may be an argument, and where it stands, as the file has it', () => {
    const error = errorOf(() => describeFunction((x: number) => table[x])) // this line and column
    const lines = readFileSync(new URL(import.meta.url), 'utf8').split('\n')
    const line = lines.findIndex((each) => each.endsWith('// this line and column')) + 1
    expect(error.message).toContain('pass what it uses as an argument or with repeat()')
    expect(error.message).toMatch(new RegExp(`describe\\.test\\.ts:${line}:\\d+\\)`))
  })

  it.each([
    ['esbuild', 'export default async (x) => await x', '__async'],
    ['esbuild', 'export default (x) => ({ ...x, y: 1 })', '__spread'],
    ['esbuild', 'export default (x) => { class A { static a = x } return A.a }', '__publicField'],
  ])('what %s for es2015 makes of %s, and names the compiler', async (_, source, helper) => {
    const { code } = await transform(source, { format: 'cjs', target: 'es2015' })
    const module = { exports: {} as { default: AnyFunction } }
    new Function('module', code)(module)
    const error = errorOf(() => describeFunction(module.exports.default))
    expect(error.message).toMatch(new RegExp(`${helper}\\w* is a compiler's helper: set its target to es2022 or later`))
  })

  it.each([
    '__awaiter',
    '__rest',
    'tslib_1',
    '_async_to_generator',
    '_objectSpread2',
    '_class_call_check',
    '_classCallCheck',
    '_extends',
  ])('the helper %s of another compiler', (helper) => {
    const fn = made(`const ${helper} = () => {}; return (x) => ${helper}(x)`)
    expect(() => describeFunction(fn)).toThrow(`(${helper} is a compiler's helper`)
  })

  it('a webpack import', () => {
    const name = 'node_fs__WEBPACK_IMPORTED_MODULE_0__'
    expect(() => describeFunction(made(`const ${name} = {}; return (x) => ${name}.x`))).toThrow(
      `${name} is an import, as webpack`,
    )
  })

  it('again and again, and lets it pass once it can', () => {
    const key = Symbol.for('lanewise.tasks')
    const fn = (x: number): number => table[x] as number
    expect(() => describeFunction(fn)).toThrow(FunctionError)
    expect(() => describeFunction(fn)).toThrow(FunctionError)
    const { marks } = (globalThis as unknown as Record<symbol, { marks: WeakMap<object, object> }>)[key] ?? {}
    marks?.set(fn, { url: import.meta.url, ordinal: 0 })
    expect(describeFunction(fn).kind).toBe('module')
  })
})

describe('a function of Node’s own that the program replaced', () => {
  it('is taken for what it is', () => {
    const original = globalThis.structuredClone
    try {
      globalThis.structuredClone = (x: unknown) => Object(x)
      expect(describeFunction(globalThis.structuredClone).kind).toBe('source')
      const hash = createHash
      globalThis.structuredClone = (x: unknown) => Object(hash(String(x)))
      expect(() => describeFunction(globalThis.structuredClone)).toThrow(/uses hash from outside/)
    } finally {
      globalThis.structuredClone = original
    }
  })
})

function errorOf(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}
