import { describe, expect, it } from 'vitest'
import type { Capture } from '../../../src/kernel/front/check.ts'
import { TYPES } from '../../engines/support/values.ts'
import { compile, expectSameBits, functionOf, rows } from '../support/compiled.ts'

type Captures = Readonly<Record<string, Capture>>

function expectSame(source: string, captures: Captures, plain: Readonly<Record<string, unknown>> = captures): void {
  expectSameBits(compile(source, captures), functionOf(source, plain), rows(2, 50))
}

describe('captured numbers', () => {
  it('are uniforms, in the order of with, read or not', () => {
    const captures = { gain: 2.5, unread: 7, offset: -0, limit: Number.NaN }
    const { program, uniforms } = compile('(x, y) => limit < x ? gain : x * gain + offset', captures)
    expect(program.uniforms).toEqual(['gain', 'unread', 'offset', 'limit'])
    expect(uniforms).toEqual(Object.entries(captures).map(([name, value]) => ({ name, value, isBoolean: false })))
    expectSame('(x, y) => limit < x ? gain : x * gain + offset', captures)
  })

  it('may be truth values, which stay what they are in ===', () => {
    const captures = { isOn: true, isOff: false }
    expect(compile('x => x', captures).uniforms).toMatchObject([
      { value: 1, isBoolean: true },
      { value: 0, isBoolean: true },
    ])
    expectSame('(x, y) => (isOn === x > y) + 2 * (isOff !== x < y) + isOn * 4 + (isOff ? x : 8)', captures)
    expect(() => compile('x => isOn === 1', captures)).toThrow('=== between')
  })

  it('give way to variables of the kernel', () => {
    expectSame('(gain, y) => { const table = gain; { let y = 2; return table * y } }', { gain: 5, table: 1 })
  })

  it('come by the names that bundlers read them off', () => {
    const namespace = { gain: 3, twice: (x: number) => 2 * x, table: Float64Array.of(1, 2) }
    const source = '(x, y) => import_gain.gain * x + (0, import_gain.twice)(y)'
    expectSame(source, namespace, { import_gain: namespace })
  })
})

describe('captured arrays', () => {
  const values = [0, 1, 2.5, -3, 300, 70_000, 2 ** 31]

  it.each(TYPES.map((kind) => [kind.name, new kind(values)] as const))('may be of %s', (_, table) => {
    expectSame('(x, y) => table[x] + table.length * y', { table })
  })

  it('may be Buffers, views and on shared memory', () => {
    const shared = new Int16Array(new SharedArrayBuffer(20), 4, 3).fill(-7)
    expectSame('(x, y) => bytes[x] + view[y] * shared[x]', {
      bytes: Buffer.from('bytes'),
      view: new Float64Array(6).fill(3).subarray(2, 5),
      shared,
    })
  })

  it('give NaN for an index that is out of range or no integer, and read 0 for -0', () => {
    const table = Float64Array.of(4, 5)
    const { program, tables } = compile('x => table[x]', { table })
    expect(program.tables).toEqual(['table'])
    expect(tables).toEqual([{ name: 'table', table }])
    expectSame('(x, y) => table[-0] + table[x] * table[y | 0] + table[NaN]', { table })
  })

  it('are tables in the order in which they are read; those never read are none', () => {
    const captures = { a: Float64Array.of(1), b: Float64Array.of(2), c: Float64Array.of(3) }
    expect(compile('x => c[x] + a.length + c[0]', captures).program.tables).toEqual(['c', 'a'])
  })

  it('may be empty', () => {
    expectSame('(x, y) => { let n = 0; for (let i = 0; i < none.length; i++) n += none[i]; return n }', {
      none: new Float64Array(),
    })
  })

  it('are read by index alone', () => {
    expectSame('(x, y) => { let s = 0; for (let i = 0; i < table.length; i++) s += table[i] * x; return s }', {
      table: Int32Array.of(3, 1, 4, 1, 5),
    })
  })
})

describe('captured functions', () => {
  const square = (x: number) => x * x
  const clamp = (x: number, low = 0, high = 10) => Math.min(Math.max(x, low), high)
  function collatz(n: number): number {
    let steps = 0
    for (let m = Math.min(Math.abs(n), 1000) | 0; m > 1 && steps < 50; steps++) {
      if (m % 2 === 0) m /= 2
      else m = 3 * m + 1
    }
    return steps
  }

  it('are put in place where they are called', () => {
    expectSame('(x, y) => square(x) + square(y + square(2))', { square })
    expectSame('(x, y) => collatz(x) + (y > 0 ? collatz(y) : 0)', { collatz })
  })

  it('take their defaults for what is missing, and drop what is too much once it was computed', () => {
    expectSame('(x, y) => clamp(x) + clamp(y, 1) + clamp(x, -1, 1)', { clamp })
    expectSame('(x, y) => { let n = 0; return square(x, n++, n++) + n }', { square })
  })

  it('call one another, with captures of their own', () => {
    const source = '(x, y) => norm(x, y) * gain'
    const captures = {
      norm: functionOf('(x, y) => Math.sqrt(square(x) + square(y)) + gain', { square }),
      square,
      gain: 3,
    }
    const norm = functionOf('(x, y) => Math.sqrt(square(x) + square(y)) + gain', { square, gain: 3 })
    expectSame(source, captures, { ...captures, norm })
  })

  it('see nothing of the variables around their call', () => {
    const captures = { shift: functionOf('x => x + gain', { gain: 3 }), gain: 3 }
    expectSame('(x, y) => { const gain = y; return shift(x) * gain }', captures)
  })

  it('may be methods, and give truth values', () => {
    const { isFar } = {
      isFar(x: number, y: number) {
        return x > y
      },
    }
    expectSame('(x, y) => isFar(x, y) ? 1 : isFar(y, x)', { isFar })
  })
})

