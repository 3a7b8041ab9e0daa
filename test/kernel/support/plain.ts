import { type AnyNode, parseExpressionAt } from 'acorn'
import type { Capture } from '../../../src/kernel/check.ts'
import { FUNCTIONS } from '../../../src/math/functions.ts'
import { functionOf, type NumericFunction } from './compiled.ts'

/** What stands in `with`, helpers also as texts. */
export type Captures = Readonly<Record<string, Capture | string>>

/**
 * The function of a kernel's text as JavaScript runs it, but for what a kernel has by definition: functions of Math are ours, `**` is Math.pow, and what is
 * read beyond the end of an array is NaN.
 */
export function plainFunction(text: string, captures: Captures = {}): NumericFunction {
  const helpers = Object.entries(captures).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'function' ? [`const ${name} = ${translated(String(value))}\n`] : [],
  )
  const values = Object.fromEntries(
    Object.entries(captures).filter(([, value]) => typeof value !== 'string' && typeof value !== 'function'),
  )
  return functionOf(`(() => { ${helpers.join('')}return ${translated(text)} })()`, { ...values, Math: ownMath })
}

/** Math with our own functions in place of those that the standard leaves open. */
const ownMath: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(
    Object.getOwnPropertyNames(Math).map((name) => [name, (Math as unknown as Record<string, unknown>)[name]]),
  ),
  ...Object.fromEntries(
    Object.entries(FUNCTIONS).map(([name, fn]) => [name, (...args: unknown[]) => fn(Number(args[0]), Number(args[1]))]),
  ),
  hypot: (...args: unknown[]) => {
    const [x = 0, y = 0] = args.map(Number)
    return args.length < 2 ? Math.abs(x) : FUNCTIONS.hypot!(x, y)
  },
}

/** With `a ** b` as `Math.pow(a, b)`, `a **= b` likewise, and `t[i]` as `(t[i] ?? NaN)`. */
function translated(text: string): string {
  return translate(parseExpressionAt(text, 0, { ecmaVersion: 'latest' }), text)
}

function translate(node: AnyNode, text: string): string {
  const of = (inner: AnyNode) => translate(inner, text)
  if (node.type === 'BinaryExpression' && node.operator === '**') return `Math.pow(${of(node.left)}, ${of(node.right)})`
  if (node.type === 'AssignmentExpression' && node.operator === '**=') {
    return `${of(node.left)} = Math.pow(${of(node.left)}, ${of(node.right)})`
  }
  if (node.type === 'MemberExpression' && node.computed) return `(${of(node.object)}[${of(node.property)}] ?? NaN)`
  let at = node.start
  let out = ''
  for (const child of children(node)) {
    out += text.slice(at, child.start) + of(child)
    at = child.end
  }
  return out + text.slice(at, node.end)
}

/** The nodes directly inside, in the order of the text. */
export function children(node: AnyNode): AnyNode[] {
  return Object.values(node)
    .flat()
    .filter((each): each is AnyNode => typeof (each as AnyNode | null)?.type === 'string')
    .sort((a, b) => a.start - b.start)
}
