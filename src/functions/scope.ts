import type { AnyNode, CallExpression, Class, Function as FunctionNode, Program } from 'acorn'
import { isPortableImport } from './ref.ts'

/** What a function takes from around it. */
export interface Outside {
  /** Each name that it uses and does not declare; true where every use is a call of it, as in a recursion. */
  readonly names: ReadonlyMap<string, boolean>
  /** It reads `this` or `super`: for an arrow those of the place where it stands. */
  readonly receiver: boolean
  /** What ties it to the file it stands in: `import.meta`, imports by a relative path or a package's name. */
  readonly ties: readonly string[]
  /** Where the word `import` of each `import(…)` begins. */
  readonly imports: readonly number[]
}

interface Scope {
  readonly parent: Scope | undefined
  readonly names: Set<string>
}

/**
 * Resolves every name in `fn` as JavaScript does: parameters (whose defaults see the other parameters, not the body), `var` hoisted
 * to its function, `let`, `const`, classes and functions to their block, `catch` parameters, the own name of a function or class
 * expression, `arguments`. Property names and labels are no names.
 *
 * Strict code keeps a function declared in a block to that block; sloppy code (`strict` false) lets the whole function see it.
 *
 * Cost: O(size of the function), once.
 */
export function findOutside(fn: FunctionNode, strict: boolean): Outside {
  const names = new Map<string, boolean>()
  const ties = new Set<string>()
  const imports: number[] = []
  let receiver = false

  visitFunction(fn, undefined, false)
  return { names, receiver, ties: [...ties], imports }

  /** `inner`: a function inside has a `this` of its own here. */
  function visit(node: AnyNode, scope: Scope | undefined, inner: boolean): void {
    switch (node.type) {
      case 'Identifier':
        use(node.name, scope, false)
        break
      case 'CallExpression':
        visitCall(node, scope, inner)
        break
      case 'ThisExpression':
      case 'Super':
        receiver ||= !inner
        break
      case 'MetaProperty':
        if (node.meta.name === 'import') ties.add('import.meta')
        break
      case 'ImportExpression': {
        imports.push(node.start)
        const { source } = node
        const path = source.type === 'Literal' ? source.value : undefined
        if (typeof path === 'string' && !isPortableImport(path)) ties.add(`import('${path}')`)
        visitChildren(node, scope, inner)
        break
      }
      case 'MemberExpression':
        visit(node.object, scope, inner)
        if (node.computed) visit(node.property, scope, inner)
        break
      case 'Property':
        if (node.computed) visit(node.key, scope, inner)
        visit(node.value, scope, inner)
        break
      case 'LabeledStatement':
        visit(node.body, scope, inner)
        break
      case 'BreakStatement':
      case 'ContinueStatement':
        break
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        visitFunction(node, scope, inner || node.type !== 'ArrowFunctionExpression')
        break
      case 'ClassDeclaration':
      case 'ClassExpression':
        visitClass(node, scope, inner)
        break
      case 'BlockStatement':
        visitAll(node.body, open(scope, blockNames(node.body)), inner)
        break
      case 'SwitchStatement': {
        visit(node.discriminant, scope, inner)
        const statements = node.cases.flatMap((each) => each.consequent)
        visitAll(node.cases, open(scope, blockNames(statements)), inner)
        break
      }
      case 'ForStatement':
        visitChildren(node, node.init ? open(scope, blockNames([node.init])) : scope, inner)
        break
      case 'ForInStatement':
      case 'ForOfStatement':
        visitChildren(node, open(scope, blockNames([node.left])), inner)
        break
      case 'CatchClause':
        visitChildren(node, node.param ? open(scope, patternNames(node.param)) : scope, inner)
        break
      default:
        visitChildren(node, scope, inner)
    }
  }

  function visitFunction(node: FunctionNode, scope: Scope | undefined, inner: boolean): void {
    const isArrow = node.type === 'ArrowFunctionExpression'
    const isExpression = node.type === 'FunctionExpression'
    const around = isExpression && node.id ? open(scope, [node.id.name]) : scope
    const params = open(around, node.params.flatMap(patternNames))
    if (!isArrow) params.names.add('arguments')
    visitAll(node.params, params, inner)
    if (node.body.type === 'BlockStatement') visitBody(node.body.body, params, inner)
    else visit(node.body, params, inner)
  }

  /** The statements of a function or of a static block. */
  function visitBody(statements: readonly AnyNode[], around: Scope, inner: boolean): void {
    visitAll(statements, open(around, [...varNames(statements), ...blockNames(statements)]), inner)
  }

  function visitClass(node: Class, scope: Scope | undefined, inner: boolean): void {
    const around = open(scope, node.id ? [node.id.name] : [])
    if (node.superClass) visit(node.superClass, around, inner)
    for (const member of node.body.body) {
      if (member.type === 'StaticBlock') {
        visitBody(member.body, around, true)
        continue
      }
      if (member.computed) visit(member.key, around, inner)
      if (member.value) visit(member.value, around, true)
    }
  }

  function visitCall(node: CallExpression, scope: Scope | undefined, inner: boolean): void {
    if (node.callee.type === 'Identifier') use(node.callee.name, scope, true)
    else visit(node.callee, scope, inner)
    visitAll(node.arguments, scope, inner)
  }

  function visitAll(nodes: readonly AnyNode[], scope: Scope | undefined, inner: boolean): void {
    for (const node of nodes) visit(node, scope, inner)
  }

  function visitChildren(node: AnyNode, scope: Scope | undefined, inner: boolean): void {
    for (const child of childrenOf(node)) visit(child, scope, inner)
  }

  function use(name: string, scope: Scope | undefined, called: boolean): void {
    for (let at = scope; at !== undefined; at = at.parent) if (at.names.has(name)) return
    names.set(name, called && (names.get(name) ?? true))
  }

  /** What `let`, `const`, `using`, class and function declarations bind in the block of these statements. */
  function blockNames(statements: readonly AnyNode[]): string[] {
    return statements.flatMap((node) => {
      if (node.type === 'VariableDeclaration') return node.kind === 'var' ? [] : declaredNames(node)
      if (node.type === 'ClassDeclaration' || node.type === 'FunctionDeclaration') return node.id ? [node.id.name] : []
      if (node.type === 'LabeledStatement') return blockNames([node.body])
      return []
    })
  }

  /** What is hoisted out of these statements to the function that they are the body of. */
  function varNames(statements: readonly AnyNode[]): string[] {
    return statements.flatMap((node): string[] => {
      if (node.type === 'VariableDeclaration') return node.kind === 'var' ? declaredNames(node) : []
      if (node.type === 'FunctionDeclaration') return strict || !node.id ? [] : [node.id.name]
      return node.type.endsWith('Statement') || node.type === 'SwitchCase' || node.type === 'CatchClause'
        ? varNames(childrenOf(node))
        : []
    })
  }
}

/** The nodes right under this one, in the order of the text. */
export function childrenOf(node: AnyNode | Program): AnyNode[] {
  return Object.values(node)
    .flat()
    .filter((value) => typeof value === 'object' && value !== null && typeof value.type === 'string')
}

/** Every name that a pattern binds: an identifier, or what destructuring nests. */
export function patternNames(pattern: AnyNode): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name]
    case 'ObjectPattern':
      return pattern.properties.flatMap(patternNames)
    case 'Property':
      return patternNames(pattern.value)
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? patternNames(element) : []))
    case 'RestElement':
      return patternNames(pattern.argument)
    case 'AssignmentPattern':
      return patternNames(pattern.left)
    default:
      return []
  }
}

function declaredNames(node: Extract<AnyNode, { type: 'VariableDeclaration' }>): string[] {
  return node.declarations.flatMap((each) => patternNames(each.id))
}

function open(parent: Scope | undefined, names: Iterable<string>): Scope {
  return { parent, names: new Set(names) }
}
