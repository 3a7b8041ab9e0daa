/** Kernels by what they show, as JavaScript. */
type Kernels = Readonly<Record<string, string>>

/** Each stands for one construct of the language. */
export const CONSTRUCTS: Kernels = {
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

export const LITERALS: Kernels = {
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

export const OPERATORS: Kernels = {
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
  'powers of what stands behind commas': '(x, y) => (x, y) ** (x, 2) + (y, 0) ** 1 + x',
  powers: '(x, y) => x ** y + x ** 3 + 2 ** y + (-x) ** 0.5 + x ** -2 + Math.pow(y, 1 / 3) + x ** NaN + 1 ** y',
}

export const STATEMENTS: Kernels = {
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
