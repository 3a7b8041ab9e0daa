import { describe, expect, it } from 'vitest'
import { library } from '../../src/kernel/library.ts'
import { compile, expectSameBits, rows } from './support/compiled.ts'
import { plainFunction } from './support/plain.ts'

type Kernels = Readonly<Record<string, string>>

const LITERALS: Kernels = {
  'numbers of every base': '(x, y) => x * 0xff + y * 0b101 + 0o17 - 1_000_000 + .5 + 5. + 1e3 + 2.5E-3 + 0XFF',
  'the largest and smallest': '(x, y) => x * 1.7976931348623157e308 + y * 5e-324 + 1e400 - -1e400',
  'NaN, Infinity, true, false': '(x, y) => (x > NaN) + (y < Infinity) * 2 + (x > -Infinity) * 4 + true * 8 + false',
  'constants of Math': `(x, y) => x * Math.E + Math.LN2 * y - Math.LN10 + Math.LOG2E * Math.LOG10E + Math.PI +
    Math.SQRT2 / Math.SQRT1_2`,
  'constants of Number': `(x, y) => x * Number.EPSILON + (y < Number.MAX_VALUE) + (y > Number.MIN_VALUE) * 2 +
    (x < Number.POSITIVE_INFINITY) * 4 + (x > Number.NEGATIVE_INFINITY) * 8 + (x === Number.NaN) * 16 +
    (y <= Number.MAX_SAFE_INTEGER) * 32 + (y >= Number.MIN_SAFE_INTEGER) * 64`,
  'names of any letters': '(größe, $y_1) => größe * 2 + $y_1',
  'comments and directives': "function f(x, y) { 'use strict'; /* a */ return x // b\n + y }",
  'commas at the end': '(x, y,) => Math.min(x, y,)',
}

const OPERATORS: Kernels = {
  precedence: '(x, y) => x + y * x - y / x % y ** 2 ** 0.5 * -x',
  'signs of zero': '(x, y) => 1 / (x * 0) + 1 / -(y * 0) + 1 / (0 * -x) + 1 / (x - x) + 1 / Math.min(0, -0, x)',
  'shifts by any number': '(x, y) => (x << y) + (x >> y) + (x >>> y) + (x << 32) + (x >> 33) + (x >>> -1) + (1 << x)',
  'ToInt32 in all its forms':
    '(x, y) => (x | 0) + ~~y + (x >> 0) * 2 + (y ^ 0) + (x << 0) + (y & -1) + (0 | x) + (x >>> 0)',
  'int32 that wraps':
    '(x, y) => { let a = x | 0; a = (a + 2147483647) | 0; a = (a * 3) | 0; a = (a - y) | 0; return a << 1 }',
  'int32 that grows into a double': '(x, y) => { const a = x | 0; return a + a * (y | 0) - -a + (a - 2147483648) }',
  'uint32 that wraps': '(x, y) => { let a = x >>> 0; a = (a + 4294967295) >>> 0; a = (a ^ y) >>> 0; return a }',
  'uint32 in arithmetic':
    '(x, y) => { const a = x >>> 0, b = y >>> 0; return a * b + a / b - a % (b | 1) + -a + (a > -1) }',
  'the smallest int32':
    '(x, y) => { const a = x & -2147483648; return Math.abs(a) + -a + a / -1 + ((a / -1) | 0) + a % -1 }',
  'int32 and what is none, compared': `(x, y) => ((x | 0) < 1e10) + 2 * ((x | 0) === 0.5) + 4 * ((x | 0) == -0) +
    8 * ((x >>> 0) > (y | 0)) + 16 * ((x | 0) >= (y >>> 0)) + 32 * ((x >>> 0) === (y | 0)) + 64 * ((x | 0) !== y)`,
  'rounding of integers': '(x, y) => Math.floor(x | 0) + Math.round(y >>> 0) + Math.trunc(x > y) + Math.ceil(y | 0)',
  'division of integers': '(x, y) => ((x | 0) / (y | 0)) | 0',
  'clz32 and imul of doubles':
    '(x, y) => Math.clz32(x) + Math.imul(x, y) + Math.clz32(y >>> 3) + Math.imul(x >>> 0, -1)',
  'truth of numbers':
    '(x, y) => (x ? 1 : 2) + (!y ? 4 : 8) + (!!x ? 16 : 32) + ((x | 0) ? 64 : 128) + ((y >>> 1) ? 256 : 512)',
  'truth values in every operator':
    '(x, y) => { const a = x > y; return -a + +a + ~a + !a + (a << 2) + a / 2 + a % 2 + a ** 2 + (a < 1) }',
  'what && and || give of both kinds':
    '(x, y) => { const a = (x && y > 1) + (x > 1 && y); return a + (x > 1 || y) + (x || y > 1) }',
  'chains of && and ||':
    '(x, y) => (x > 0 && y > 0 && x < 10 || y < -5 && x !== y || !x) ? (x && y && x + y) : (x || y || 7)',
  'assignments to all that a logic skips':
    '(x, y) => { let a = 0; x > 0 && (a = 1); y > 0 || (a += 2); (x > y ? (a += 4) : (a += 8)) > 5 && a++; return a }',
  'postfix and prefix':
    '(x, y) => { let a = x, b = y | 0; return a++ * 2 + a-- - --a + ++a + b++ + --b * b-- + a + b }',
  'postfix of a truth value': '(x, y) => { let a = x > y; const b = a++; return a * 10 + b }',
  'every compound assignment': `(x, y) => { let a = x; a += 1; a -= y; a *= 2; a /= 3; a %= 1000; a **= 2; let b = a | 0;
    b <<= 1; b >>= 2; b >>>= 1; b &= 0xffff; b |= 3; b ^= y; a ||= b; b &&= a; return a + b }`,
  commas: '(x, y) => { let a = (x++, y++, x + y); return (a, a * 2) }',
  powers: '(x, y) => x ** y + x ** 3 + 2 ** y + (-x) ** 0.5 + x ** -2 + Math.pow(y, 1 / 3) + x ** NaN + 1 ** y',
}

