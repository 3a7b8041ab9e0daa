import type { AnyNode } from 'acorn'
import { type Place, refuse } from './frame.ts'
import { type Context, placeOf } from './scope.ts'

/** What stands in a kernel and has no meaning over numbers: the rule, and what to write instead. */
const SYNTAX: Readonly<Record<string, readonly [rule: string, wayOut: string]>> = {
  ArrayExpression: ['a kernel makes no arrays', 'use variables, or give a typed array in with: { … }'],
  ArrayPattern: ['a kernel cannot destructure', 'assign one variable at a time'],
  ArrowFunctionExpression: ['a kernel holds no function', 'give it as a helper in with: { … }'],
  AwaitExpression: ['a kernel cannot wait', 'a kernel returns a number at once'],
  ChainExpression: ['a kernel has no undefined for ?. to ask about', 'read table[i] or table.length'],
  ClassDeclaration: ['a kernel holds no class', 'use numbers'],
  ClassExpression: ['a kernel holds no class', 'use numbers'],
  DebuggerStatement: ['a kernel runs where no debugger stops', 'call kernel.fn to debug the original'],
  ForInStatement: ['for … in walks properties, and a number has none', 'count: for (let i = 0; i < n; i++)'],
  ForOfStatement: [
    'for … of walks an iterator, and a kernel has none',
    'count: for (let i = 0; i < table.length; i++)',
  ],
  FunctionDeclaration: ['a kernel holds no function', 'give it as a helper in with: { … }'],
  FunctionExpression: ['a kernel holds no function', 'give it as a helper in with: { … }'],
  ImportExpression: ['a kernel imports nothing', 'give what it needs in with: { … }'],
  MetaProperty: ['a kernel knows nothing of its call and its module', 'take what it needs as a parameter'],
  NewExpression: ['a kernel makes no objects', 'use numbers'],
  ObjectExpression: ['a kernel makes no objects', 'use a variable for each number'],
  ObjectPattern: ['a kernel cannot destructure', 'take each number as a parameter of its own'],
  RestElement: ['a kernel has a fixed number of parameters', 'name each of them'],
  SpreadElement: ['a kernel cannot spread', 'give each argument by itself'],
  Super: ['a kernel has no super', 'give the numbers it needs in with: { … }'],
  TaggedTemplateExpression: ['a kernel has no strings', 'use numbers'],
  TemplateLiteral: ['a kernel has no strings', 'use numbers'],
  ThisExpression: ['a kernel has no this', 'give the numbers it needs in with: { … }'],
  ThrowStatement: ['a kernel cannot throw', 'return NaN for what has no result'],
  TryStatement: ['a kernel cannot throw, so it catches nothing', 'return NaN for what has no result'],
  WithStatement: ['a kernel has no objects', 'use numbers'],
  YieldExpression: ['a kernel gives one number', 'return it'],
}

const OPERATORS: Readonly<Record<string, readonly [rule: string, wayOut: string]>> = {
  '??': ['a kernel has no null or undefined for ?? to ask about', 'a missing number is NaN: Number.isNaN(x) ? y : x'],
  '??=': [
    'a kernel has no null or undefined for ??= to ask about',
    'a missing number is NaN: if (Number.isNaN(x)) x = y',
  ],
  delete: ['a kernel has no objects to delete from', 'use numbers'],
  in: ['a kernel has no objects to look into', 'compare an index with table.length'],
  instanceof: ['a kernel has no objects', 'everything in it is a number'],
  typeof: ['everything in a kernel is a number, so typeof says nothing', 'leave the test out'],
  void: ['a kernel has no undefined', 'use NaN for what has no value'],
}

/** Refuses a piece of syntax by its name. */
export function refuseSyntax(node: AnyNode, at: Place): never {
  if (node.type === 'Literal') {
    if (typeof node.value === 'bigint' || ('bigint' in node && node.bigint !== undefined)) {
      refuse(at, 'a kernel computes with doubles, not with BigInt', 'write the number without n')
    }
    if ('regex' in node && node.regex) refuse(at, 'a kernel has no strings to match', 'use numbers')
    if (node.value === null) refuse(at, 'a kernel has no null', 'use NaN for what has no value')
    refuse(at, 'a kernel has no strings', 'use numbers')
  }
  const operator = 'operator' in node ? String(node.operator) : ''
  const [rule, wayOut] = (Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : SYNTAX[node.type]) ?? [
    `${node.type} has no meaning in a kernel`,
    'see docs/kernels.md for the language',
  ]
  return refuse(at, rule, wayOut)
}

// istanbul's counters, whose names end in a hash, and those of its older releases, of Stryker, and of blanket and jscoverage.
const COUNTER = /^(cov_(?=\w*\d)[0-9a-z]+|__cov_\S+|__coverage__|stry(?:Cov|MutAct|NS)_\w+|_\$jscoverage|\$_\$\w+)$/

