import { type Expression, type Function as FunctionNode, type Options, parseExpressionAt } from 'acorn'
import { type Place, refuse, type Source, withinStack } from './frame.ts'

/** A function's text, read. */
export interface FunctionText {
  readonly source: Source
  readonly node: FunctionNode
}

const OPTIONS: Options = { ecmaVersion: 'latest', sourceType: 'module', allowReserved: true }

/**
 * Reads what `Function.prototype.toString` gives: an arrow function, a function or a method.
 *
 * Errors: KernelSyntaxError for anything else: classes, native and bound functions, async ones, generators.
 */
export function parseFunction(text: string, name: string): FunctionText {
  const source: Source = { name, text }
  if (/\{\s*\[native code\]\s*\}\s*$/.test(text)) {
    const rule = 'a native or bound function shows no source'
    refuse(whole(source), rule, 'write (x) => f(x) around it, and give what it needs in with: { … }')
  }
  const node = withinStack(source, () => parse(source))
  if (node.async) refuse(head(source), 'an async function answers with a promise', 'a kernel returns a number at once')
  if (node.generator) refuse(head(source), 'a generator answers with an iterator', 'a kernel returns one number')
  return { source, node }
}

function parse(source: Source): FunctionNode {
  let failure: unknown
  try {
    const node = parseExpressionAt(source.text, 0, OPTIONS)
    if (isFunction(node)) return node
    if (node.type === 'ClassExpression') {
      refuse(head(source), 'a class is no numeric function', 'give kernel() a function over numbers')
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    if (error.message.startsWith('Not enough stack')) throw error
    failure = error
  }
  return parseMethod(source) ?? refuseText(source, failure)
}

/** `price(s, k) { … }`, as it stands in a class or an object. */
function parseMethod(source: Source): FunctionNode | undefined {
  const before = '(class {'
  try {
    const node = parseExpressionAt(`${before}${source.text}})`, 0, { ...OPTIONS, checkPrivateFields: false })
    const method = node.type === 'ClassExpression' ? node.body.body[0] : undefined
    if (method?.type !== 'MethodDefinition' || method.kind !== 'method') return undefined
    moveBack(method.value, before.length)
    return method.value
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Takes `by` off the offsets of a node and all inside. */
function moveBack(node: object, by: number): void {
  for (const [key, value] of Object.entries(node)) {
    if (key === 'start' || key === 'end') Object.assign(node, { [key]: value - by })
    else if (typeof value === 'object' && value !== null && !(value instanceof RegExp)) moveBack(value, by)
  }
}

function refuseText(source: Source, failure: unknown): never {
  const offset = (failure as { pos?: number } | undefined)?.pos ?? 0
  const why = failure instanceof Error ? failure.message.replace(/ \(\d+:\d+\)$/, '') : 'no function stands here'
  const place: Place = { source, start: Math.min(offset, source.text.length), end: offset + 1 }
  return refuse(place, `this source cannot be read (${why})`, 'give kernel() an arrow function or a function', {
    cause: failure,
  })
}

function isFunction(node: Expression): node is Expression & FunctionNode {
  return node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression'
}

function whole(source: Source): Place {
  return { source, start: 0, end: source.text.length }
}

/** The first word. */
function head(source: Source): Place {
  return { source, start: 0, end: /^\S+/.exec(source.text)?.[0].length ?? 1 }
}
