import type { AnyNode, Function as FunctionNode, Pattern } from 'acorn'
import { refuseSyntax } from './refusals.ts'
import { type Context, makeLocal, placeOf, type Scope } from './scope.ts'

/** Declares what a block's statements declare by let and const: their names hide outer ones from the block's start on. */
export function hoistBlock(context: Context, nodes: readonly AnyNode[], scope: Scope): void {
  for (const node of nodes) {
    if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') {
      refuseSyntax(node, placeOf(context, node))
    }
    if (node.type !== 'VariableDeclaration' || node.kind === 'var') continue
    for (const { id, init } of node.declarations) {
      const isConst = node.kind === 'const'
      for (const name of namesOf(id)) {
        scope.declare(name, makeLocal(name, isConst ? 'const' : 'let', Boolean(init) && !scope.isOpen))
      }
    }
  }
}

/** Declares what a function declares by var, wherever it stands in it. Parameters of the same name stay what they are. */
export function hoistFunction(fn: FunctionNode, scope: Scope): void {
  walk(fn.body, (node) => {
    if (node.type !== 'VariableDeclaration' || node.kind !== 'var') return
    for (const { id } of node.declarations) {
      for (const name of namesOf(id)) {
        if (!scope.own(name)) scope.declare(name, makeLocal(name, 'var', false))
      }
    }
  })
}

/** Whether something of that name is assigned in the function after its declaration: of any variable so called. */
export function isReassigned({ reassigned }: Context, name: string): boolean {
  return reassigned.has(name)
}

/** Names that a function assigns, declarations apart. */
export function reassignedNames(fn: FunctionNode): ReadonlySet<string> {
  const names = new Set<string>()
  walk(fn as AnyNode, (node) => {
    if (node.type === 'AssignmentExpression') for (const name of namesOf(node.left)) names.add(name)
    if (node.type === 'UpdateExpression' && node.argument.type === 'Identifier') names.add(node.argument.name)
  })
  return names
}

/** How many `return` statements a function holds. */
export function countReturns(fn: FunctionNode): number {
  let count = 0
  walk(fn.body, ({ type }) => {
    if (type === 'ReturnStatement') count += 1
  })
  return count
}

function namesOf(pattern: Pattern): string[] {
  if (pattern.type === 'Identifier') return [pattern.name]
  // Only what a cold function returns is taken apart so; the rest is refused where it stands.
  if (pattern.type === 'ArrayPattern') return pattern.elements.flatMap((each) => (each ? namesOf(each) : []))
  return []
}

function walk(node: AnyNode, visit: (node: AnyNode) => void): void {
  visit(node)
  // Not Object.values, which takes a tenth of a compile.
  for (const key in node) {
    const value: unknown = node[key as keyof AnyNode]
    if (Array.isArray(value)) {
      for (const each of value) if (isNode(each)) walk(each, visit)
    } else if (isNode(value)) walk(value, visit)
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as Partial<AnyNode>).type === 'string'
}