// What esbuild, TypeScript, swc and Babel call, or import, to do what older engines cannot.
const TRANSPILED =
  /^(__(?:name|publicField|private\w+|spreadArray|spreadValues|spreadProps|read|values|assign|rest|objRest|awaiter|async|generator|decorate\w*|pow|toESM|require)|tslib(?:_\d+)?|_helpers?|_(?:class_call_check|classCallCheck|define_property|defineProperty|sliced_to_array|slicedToArray|to_consumable_array|toConsumableArray|object_spread\w*|objectSpread\w*|extends|type_of|typeof|instanceof|async_to_generator|asyncToGenerator|ts_generator|nullish\w*)\d*|_interop\w+|regeneratorRuntime)$/

/** Names that are no captures, and what they are there for. */
const NAMES: readonly (readonly [pattern: RegExp, rule: (name: string) => string, wayOut: string])[] = [
  [/^undefined$/, () => 'a kernel has no undefined', 'use NaN for what has no value'],
  [/^arguments$/, () => 'a kernel has a fixed number of parameters', 'name each of them'],
  [/^(isNaN|isFinite)$/, (name) => `${name} converts what it is given`, 'use Number.isNaN or Number.isFinite'],
  [
    /^(parseInt|parseFloat|String|BigInt)$/,
    (name) => `${name} is about strings and other values`,
    'use Math.trunc(x) or Number(x)',
  ],
  [/^Boolean$/, () => 'a kernel has no Boolean', 'write !!x'],
  [/^(Math|Number)$/, (name) => `${name} by itself is no number`, 'use what it holds, as in Math.PI or Number.EPSILON'],
  [/^console$/, () => 'a kernel prints nothing', 'call kernel.fn to debug the original'],
  [
    /^(Date|performance)$/,
    (name) => `${name} answers otherwise at each call, so engines could not agree`,
    'take the time as a parameter',
  ],
  [
    /^(crypto)$/,
    (name) => `${name} answers otherwise at each call, so engines could not agree`,
    'map over an array of random numbers, or hash an index in the kernel',
  ],
  [
    /^(globalThis|window|global|self|process|Object|Array|Map|Set|JSON|Symbol|Reflect|RegExp|Error|Atomics|\w+(?:Array|Error))$/,
    (name) => `a kernel has no objects, so it cannot use ${name}`,
    'give the numbers and typed arrays that it needs in with: { … }',
  ],
  [/^(require|eval|Function)$/, (name) => `a kernel cannot call ${name}`, 'give what it needs in with: { … }'],
  [
    COUNTER,
    (name) => `${name} is a counter that a coverage tool put into the source`,
    "leave this file out of instrumentation, or use V8's own coverage (c8, vitest's v8 provider)",
  ],
  [
    TRANSPILED,
    (name) => `${name} is a helper that a transpiler put into the source`,
    'let it target ES2022 or later, or write the kernel without what needed it',
  ],
]

// What a module's imports are read off, once it was bundled or transpiled: by vitest, esbuild, TypeScript, Babel and swc.
const NAMESPACE = /^(__(?:vi|vite_ssr)_import_\d+__|import_\w+|\w+_\d+|_\w+)$/

/** Refuses a name that nothing stands for. */
export function refuseName(name: string, at: Place, isCalled = false): never {
  refuseKnown(name, at)
  const wayOut = `put it in with: { ${name} }${isCalled ? ' as a helper' : ''}`
  return refuse(at, `${name} is not known inside the kernel`, wayOut)
}

/** Refuses `object.property` where nothing stands for `object`. */
export function refuseMember(object: string, property: string, at: Place, isCalled = false): never {
  refuseKnown(object, at)
  if (!NAMESPACE.test(object) || property === 'length') return refuseName(object, at, isCalled)
  if (property !== 'default') return refuseName(property, at, isCalled)
  return refuse(at, 'an import by default lost its name to a bundler', 'name it anew: const own = …, with: { own }')
}

/** Refuses what a chain of members and calls begins with, where no number may stand there: `this.x`, `import.meta.url`, `cov_1x2y().s[0]`. */
export function refuseRoot(context: Context, node: AnyNode): void {
  const root = rootOf(node)
  const at = placeOf(context, root)
  if (root.type === 'Literal' && typeof root.value === 'number') return
  if (root.type !== 'Identifier') refuseSyntax(root, at)
  const { name } = root
  const isKnown = context.scope.find(name) || context.session.outer(name) || name === 'Math' || name === 'Number'
  if (!isKnown) refuseKnown(name, at)
}

/** What a chain of members and calls begins with. */
function rootOf(node: AnyNode): AnyNode {
  switch (node.type) {
    case 'MemberExpression':
      return rootOf(node.object)
    case 'CallExpression':
      return rootOf(node.callee)
    default:
      return node
  }
}

function refuseKnown(name: string, at: Place): void {
  for (const [pattern, rule, wayOut] of NAMES) {
    if (pattern.test(name)) refuse(at, rule(name), wayOut)
  }
}
