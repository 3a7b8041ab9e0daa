import type { AnyNode } from 'acorn'
import { type Place, refuse } from './frame.ts'

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
  MetaProperty: ['a kernel knows nothing of how it was called', 'take what it needs as a parameter'],
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
  [/^(Math|Number)$/, (name) => `${name} by itself is no number`, `use what it holds, as in Math.PI or Number.EPSILON`],
  [/^console$/, () => 'a kernel prints nothing', 'call kernel.fn to debug the original'],
  [
    /^(cov_\w+|__coverage__|\$_\$\w+|_\$jscoverage)$/,
    (name) => `${name} is a counter that a coverage tool put into the source`,
    "leave this file out of instrumentation, or use V8's own coverage (c8, vitest's v8 provider)",
  ],
  [
    /^(__name|__publicField|__privateGet|__spreadArray|__read|__values|__assign|__rest|__awaiter|__generator|_(?:class_call_check|define_property|sliced_to_array|slicedToArray|to_consumable_array|toConsumableArray|object_spread|objectSpread|extends|type_of|typeof|instanceof|async_to_generator|asyncToGenerator)\d*|_interop\w+)$/,
    (name) => `${name} is a helper that a transpiler put into the source`,
    'let it target ES2022 or later, or write the kernel without what needed it',
  ],
]

/** Refuses a name that nothing stands for. */
export function refuseName(name: string, at: Place, isCalled = false): never {
  for (const [pattern, rule, wayOut] of NAMES) {
    if (pattern.test(name)) refuse(at, rule(name), wayOut)
  }
  const what = isCalled ? 'as a helper' : ''
  return refuse(at, `${name} is not known inside the kernel`, `put it in with: { ${name} }${what && ` ${what}`}`)
}
