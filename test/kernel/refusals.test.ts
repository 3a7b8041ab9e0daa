import { describe, expect, it } from 'vitest'
import type { Capture } from '../../src/kernel/check.ts'
import { compile, functionOf } from './support/compiled.ts'
import { marked } from './support/marked.ts'
import { refusalOf } from './support/refusal.ts'

type Captures = Readonly<Record<string, Capture>>
/** The place that is marked, the rule and the way out. */
type Refusal = readonly [source: string, rule: string, wayOut: string, captures?: Captures]

const table = Float64Array.of(1, 2)
const twice = (x: number) => 2 * x
const twiceCompiled = compile('x => 2 * x')

const NO_OBJECTS = 'give the numbers and typed arrays that it needs in with: { … }'
const NO_STRINGS = 'a kernel has no strings'
const TRANSPILED = 'let it target ES2022 or later, or write the kernel without what needed it'
const INSTRUMENTED = "leave this file out of instrumentation, or use V8's own coverage (c8, vitest's v8 provider)"
const COMPARES = 'between what is or may be a truth value and what is or may be a number would ask for types'
const BOTH_NUMBERS = 'make numbers of both: Number(a) === Number(b)'

const FUNCTIONS: readonly Refusal[] = [
  [
    '«function sin() { [native code] }»',
    'a native or bound function shows no source',
    'write (x) => f(x) around it, and give what it needs in with: { … }',
  ],
  ['«async» (x) => x', 'an async function answers with a promise', 'a kernel returns a number at once'],
  ['«async» f(x) { return x }', 'an async function answers with a promise', 'a kernel returns a number at once'],
  ['«function*» f(x) { yield x }', 'a generator answers with an iterator', 'a kernel returns one number'],
  ['«*f(x)» { yield x }', 'a generator answers with an iterator', 'a kernel returns one number'],
  ['«class» Price {}', 'a class is no numeric function', 'give kernel() a function over numbers'],
  [
    '«g»et price() { return 1 }',
    'this source cannot be read (no function stands here)',
    'give kernel() an arrow function or a function',
  ],
  ['x => x +«»', 'this source cannot be read (Unexpected token)', 'give kernel() an arrow function or a function'],
  ['(«{ x }») => x', 'a kernel cannot destructure', 'take each number as a parameter of its own'],
  ['(«[x]») => x', 'a kernel cannot destructure', 'assign one variable at a time'],
  ['(«{ x }» = {}) => x', 'a kernel cannot destructure', 'take each number as a parameter of its own'],
  ['(«...xs») => 1', 'a kernel has a fixed number of parameters', 'name each of them'],
  ['(x, y = «x * 2») => y', 'the default of y is no constant', 'use a number, or Math.PI and its kin'],
  ['(x) => { if (x > 0) return 1 «}»', 'the function may end here without return', 'return a number on every path'],
  [
    '(x) => { while (x > 0) { if (x > 5) break; x++ } «}»',
    'the function may end here without return',
    'return a number on every path',
  ],
  ['(x) => {«}»', 'the function may end here without return', 'return a number on every path'],
  ['(x) => { «return» }', 'return without a value gives undefined', 'return a number'],
]