const STATEMENTS: Kernels = {
  'for without parts': '(x, y) => { let i = 0; for (;;) { if (i > 5 || i > x) break; i++ } return i + y }',
  'for over several variables':
    '(x, y) => { let s = 0; for (let i = 0, j = 10; i < j; i++, j -= 2) s += i * x + j * y; return s }',
  'for over a var':
    '(x, y) => { var s = 0; for (var i = 0; i < 5; i++) { var t = i * x; s += t } return s + i + t + y }',
  'for over a variable from outside':
    '(x, y) => { let i; for (i = 3; i > 0; --i) { if (i < x) continue; y += i } return y + i }',
  'for with steps that are no integers':
    '(x, y) => { let s = 0; for (let t = 0; t < 1; t += 0.1) s += t * x + y; return s }',
  'for whose variable the body changes':
    '(x, y) => { let s = 0; for (let i = 0; i < 20; i++) { if (x > i) i += 2; s += i } return s + y }',
  'a counter that goes on behind its loop':
    '(x, y) => { let i; for (i = 0; i < 3; i++) x += i; i = x; return y / ((i >> 0) % 7) }',
  'while whose test assigns':
    '(x, y) => { let a = Math.min(x, 50), n = 0; while ((a -= 7) > y) { if (++n > 30) break } return a + n }',
  'while over a number': '(x, y) => { let n = Math.abs(x) & 31, s = 0; while (n) { s += y; n-- } return s }',
  'do that is left':
    '(x, y) => { let n = 0; do { if (++n > y) break; if (n & 1) continue; n += 3 } while (n < x && n < 40) return n }',
  'loops left by their labels': `(x, y) => { let n = 0; a: for (let i = 0; i < 5; i++) { b: while (true) { n++; do {
    if (n % 3 === 0) continue a; if (n % 5 === 0) break b; if (n > x) break a } while (n++ < 20); break } n += y > 0 ? 1 : 2 } return n }`,
  'continue of a loop around by its label': `(x, y) => { let s = 0; rows: for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) { if (j > i) continue rows; s += x * i - y * j } s += 100 } return s }`,
  'blocks left by their labels':
    '(x, y) => { let n = 1; a: { n++; b: { if (x > 0) break a; if (y > 0) break b; n += 10 } n += 100 } return n }',
  'switch over int32': `(x, y) => { switch (x & 3) { case 0: return y; case 1: y *= 2; case 2: y += 1; break; default: y = -y } return y }`,
  'switch with variables of its own': `(x, y) => { switch (x) { case 0: { const a = y; return a } case 1: let b = y * 2; return b; default: { let b = 3; return b * x } } }`,
  'switch without cases': '(x, y) => { switch (x++) { } return x + y }',
  'switch whose cases count':
    '(x, y) => { let n = 0; switch (x) { case n++: n += 10; case n++ + 5: n += 100; break; case 7: n += 1000 } return n + y }',
  'switch over NaN and -0': '(x, y) => { switch (x) { case NaN: return 1; case -0: return 2 } return y }',
  'switch in a loop in a switch': `(x, y) => { let n = 0; switch (x) { case 1: case 2: for (let i = 0; i < 6; i++) { switch (i) { case 2: continue;
    case 4: break; default: n += i; case 5: n++ } n *= 2 } break; default: n = -1 } return n + y }`,
  'return from anywhere':
    '(x, y) => { for (let i = 0; i < 9; i++) { do { if (i > x) return i; switch (i) { case 7: return y } } while (false) } return -1 }',
  'nothing after return': '(x, y) => { if (x > y) { return x; y = 3 } else { return y } return 7 }',
  'empty statements': '(x, y) => { ;;; if (x > 0); else; for (let i = 0; i < 3; i++); {} return x + y }',
  'else that hangs': '(x, y) => { let n = 0; if (x > 0) if (y > 0) n = 1; else n = 2; return n }',
  'declarations that hide':
    '(x, y) => { const a = x; { const a = y; { const a = 2; x += a } x *= a } for (let a = 0; a < 2; a++) x += a; return x + a }',
  'a variable declared anew in each round':
    '(x, y) => { let s = 0; for (let i = 0; i < 4; i++) { let a; if (i > x) a = i; else a = y; s += a } return s }',
  'a truth value as the result, on some paths': '(x, y) => { if (x > 5) return x > y; if (x > 2) return y; return !x }',
}

