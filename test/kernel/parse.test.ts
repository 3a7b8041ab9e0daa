import { describe, expect, it } from 'vitest'
import { compile, expectSameBits, functionOf, rows } from './support/compiled.ts'

/** Each stands for one construct of the language. */
const CONSTRUCTS: Record<string, string> = {
  'an expression': '(x, y) => x * y + 1',
  'a function expression': 'function (x, y) { return x - y }',
  'a declaration': 'function f(x, y) { return x - y }',
  'a method': 'f(x, y) { return x - y }',
  'every arithmetic operator': '(x, y) => (x + y) * (x - y) + -x / +y + (x % y)',
  'every comparison': `(x, y) => Number(x < y) + 2 * Number(x <= y) + 4 * Number(x > y) + 8 * Number(x >= y) +
    16 * Number(x === y) + 32 * Number(x !== y) + 64 * Number(x == y) + 128 * Number(x != y)`,
  'a truth value as a result': '(x, y) => x < y',
  'truth values in arithmetic': '(x, y) => x * (x > y) + (x < 1) * 4 + true - (y === 1)',
  'truth values compared': '(x, y) => ((x < 1) === (y < 1)) + 2 * ((x < 1) !== (y > 1)) + 4 * ((x < 1) == (y > 1))',
  'every bit operator': '(x, y) => (x & y) + (x | y) + (x ^ y) + ~x + (x << y) + (x >> y) + (x >>> y)',
  'bit operators, nested': '(x, y) => ((x & y) ^ (x | 5) ^ ~x ^ (x << 3) ^ (y >> 2) ^ (x >>> y)) >>> 1',
  'unsigned numbers': '(x, y) => (x >>> 0) + (y >>> 3) * 2 + ((x >>> 1) > (y >>> 1)) + ((x >>> 1) === (y >>> 1))',
  'int32 sums that only ToInt32 sees': '(x, y) => ((x | 0) + (y | 0) * 3 - ((x | 0) - (y >>> 0))) | 0',
  'products that are too long for int32': '(x, y) => ((x | 0) * (y | 0)) | 0',
  'products that are proven': '(x, y) => ((x & 0xffff) * (y & 0x1fff) + 7) & 0xff',
  'integer division': '(x, y) => (((x | 0) / (y | 0)) | 0) + (Math.trunc((x | 0) / 7) | 0)',
  remainders: '(x, y) => (x % 8) + (x % -4) + (x % 3) + (x % y) + ((x & 1023) % 7) + ((x | 0) % ((y & 7) + 1))',
  'negative zero': '(x, y) => 1 / ((x | 0) * (y | 0)) + 1 / -(x | 0) + 1 / ((x | 0) % 5) + 1 / Math.round(y)',
  'what && and || give': '(x, y) => (x && y) + (x || y) + (x && y > 1) + (x < 1 || y)',
  'negation of numbers': '(x, y) => !x + 2 * !!y + 4 * !(x && y) + 8 * !(x || !y)',
  'compound assignment': `(x, y) => {
    let a = x
    a += y; a -= 3; a *= 2; a /= 7; a %= 5; a **= 2
    let b = a
    b |= 1; b <<= 3; b >>>= 1; b ^= y; b &= 0xffff; b >>= 1
    a &&= b; b ||= 3
    return a + b
  }`,
  'assignments as values': `(x, y) => {
    let a = 1, b = 2
    a = b = x
    return a++ + ++b - a-- * --b + (a = y) + a++
  }`,
  'the order of evaluation': '(x, y) => { let a = x; return a + (a = y) * a - (a++ + a) + (a, a -= 2) }',
  'if and else': `(x, y) => {
    if (x < y) return x
    else if (x === y) return 0
    return y
  }`,
  'for, break, continue': `(x, y) => {
    let sum = 0
    for (let i = 0; i < 20; i++) {
      if (i === 5) continue
      if (sum > y) break
      sum += x * i
    }
    return sum
  }`,
  'while and do': `(x, y) => {
    let n = Math.min(Math.abs(x), 50)
    let k = 0
    while (n > 1) {
      n /= 2
      k++
    }
    do {
      k += 2
      n++
      if (k === 8) continue
      k += 1
    } while (n < 5 && k < y)
    return k + n
  }`,
  labels: `(x, y) => {
    let found = -1
    outer: for (let i = 0; i < 6; i++) {
      for (let j = 0; j < 6; j++) {
        if (i * j > x) {
          found = i * 10 + j
          break outer
        }
        if (j > y) continue outer
      }
    }
    block: {
      if (found < 0) break block
      found += 100
    }
    test: if (x > 0) {
      if (y > 0) break test
      found += 1000
    }
    return found
  }`,
  'return inside loops': `(x, y) => {
    for (let i = 0; ; i++) {
      if (i * x > y || i > 30) return i
    }
  }`,
  'switch with returns': `(x, y) => {
    switch (x) {
      case 1: return y
      case 2:
      case 3: return -y
      default: return 0
    }
  }`,
  'switch that runs on': `(x, y) => {
    let n = 0
    switch (x) {
      case 1:
        n += 1
      case y:
        n += 10
        break
      default:
        n += 100
      case 7:
        n += 1000
    }
    return n
  }`,
  'switch with default among the cases': `(x, y) => {
    let n = 0
    switch (x) {
      case 1: n = 1; break
      default: n = 2; break
      case 3: n = y
    }
    return n
  }`,
  'switch where default shares a body with a case that comes again': `(x, y) => {
    switch (x) {
      case 1:
      default: return 5
      case 1: return 6
      case 2: return y
    }
  }`,
  'switch whose cases assign': `(x, y) => {
    switch (y) {
      case ++x:
      case (x += 2):
      default:
    }
    return x
  }`,
  'switch over truth values': `(x, y) => {
    switch (true) {
      case x < 1: return 1
      case y < 1: return 2
    }
    return 3
  }`,
  'switch with a continue of the loop around': `(x, y) => {
    let n = 0
    for (let i = 0; i < 5; i++) {
      switch (i) {
        case 1: continue
        case 2: n += x
        case 3: n += y; break
        default: n++
      }
      n *= 2
    }
    return n
  }`,
  'var, hoisted': '(x, y) => { if (x > 0) var r = y; else r = -y; return r }',
  'names that hide others': '(x, y) => { let r = x; { let x = y; r += x; { const x = 2; r *= x } } return r + x }',
  'parameters that are assigned': '(x, y) => { x = x > y ? x : y; y -= x; return x + y }',
  'a choice with side effects':
    '(x, y) => { let a = 0; const b = x > y ? (a = 1, x) : (a += 2, y * 2); return a * 100 + b }',
  'min, max, sign and the rest of Math': `(x, y) =>
    Math.min(x, y, 3) + Math.max(x, -y) + Math.sign(x) + Math.abs(y) + Math.sqrt(x) + Math.round(y) + Math.trunc(x) +
    Math.floor(x) + Math.ceil(y) + Math.min(y) + Math.hypot(x)`,
  'nothing to be least of': '(x, y) => x > y ? Math.min() : Math.max()',
  'fround, imul, clz32': '(x, y) => Math.fround(x) + Math.imul(x, y) + Math.clz32(y)',
  'powers that are no calls': '(x, y) => x ** 2 + y ** -1 + x ** 1 + y ** 0 + Math.pow(x, 2)',
  'square roots by **': '(x, y) => (x * y) ** 0.5',
  'Number.is…': `(x, y) => Number.isNaN(x) + 2 * Number.isFinite(x) + 4 * Number.isInteger(y) + 8 * Number.isSafeInteger(y) +
    16 * Number.isNaN(x < y) + 32 * Number.isInteger(x | 0)`,
  'constants of Math and Number':
    '(x, y) => x * Math.PI + y * Number.EPSILON + Math.LOG2E - Number.MAX_SAFE_INTEGER + Infinity * x + NaN * y',
  'an int32 accumulator': `(x, y) => {
    let h = 0
    for (let i = 0; i < 8; i++) h = (Math.imul(h, 31) + (x | 0)) | 0
    return h ^ y
  }`,
  'an uint32 accumulator': `(x, y) => {
    let h = 2166136261
    for (let i = 0; i < 4; i++) h = Math.imul(h ^ ((x >>> (i * 8)) & 255), 16777619) >>> 0
    return h % 1000 + (h > y)
  }`,
  'a variable that is boolean on one path': '(x, y) => { let found = 0; if (x > y) found = x > 2; return found + 1 }',
  'a truth value in a variable':
    '(x, y) => { let done = false; let n = 0; while (!done) { n++; done = n > x || n > 9 } return n + done }',
}

describe('a compiled kernel gives the bits of its function', () => {
  it.each(Object.entries(CONSTRUCTS))('%s', (_, text) => {
    const isMethod = text.startsWith('f(')
    const compiled = compile(text)
    expect(compiled.program.inputs.map(({ name }) => name)).toEqual(['x', 'y'])
    expectSameBits(compiled, functionOf(isMethod ? `({ ${text} }).f` : text), rows(2))
  })
})