const STATEMENTS: readonly Refusal[] = [
  ['(x) => { «debugger;» return x }', 'a kernel runs where no debugger stops', 'call kernel.fn to debug the original'],
  [
    '(x) => { «for (const k in x) ;» return x }',
    'for … in walks properties, and a number has none',
    'count: for (let i = 0; i < n; i++)',
  ],
  [
    '(x) => { «for (const k of x) ;» return x }',
    'for … of walks an iterator, and a kernel has none',
    'count: for (let i = 0; i < table.length; i++)',
  ],
  ['(x) => { «function f() {}» return x }', 'a kernel holds no function', 'give it as a helper in with: { … }'],
  ['(x) => { «class A {}» return x }', 'a kernel holds no class', 'use numbers'],
  ["(x) => { «throw new Error('x')» }", 'a kernel cannot throw', 'return NaN for what has no result'],
  [
    '(x) => { «try { return x } catch { return 0 }» }',
    'a kernel cannot throw, so it catches nothing',
    'return NaN for what has no result',
  ],
  [
    '(x) => { const «{ a }» = x; return a }',
    'a kernel cannot destructure',
    'take each number as a parameter of its own',
  ],
  ['(x) => { const «[a]» = x; return a }', 'a kernel cannot destructure', 'assign one variable at a time'],
  ['(x) => { let a; «[a]» = x; return a }', 'a kernel cannot destructure', 'assign one variable at a time'],
  ['(x) => { let a; («{ a }» = x); return a }', 'a kernel cannot destructure', 'assign one variable at a time'],
  ["(x) => { switch (x) { case «'a'»: return 1 } return 2 }", NO_STRINGS, 'use numbers'],
]

const VARIABLES: readonly Refusal[] = [
  [
    '(x) => { let a; if (x > 0) a = 1; return «a» }',
    'a may be read before it is assigned',
    'give it a value first: let a = 0',
  ],
  [
    '(x) => { if (x > 0) var a = 1; return «a» }',
    'a may be read before it is assigned',
    'give it a value first: var a = 0',
  ],
  [
    '(x) => { const b = «a» + x; const a = 1; return b }',
    'a may be read before it is assigned',
    'give it a value first: let a = 0',
  ],
  ['(x) => { «a = 1»; let a = 2; return a }', 'a is assigned before its declaration', 'declare it first'],
  ['(x) => { const a = 1; «a» = x; return a }', 'a is a const', 'declare it with let to assign it'],
  ['(x) => { const a = 1; «a»++; return a }', 'a is a const', 'declare it with let to assign it'],
  ['(x) => { «a» = x; return x }', 'a is not declared here', 'a kernel assigns variables of its own: let x = …'],
  [
    '(x) => { «gain» = x; return x }',
    'gain comes from outside and cannot be assigned',
    'copy it: let own = gain',
    { gain: 1 },
  ],
  [
    '(x) => { «out[0]» = x; return x }',
    'a kernel writes nothing but its variables',
    'return the number; map stores the results',
  ],
  [
    '(x) => { «table[0]»++; return x }',
    'a kernel writes nothing but its variables',
    'return the number; map stores the results',
    { table },
  ],
]