describe.each([
  ['literals', LITERALS],
  ['operators', OPERATORS],
  ['statements', STATEMENTS],
] as const)('a kernel gives the bits of its function for %s', (_, kernels) => {
  it.each(Object.entries(kernels))('%s', (_, source) => {
    expectSameBits(compile(source, {}, library), plainFunction(source), rows(2, 150))
  })
})

/** Functions of ES2024 that give the same for the same. */
const FUNCTIONS: readonly string[] = [
  ...[
    'abs',
    'acos',
    'acosh',
    'asin',
    'asinh',
    'atan',
    'atan2',
    'atanh',
    'cbrt',
    'ceil',
    'clz32',
    'cos',
    'cosh',
    'exp',
    'expm1',
  ],
  ...[
    'floor',
    'fround',
    'hypot',
    'imul',
    'log',
    'log10',
    'log1p',
    'log2',
    'max',
    'min',
    'pow',
    'round',
    'sign',
    'sin',
    'sinh',
  ],
  ...['sqrt', 'tan', 'tanh', 'trunc'],
]
const OPERATIONS = ['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc']

describe('of Math a kernel knows', () => {
  const later = ['f16round', 'sumPrecise'] // ES2025, ES2026

  it('all functions and constants', () => {
    const names = Object.getOwnPropertyNames(Math).filter((name) => !later.includes(name))
    for (const name of names.filter((name) => typeof mathValue(name) === 'number')) {
      expectSameBits(compile(`x => x * Math.${name}`), (x) => Number(x) * Number(mathValue(name)), rows(1, 10))
    }
    const functions = names.filter((name) => typeof mathValue(name) === 'function')
    expect(functions.toSorted()).toEqual([...FUNCTIONS, 'random'].toSorted())
  })

  it.each(FUNCTIONS)('%s', (name) => {
    const args = ['atan2', 'hypot', 'imul', 'max', 'min', 'pow'].includes(name) ? 'x, y' : 'x'
    const source = `(${args}) => Math.${name}(${args})`
    if (OPERATIONS.includes(name) || library.has(name)) {
      expectSameBits(compile(source, {}, library), plainFunction(source), rows(2, 50))
    } else expect(() => compile(source, {}, library)).toThrow(`Math.${name} is not there yet`)
  })

  it.each(['min', 'max', 'hypot'])('%s of any number of numbers', (name) => {
    for (const args of ['', 'x', 'x, y, 3', 'y, x, -x, 1', '1, x, 2, y, 3, x']) {
      const source = `(x, y) => Math.${name}(${args}) + x`
      const count = args.split(',').length
      if (name !== 'hypot' || count < 3 || library.has(`hypot${count}`)) {
        expectSameBits(compile(source, {}, library), plainFunction(source), rows(2, 20))
      } else expect(() => compile(source, {}, library)).toThrow(`Math.hypot of ${count} numbers is not there yet`)
    }
  })

  const mathValue = (name: string): unknown => Object.getOwnPropertyDescriptor(Math, name)?.value
})

describe('a loop without end', () => {
  it.each(['x => { while (true) {} }', 'x => { for (;;) x++ }', 'x => { do { if (x > 0) return x } while (1) }'])(
    '%s is compiled',
    (source) => {
      expect(() => compile(source)).not.toThrow()
    },
  )
})
