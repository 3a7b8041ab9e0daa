import { type Refusal, refuses } from '../support/refusal.ts'

const table = Float64Array.of(1, 2)

const NO_STRINGS = 'a kernel has no strings'
const COMPARES = 'between what is or may be a truth value and what is or may be a number would ask for types'
const BOTH_NUMBERS = 'make numbers of both: Number(a) === Number(b)'

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

refuses('values', VALUES)
refuses('types', TYPES)
