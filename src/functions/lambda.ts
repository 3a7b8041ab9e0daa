import { type AnyNode, type Function as FunctionNode, parse } from 'acorn'
import { hostGlobals, languageGlobals } from './globals.ts'
import { inspectScopes } from './inspect.ts'
import { type AnyFunction, nameOf, type SourceRef, sourceOf } from './ref.ts'
import { findOutside, type Outside } from './scope.ts'

/** A function's source, read: what it needs from outside, and what would travel. */
export interface Lambda extends Outside {
  readonly form: 'arrow' | 'function' | 'method'
  /** Its own name, where that stands outside it, as in `const fact = (n) => … fact(n - 1)`; a named `function` brings its own. */
  readonly self: string | undefined
  readonly ref: SourceRef
}

/** What a call of `import` becomes in code that travels: a shim, so that the worker decides what it means. */
const IMPORT_SHIM = '__lanewise_import'

/**
 * Sources read so far, so that a closure made anew for every call is parsed once. A larger bound keeps sources of functions long
 * gone (some KB each); a smaller one parses again, 0.1 ms each. Programs have dozens.
 */
const KEPT_LAMBDAS = 500
const lambdas = new Map<string, Lambda | Error>()

/** Reads the source of a function that is neither native, nor a class, nor a generator. A source that acorn cannot read: its error. */
export function readLambda(fn: AnyFunction): Lambda | Error {
  const strict = !isSloppy(fn)
  const name = nameOf(fn)
  const source = sourceOf(fn)
  const key = `${strict ? 1 : 0}${name}\0${source}`
  const known = lambdas.get(key)
  if (known !== undefined) return known
  let lambda: Lambda | Error
  try {
    lambda = read(source, name, strict)
  } catch (error) {
    if (!isUnreadable(error)) throw error
    lambda = error
  }
  if (lambdas.size >= KEPT_LAMBDAS) lambdas.clear()
  lambdas.set(key, lambda)
  return lambda
}

/** What keeps this very function from being self-contained; nothing: `lambda.ref` may travel. */
export function findCaptures(fn: AnyFunction, lambda: Lambda): string[] {
  const captures = [...lambda.ties]
  if (lambda.receiver) captures.push('this')
  const { self } = lambda
  const asked = [...lambda.names.keys()].filter((name) => name === self || hostGlobals.has(name))
  const scopes = asked.length === 0 ? undefined : inspectScopes(fn, asked)
  for (const [name, alwaysCalled] of lambda.names) {
    if (lambda.ref.shims.includes(name) || languageGlobals.has(name)) continue
    const around = scopes?.get(name)
    if (name === self) {
      // Itself, if the variable holds it. Where nobody can look, a function that only calls its own name is taken to recurse.
      if (scopes === undefined ? alwaysCalled : around === 'itself') continue
    } else if (hostGlobals.has(name) && around === undefined) continue
    captures.push(name)
  }
  return captures
}

function read(source: string, name: string, strict: boolean): Lambda {
  const { text, node, isMethod } = parseFunction(source, strict)
  const outside = findOutside(node, strict)
  const form = isMethod ? 'method' : node.type === 'ArrowFunctionExpression' ? 'arrow' : 'function'
  const shims = [...outside.names.keys()].filter((each) => isNeutral(each, source))
  if (outside.imports.length > 0) shims.push(IMPORT_SHIM)

  let body = text.slice(node.start, node.end)
  for (const start of outside.imports.toReversed()) {
    const at = start - node.start
    body = body.slice(0, at) + IMPORT_SHIM + body.slice(at + 'import'.length)
  }
  // As the value of a property it gets its name without a variable of that name around it. Computed, for `__proto__`. The line
  // break lets stack traces count lines as the source does.
  const key = `[${JSON.stringify(name)}]`
  const value = isMethod ? `({${node.async ? 'async ' : ''}${key}\n${body}})${key}` : `({${key}:\n${body}})${key}`
  const self = outside.names.has(name) && !languageGlobals.has(name) && !hostGlobals.has(name) ? name : undefined
  const made = self === undefined ? value : `{const ${self}=${value};return ${self}}`
  const code = `${strict ? '"use strict";' : ''}((${shims.join()})=>${made})`
  return { ...outside, form, self, ref: { kind: 'source', id: `source:${code}`, name, code, shims } }
}

function parseFunction(source: string, strict: boolean): { text: string; node: FunctionNode; isMethod: boolean } {
  try {
    const text = `(${source})`
    const statement = parseScript(text, strict)
    if (statement.type === 'ExpressionStatement' && isFunction(statement.expression)) {
      return { text, node: statement.expression, isMethod: false }
    }
  } catch (error) {
    // A method's source is no expression; what is neither is reported as the expression that it is not.
    const method = parseMethod(source)
    if (method === undefined) throw error
    return method
  }
  throw new SyntaxError('it is no function expression')
}

function parseMethod(source: string): { text: string; node: FunctionNode; isMethod: true } | undefined {
  const text = `(class{${source}})`
  try {
    const statement = parseScript(text, true)
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'ClassExpression') return
    const [member] = statement.expression.body.body
    if (member?.type === 'MethodDefinition') return { text, node: member.value, isMethod: true }
  } catch (error) {
    if (!isUnreadable(error)) throw error
  }
}

function parseScript(text: string, strict: boolean): AnyNode {
  const { body } = parse(text, {
    ecmaVersion: 'latest',
    sourceType: 'script',
    strict,
    allowImportExportEverywhere: true, // so that `import.meta` is read, and then refused by name
    checkPrivateFields: false, // a method may use those of its class
  })
  return body[0] as AnyNode
}

function isFunction(
  node: AnyNode,
): node is Extract<AnyNode, { type: 'FunctionExpression' | 'ArrowFunctionExpression' }> {
  return node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
}

/**
 * Whether a tool put the name into the source, where it does nothing for the meaning; the worker has a stand-in: esbuild's and tsx's
 * `__name`, vitest's `import`, and istanbul's counters, known by how they count (`cov_matrix` may be anybody's).
 */
function isNeutral(name: string, source: string): boolean {
  if (name === '__name' || name === '__vite_ssr_dynamic_import__') return true
  return /^cov_[0-9a-z]+$/.test(name) && source.includes(`${name}().f[`)
}

/** Only a plain `function` of sloppy code lets its `caller` be read; nothing tells for other kinds, and those are taken as strict. */
function isSloppy(fn: AnyFunction): boolean {
  try {
    Reflect.get(fn, 'caller')
    return true
  } catch {
    return false
  }
}

/** acorn's verdict, or nesting deeper than the stack. */
function isUnreadable(error: unknown): error is Error {
  return error instanceof SyntaxError || error instanceof RangeError
}