const VALUES: readonly Refusal[] = [
  ["(x) => x + «'a'»", NO_STRINGS, 'use numbers'],
  ['(x) => x + «`a`»', NO_STRINGS, 'use numbers'],
  ['(x) => «f`a`»', NO_STRINGS, 'use numbers'],
  ["(x) => «'abc'».length", NO_STRINGS, 'use numbers'],
  ['(x) => «1n» + x', 'a kernel computes with doubles, not with BigInt', 'write the number without n'],
  ['(x) => «/a/».test(x)', 'a kernel has no strings to match', 'use numbers'],
  ['(x) => x || «null»', 'a kernel has no null', 'use NaN for what has no value'],
  ['(x) => x || «undefined»', 'a kernel has no undefined', 'use NaN for what has no value'],
  ['(x) => x || «void 0»', 'a kernel has no undefined', 'use NaN for what has no value'],
  [
    '(x) => «x === undefined» ? 0 : x',
    'a kernel has no undefined to compare with',
    'compare numbers; a missing one is NaN: Number.isNaN(x)',
  ],
  [
    '(x) => «void 0 !== x» ? x : 0',
    'a kernel has no undefined to compare with',
    'compare numbers; a missing one is NaN: Number.isNaN(x)',
  ],
  ['(x) => «[1, 2]»', 'a kernel makes no arrays', 'use variables, or give a typed array in with: { … }'],
  ['(x) => «[1, 2]»[x]', 'a kernel makes no arrays', 'use variables, or give a typed array in with: { … }'],
  ['(x) => («{ a: x }»)', 'a kernel makes no objects', 'use a variable for each number'],
  ['(x) => «new Number(x)»', 'a kernel makes no objects', 'use numbers'],
  ['(x) => { const f = «(y) => y»; return x }', 'a kernel holds no function', 'give it as a helper in with: { … }'],
  [
    '(x) => { const f = «function (y) { return y }»; return x }',
    'a kernel holds no function',
    'give it as a helper in with: { … }',
  ],
  ['(x) => («() => x»)()', 'a kernel holds no function', 'give it as a helper in with: { … }'],
  ['(x) => { const A = «class {}»; return x }', 'a kernel holds no class', 'use numbers'],
  ["(x) => «import('a')»", 'a kernel imports nothing', 'give what it needs in with: { … }'],
  ['(x) => «this».gain * x', 'a kernel has no this', 'give the numbers it needs in with: { … }'],
  ['(x) => { «this».gain = x; return x }', 'a kernel has no this', 'give the numbers it needs in with: { … }'],
  ['f(x) { return «super».f(x) }', 'a kernel has no super', 'give the numbers it needs in with: { … }'],
  [
    'function (x) { return «new.target» }',
    'a kernel knows nothing of its call and its module',
    'take what it needs as a parameter',
  ],
  [
    '(x) => «import.meta».url',
    'a kernel knows nothing of its call and its module',
    'take what it needs as a parameter',
  ],
  ['(x) => «table?.[x]»', 'a kernel has no undefined for ?. to ask about', 'read table[i] or table.length', { table }],
  ['(x) => Math.max(«...x»)', 'a kernel cannot spread', 'give each argument by itself'],
  [
    '(x) => «x ?? 0»',
    'a kernel has no null or undefined for ?? to ask about',
    'a missing number is NaN: Number.isNaN(x) ? y : x',
  ],
  [
    '(x) => { «x ??= 0»; return x }',
    'a kernel has no null or undefined for ??= to ask about',
    'a missing number is NaN: if (Number.isNaN(x)) x = y',
  ],
  ['(x) => { «delete x.y»; return x }', 'a kernel has no objects to delete from', 'use numbers'],
  ['(x) => «1 in x»', 'a kernel has no objects to look into', 'compare an index with table.length'],
  ['(x) => «x instanceof Number»', 'a kernel has no objects', 'everything in it is a number'],
  [
    "(x) => «typeof x» === 'number'",
    'everything in a kernel is a number, so typeof says nothing',
    'leave the test out',
  ],
  ['(x) => «x.y»', 'a number has no properties', 'a kernel knows numbers, and arrays given in with: { … }'],
  ['(x) => «Math.PI.y»', 'a number has no properties', 'a kernel knows numbers, and arrays given in with: { … }'],
  [
    '(x) => «table[x].y»',
    'a number has no properties',
    'a kernel knows numbers, and arrays given in with: { … }',
    { table },
  ],
]

const TYPES: readonly Refusal[] = [
  ['(x, y) => «(x < y) === y»', `=== ${COMPARES}`, BOTH_NUMBERS],
  ['(x, y) => «(x < y) !== 1»', `!== ${COMPARES}`, BOTH_NUMBERS],
  ['(x, y) => { let a = 0; if (x > y) a = x > 2; return «a === 1» }', `=== ${COMPARES}`, BOTH_NUMBERS],
  ['(x, y) => { switch (x < y) { case «1»: return x } return y }', `=== ${COMPARES}`, BOTH_NUMBERS],
  [
    '(x, y) => «Number.isNaN(x > y ? x : x > 0)»',
    'Number.isNaN of what may be a truth value would ask for its type',
    'make a number of it: Number(x)',
  ],
  ['(x, y) => «table[x > y]»', 'a truth value is no index', 'make a number of it: table[Number(x)]', { table }],
]

