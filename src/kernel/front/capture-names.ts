import type { Expression, Function as FunctionNode, ObjectExpression } from 'acorn'
import { parseFunction } from './parse.ts'

/**
 * What the names of captures are called inside a kernel, by the text of a function that gives them: of `() => ({ gain: e })` gain is e.
 *
 * A minifier renames a variable wherever it stands: in the kernel and here, but not a property. What is no variable here has its own name there.
 * Errors: KernelSyntaxError for what is no function.
 */
export function captureNames(source: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const given = givenObject(parseFunction(source, 'with').node)
  for (const property of given?.properties ?? []) {
    if (property.type !== 'Property' || property.computed || property.key.type !== 'Identifier') continue
    const name = nameOf(property.value)
    if (name !== undefined) names.set(property.key.name, name)
  }
  return names
}

/** What the function returns, where that is an object as it stands. */
function givenObject({ body }: FunctionNode): ObjectExpression | undefined {
  if (body.type !== 'BlockStatement') return body.type === 'ObjectExpression' ? body : undefined
  const last = body.body.at(-1)
  const value = last?.type === 'ReturnStatement' ? last.argument : undefined
  return value?.type === 'ObjectExpression' ? value : undefined
}

/** Of a variable, or of an import as bundlers write it: `module.gain`. */
function nameOf(value: Expression): string | undefined {
  if (value.type === 'Identifier') return value.name
  if (value.type !== 'MemberExpression' || value.computed || value.property.type !== 'Identifier') return undefined
  return value.property.name
}