describe('captured kernels', () => {
  it('are helpers, and bring their captures along', () => {
    const weights = Float64Array.of(2, 3, 5)
    const other = Float64Array.of(7)
    const inner = '(x, i) => weights[i] * x + (isOn ? gain : weights.length)'
    const helper = compile(inner, { isOn: false, weights, gain: 10 })
    const source = '(x, y) => helper(x, 1) * gain + weights[0] + helper(y, x)'
    const captures = { gain: 0.5, helper, last: 1, weights: other }
    const compiled = compile(source, captures)
    expect(compiled.program.uniforms).toEqual(['gain', 'helper.isOn', 'helper.gain', 'last'])
    expect(compiled.uniforms.map(({ value }) => value)).toEqual([0.5, 0, 10, 1])
    expect(compiled.program.tables).toEqual(['helper.weights', 'weights'])
    expect(compiled.tables.map(({ table }) => table)).toEqual([weights, other])
    const plain = functionOf(inner, { isOn: false, weights, gain: 10 })
    expectSameBits(compiled, functionOf(source, { gain: 0.5, helper: plain, weights: other }), rows(2, 50))
  })

  it('may hold kernels', () => {
    const scale = compile('x => x * gain', { gain: 3 })
    const shift = compile('x => scale(x) + by', { scale, by: 1 })
    const compiled = compile('(x, y) => shift(x) - y', { shift })
    expect(compiled.program.uniforms).toEqual(['shift.scale.gain', 'shift.by'])
    expectSameBits(compiled, (x, y) => x * 3 + 1 - y, rows(2, 50))
  })

  it('take their defaults for what is missing', () => {
    const clamp = compile('(x, low = -1, high = 1) => Math.min(Math.max(x, low), high)')
    expectSameBits(
      compile('(x, y) => clamp(x) + clamp(y, 0)', { clamp }),
      functionOf('(x, y) => Math.min(Math.max(x, -1), 1) + Math.min(Math.max(y, 0), 1)'),
      rows(2, 50),
    )
  })
})

describe('a capture is refused', () => {
  const refused: Record<string, readonly [value: unknown, shown: string, wayOut: string]> = {
    'that is an array': [[1, 2], '[Array]', 'make a typed array of it: Float64Array.from(given)'],
    'that holds BigInts': [
      BigInt64Array.of(1n),
      '[BigInt64Array]',
      'make numbers of it: Float64Array.from(given, Number)',
    ],
    'that holds unsigned BigInts': [
      new BigUint64Array(1),
      '[BigUint64Array]',
      'make numbers of it: Float64Array.from(given, Number)',
    ],
    'that is a DataView': [new DataView(new ArrayBuffer(8)), 'DataView', 'give a typed array that lies on it'],
    'that is an ArrayBuffer': [new ArrayBuffer(8), 'ArrayBuffer', 'give a typed array that lies on it'],
    'that is a SharedArrayBuffer': [
      new SharedArrayBuffer(8),
      'SharedArrayBuffer',
      'give a typed array that lies on it',
    ],
    'that is a string': ['1', "'1'", 'convert it first'],
    'that is a BigInt': [1n, '1n', 'convert it first'],
    'that is null': [null, 'null', 'convert it first'],
    'that is undefined': [undefined, 'undefined', 'convert it first'],
    'that is a symbol': [Symbol('s'), 'Symbol(s)', 'convert it first'],
    'that is an object': [{ gain: 1 }, '[Object]', 'convert it first'],
    'that is a date': [new Date(0), '1970', 'convert it first'],
  }

  for (const [title, [value, shown, wayOut]] of Object.entries(refused)) {
    it(`${title}, read or not`, () => {
      const compileIt = () => compile('x => x', { given: value } as Captures)
      expect(compileIt).toThrow(TypeError)
      expect(compileIt).toThrow(/^a kernel captures numbers, typed arrays and functions, got /)
      expect(compileIt).toThrow(shown)
      expect(compileIt).toThrow(` for given; ${wayOut}`)
    })
  }

  it('by its source where it is a function, once it is called', () => {
    const captures = { hypot: Math.hypot, later: async (x: number) => x }
    expect(() => compile('x => x', captures)).not.toThrow()
    expect(() => compile('x => hypot(x)', captures)).toThrow(
      'helper hypot, line 1, column 1: a native or bound function',
    )
    expect(() => compile('x => later(x)', captures)).toThrow('an async function answers with a promise')
  })

  it('that is not given: by its name, with the way to give it', () => {
    expect(() => compile('x => x * gain + table[x]', { table: Float64Array.of(1) })).toThrow(
      'gain is not known inside the kernel; put it in with: { gain }',
    )
    expect(() => compile('x => x + toString', {})).toThrow('toString is not known')
    expect(() => compile('x => constructor(x)', {})).toThrow('constructor is not known')
  })
})
