import { type Refusal, refuses } from '../support/refusal.ts'

const table = Float64Array.of(1, 2)

const NO_STRINGS = 'a kernel has no strings'

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

refuses('functions', FUNCTIONS)
refuses('statements', STATEMENTS)
refuses('variables', VARIABLES)
