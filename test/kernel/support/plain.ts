import { type AnyNode, parseExpressionAt } from 'acorn'
import type { Capture } from '../../../src/kernel/front/check.ts'
import { FUNCTIONS, HYPOT_PARTS } from '../../../src/math/functions.ts'
import { greater } from '../../../src/math/operations.ts'
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
    Object.entries(Object.getOwnPropertyDescriptors(Math)).map(([name, { value }]) => [name, value]),
  ),
  ...Object.fromEntries(
    Object.entries(FUNCTIONS).map(([name, fn]) => [name, (...args: unknown[]) => fn(Number(args[0]), Number(args[1]))]),
  ),
  hypot: (...args: unknown[]) => hypot(args.map((arg) => Math.abs(Number(arg)))),
}

/** As src/kernel/hypot.ts writes it, step by step; two numbers have a function of their own. */
function hypot(sizes: readonly number[]): number {
  const [x = 0, y = 0] = sizes
  if (sizes.length < 2) return x
  if (sizes.length === 2) return FUNCTIONS.hypot!(x, y)
  const part = (name: string, a: number, b = 0) => HYPOT_PARTS[name]!(a, b)
  const largest = sizes.reduce((most, size) => greater(size, most))
  const scaled = sizes.map((size) => size * part('hypotScale', largest))
  let rest = scaled.map((size) => part('squareRest', size)).reduce((a, b) => a + b)
  const sum = scaled
    .map((size) => size * size)
    .reduce((a, b) => {
      rest += part('sumRest', a, b)
      return a + b
    })
  const root = part('rootOfPair', sum, rest) * part('hypotUnscale', largest)
  return sizes.includes(Number.POSITIVE_INFINITY) ? Number.POSITIVE_INFINITY : root
}

/** With `a ** b` as `Math.pow(a, b)`, `a **= b` likewise, and `t[i]` as `(t[i] ?? NaN)`. */
function translated(text: string): string {
  return translate(parseExpressionAt(text, 0, { ecmaVersion: 'latest' }), text)
}

function translate(node: AnyNode, text: string): string {
  const of = (inner: AnyNode) => translate(inner, text)
  if (node.type === 'BinaryExpression' && node.operator === '**')
    return `Math.pow((${of(node.left)}), (${of(node.right)}))`
  if (node.type === 'AssignmentExpression' && node.operator === '**=') {
    return `${of(node.left)} = Math.pow(${of(node.left)}, (${of(node.right)}))`
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