const CALLS: readonly Refusal[] = [
  [
    '(x) => «Math.random()» * x',
    'Math.random gives other numbers at each call, so engines could not agree',
    'map over an array of random numbers, or hash an index in the kernel',
  ],
  ['(x) => «Math.sine(x)»', 'Math.sine is not a function', 'see docs/kernels.md for what a kernel may use'],
  ['(x) => «Math.toString()»', 'Math.toString is not a function', 'see docs/kernels.md for what a kernel may use'],
  ['(x) => «Math.lgamma» * x', 'Math.lgamma does not exist', 'see docs/kernels.md for what a kernel may use'],
  ['(x) => «Math.sqrt» * x', 'Math.sqrt is a function, not a number', 'call it'],
  ['(x) => «Number.length» * x', 'Number.length does not exist', 'see docs/kernels.md for what a kernel may use'],
  ['(x) => «Math.atan2(x)»', 'Math.atan2 takes 2 numbers, got 1', 'a missing argument would be undefined'],
  ['(x) => «Math.sqrt(x, x)»', 'Math.sqrt takes one number, got 2', 'leave the rest out'],
  ['(x) => «Number()»', 'Number takes one number, got 0', 'a missing argument would be undefined'],
  [
    '(x) => «Math.hypot(x, x, x)»',
    'Math.hypot of 3 numbers is not there yet',
    'write it as a helper and give it in with: { … }',
  ],
  ['(x) => «Math.tan(x)»', 'Math.tan is not there yet', 'write it as a helper and give it in with: { … }'],
  [
    '(x) => «Number.parseFloat(x)»',
    'a kernel cannot call Number.parseFloat',
    'it may call Math.…, Number.is… and helpers given in with: { … }',
  ],
  [
    '(x) => «x.toFixed(2)»',
    'a kernel cannot call x.toFixed',
    'it may call Math.…, Number.is… and helpers given in with: { … }',
  ],
  [
    '(x) => «x.toFixed(2).length(1)»',
    'a kernel calls functions by their names',
    'give helpers in with: { … } and call them there',
  ],
  ['(x) => «x(1)»', 'x is a number, not a function', 'call helpers given in with: { … }'],
  ['(x) => «gain(x)»', 'gain is a number, not a function', 'read it as gain', { gain: 2 }],
  ['(x) => «table(x)»', 'table is an array, not a function', 'read table[i]', { table }],
  ['(x) => «table» * x', 'table is an array, not a number', 'read table[i] or table.length', { table }],
  ['(x) => «table.at»', 'an array is read by index', 'read table[i] or table.length', { table }],
  ['(x) => «twice» * x', 'twice is a function, not a number', 'call it: twice(…)', { twice }],
  [
    '(x) => «twiceCompiled» * x',
    'twiceCompiled is a function, not a number',
    'call it: twiceCompiled(…)',
    { twiceCompiled },
  ],
  ['(x) => «twice()»', 'twice is not given its x', 'a missing argument would be undefined', { twice }],
  [
    '(x) => «twiceCompiled()»',
    'twiceCompiled is not given its x',
    'a missing argument would be undefined',
    { twiceCompiled },
  ],
  ['(x) => «twiceCompiled(x, x)»', 'twiceCompiled takes one number, got 2', 'leave the rest out', { twiceCompiled }],
]

