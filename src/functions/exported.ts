import { type AnyNode, type Function as FunctionNode, type Program, parse } from 'acorn'
import { childrenOf, patternNames } from './scope.ts'

/**
 * What a script's text says about the function that begins at an offset:
 *
 *   nested      inside another function: no importer can reach it
 *   private     at the top level of an ES module that does not export it
 *   exported    under `name`, for sure; `itself` says that the export is declared under the function's own name
 *   unknown     only the module itself, imported, can tell: CommonJS, a bundle, a test runner's wrapper, an export made by an expression
 */
export type Standing =
  | { readonly is: 'nested' | 'private' | 'unknown' }
  | { readonly is: 'exported'; readonly name: string; readonly itself: boolean }

/** Reads the script; never imports it: a module that is still being evaluated could not be awaited. */
export function findStanding(text: string, offset: number, functionName: string): Standing {
  const program = readScript(text)
  if (program === undefined) return { is: 'unknown' }
  const chain = pathTo(program, offset)
  const fn = chain.findLast(isFunction)
  const around = chain.filter((node) => isFunction(node) || isInstanceField(node)).filter((node) => node !== fn)
  const wrapped = around[0] !== undefined && around[0] === wrapperOf(program)
  if (fn === undefined) return { is: 'unknown' }
  if (around.length > (wrapped ? 1 : 0)) return { is: 'nested' }
  if (wrapped) return { is: 'unknown' }

  const statements = program.body.filter((node) => node.type.startsWith('Export'))
  if (statements.length === 0) return { is: isCommonJs(program) ? 'unknown' : 'private' }
  const found = exportNameOf(chain, statements)
  if (found !== undefined) return { is: 'exported', name: found.name, itself: found.local === functionName }
  const locals = [functionName, ...namesOf(chain[0])]
  const own = statements.filter((node) => !('source' in node && node.source)) // `export … from` gives what others made
  return { is: own.some((node) => mentions(node, locals)) ? 'unknown' : 'private' }
}

/** The name under which the statement that holds the function is exported. */
function exportNameOf(
  chain: readonly AnyNode[],
  statements: readonly AnyNode[],
): { name: string; local: string } | undefined {
  const [top] = chain
  if (top?.type === 'ExportDefaultDeclaration') {
    const { declaration } = top
    const id = 'id' in declaration && declaration.id?.type === 'Identifier' ? declaration.id.name : 'default'
    return { name: 'default', local: id }
  }
  const [local] = namesOf(chain.find((node) => node.type === 'VariableDeclarator') ?? top)
  if (local === undefined) return
  if (top?.type === 'ExportNamedDeclaration') return { name: local, local }
  for (const node of statements) {
    if (node.type === 'ExportDefaultDeclaration' && isNamed(node.declaration, local)) return { name: 'default', local }
    if (node.type !== 'ExportNamedDeclaration' || node.source) continue
    const specifier = node.specifiers.find((each) => isNamed(each.local, local))
    if (specifier === undefined) continue
    const { exported } = specifier
    return { name: exported.type === 'Identifier' ? exported.name : String(exported.value), local }
  }
}

/** What a top-level statement, or one declarator of it, binds or assigns. */
function namesOf(node: AnyNode | undefined): string[] {
  switch (node?.type) {
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return node.id ? [node.id.name] : []
    case 'VariableDeclaration':
      return node.declarations.flatMap((each) => patternNames(each.id))
    case 'VariableDeclarator':
      return patternNames(node.id)
    case 'ExportNamedDeclaration':
      return node.declaration ? namesOf(node.declaration) : []
    case 'ExpressionStatement':
      return node.expression.type === 'AssignmentExpression' ? patternNames(node.expression.left) : []
    default:
      return []
  }
}

/** Whether an export is made out of one of these names, functions and classes in it apart. */
function mentions(node: AnyNode, names: readonly string[]): boolean {
  if (node.type === 'Identifier') return names.includes(node.name)
  if (isFunction(node) || node.type === 'ClassDeclaration' || node.type === 'ClassExpression') return false
  return childrenOf(node).some((child) => mentions(child, names))
}

/** The nodes that hold the offset, from the statement inwards. */
function pathTo(program: Program, offset: number): AnyNode[] {
  const chain: AnyNode[] = []
  let level: AnyNode[] = childrenOf(program)
  for (;;) {
    const next = level.find((node) => node.start <= offset && offset < node.end)
    if (next === undefined) return chain
    chain.push(next)
    level = childrenOf(next)
  }
}

/** A function that is all there is in the script, as vitest and bundlers wrap a module: its body is the module's top level. */
function wrapperOf(program: Program): AnyNode | undefined {
  const [only, ...rest] = program.body.filter((node) => !('directive' in node && node.directive))
  if (rest.length > 0 || only?.type !== 'ExpressionStatement') return
  return only.expression
}

/** Whether the script exports something as CommonJS does; one that does not is a program, or a module without exports. */
function isCommonJs(program: Program): boolean {
  if (program.body.some((node) => node.type === 'ImportDeclaration')) return false
  return program.body.some((node) => mentions(node, ['exports', 'module']))
}

/**
 * The script read last. Functions of a bundle stand in one long script, and half a megabyte takes 300 ms the first time, 120 later.
 * Weak, since the tree is many times as large as the text.
 */
let last: WeakRef<{ text: string; program: Program }> | undefined

function readScript(text: string): Program | undefined {
  const known = last?.deref()
  if (known?.text === text) return known.program
  const program = parseText(text)
  if (program !== undefined) last = new WeakRef({ text, program })
  return program
}

/** Node's order: a module, else a script, which may return at its top level as CommonJS does. Neither: not JavaScript we know. */
function parseText(text: string): Program | undefined {
  for (const sourceType of ['module', 'commonjs'] as const) {
    try {
      return parse(text, { ecmaVersion: 'latest', sourceType, allowHashBang: true, allowReturnOutsideFunction: true })
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error
    }
  }
}

function isFunction(node: AnyNode): node is AnyNode & FunctionNode {
  return /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)
}

/** Made anew with every instance. */
function isInstanceField(node: AnyNode): boolean {
  return node.type === 'PropertyDefinition' && !node.static
}

function isNamed(node: AnyNode, name: string): boolean {
  return node.type === 'Identifier' && node.name === name
}
