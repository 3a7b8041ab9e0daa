import { compile } from '../support/compiled.ts'
import { type Refusal, refuses } from '../support/refusal.ts'

const table = Float64Array.of(1, 2)
const twice = (x: number) => 2 * x
const twiceCompiled = compile('x => 2 * x')

const NO_OBJECTS = 'give the numbers and typed arrays that it needs in with: { … }'

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

refuses('calls', CALLS)
refuses('names', NAMES)