const NAMES: readonly Refusal[] = [
  ['(x) => «gain» * x', 'gain is not known inside the kernel', 'put it in with: { gain }'],
  ['(x) => «weights»[x]', 'weights is not known inside the kernel', 'put it in with: { weights }'],
  ['(x) => «weights».length', 'weights is not known inside the kernel', 'put it in with: { weights }'],
  ['(x) => «helper»(x)', 'helper is not known inside the kernel', 'put it in with: { helper } as a helper'],
  ['(x) => «geo».helper(x)', 'geo is not known inside the kernel', 'put it in with: { geo } as a helper'],
  ['(x) => «__vi_import_0__».gain * x', 'gain is not known inside the kernel', 'put it in with: { gain }'],
  ['(x) => «import_gain».gain * x', 'gain is not known inside the kernel', 'put it in with: { gain }'],
  ['(x) => (0, «gain_1».scale)(x)', 'scale is not known inside the kernel', 'put it in with: { scale } as a helper'],
  [
    '(x) => «__vi_import_0__».default * x',
    'an import by default lost its name to a bundler',
    'name it anew: const own = …, with: { own }',
  ],
  ['function (x) { return «arguments».length }', 'a kernel has a fixed number of parameters', 'name each of them'],
  ['(x) => «isNaN»(x)', 'isNaN converts what it is given', 'use Number.isNaN or Number.isFinite'],
  ['(x) => «parseInt»(x)', 'parseInt is about strings and other values', 'use Math.trunc(x) or Number(x)'],
  ['(x) => «Boolean»(x)', 'a kernel has no Boolean', 'write !!x'],
  ['(x) => «Math» * x', 'Math by itself is no number', 'use what it holds, as in Math.PI or Number.EPSILON'],
  ['(x) => «Math»[x]', 'Math by itself is no number', 'use what it holds, as in Math.PI or Number.EPSILON'],
  ['(x) => { «console».log(x); return x }', 'a kernel prints nothing', 'call kernel.fn to debug the original'],
  [
    '(x) => x - «Date».now()',
    'Date answers otherwise at each call, so engines could not agree',
    'take the time as a parameter',
  ],
  [
    '(x) => «crypto».getRandomValues(x)',
    'crypto answers otherwise at each call, so engines could not agree',
    'map over an array of random numbers, or hash an index in the kernel',
  ],
  ['(x) => «globalThis».gain', 'a kernel has no objects, so it cannot use globalThis', NO_OBJECTS],
  ['(x) => «Float64Array».of(x)', 'a kernel has no objects, so it cannot use Float64Array', NO_OBJECTS],
  ["(x) => «require»('gain')", 'a kernel cannot call require', 'give what it needs in with: { … }'],
]

/** What coverage tools and transpilers put into sources, as each writes it. */
const TOOLS: readonly Refusal[] = [
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

describe.each([
  ['functions', FUNCTIONS],
  ['statements', STATEMENTS],
  ['variables', VARIABLES],
  ['values', VALUES],
  ['types', TYPES],
  ['calls', CALLS],
  ['names', NAMES],
] as const)('among %s a kernel refuses', (_, refusals) => {
  for (const [source, rule, wayOut, captures] of refusals) {
    it(`${source}`, () => expectRefusal(source, `${rule}; ${wayOut}`, captures))
  }
})

describe('a kernel explains', () => {
  for (const [source, name, wayOut] of TOOLS) {
    const what = wayOut === INSTRUMENTED ? 'counter that a coverage tool' : 'helper that a transpiler'
    it(`${source}`, () => expectRefusal(source, `${name} is a ${what} put into the source; ${wayOut}`))
  }
})

/** Expects that the kernel is refused at its mark, and that the frame underlines the mark. */
function expectRefusal(source: string, reason: string, captures?: Captures): void {
  const { text, line, column, mark } = marked(source)
  const error = refusalOf(() => compile(text, captures))
  expect(error.message.split('\n', 1)[0]).toBe(`kernel f, line ${line}, column ${column}: ${reason}`)
  expect(error).toMatchObject({ name: 'KernelSyntaxError', code: 'ERR_LANEWISE_KERNEL_SYNTAX', line, column })
  expect(error.message).toContain(error.frame)
  expect(underlined(error.frame)).toBe(mark || undefined)
}

/** What the carets of a frame stand under. */
function underlined(frame: string): string | undefined {
  const lines = frame.split('\n')
  const at = lines.findIndex((line) => line.startsWith('>'))
  const carets = lines[at + 1] ?? ''
  return lines[at]?.slice(carets.indexOf('^'), carets.length) || undefined
}

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
