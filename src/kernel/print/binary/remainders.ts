import { inlineProgram } from '../../front/inline.ts'
import { Builder } from '../../ir/build.ts'
import type { Program, Statement, Value, Variable } from '../../ir/ir.ts'
import { rem } from '../rem.ts'

/** The body with a call of the subroutine `rem` for each operation of that name. */
export function remCalled(body: readonly Statement[]): readonly Statement[] {
  return rewritten(body, (builder, args) => {
    const result: Variable = { name: 'rem', type: 'f64' }
    builder.call(rem, args, [result])
    return builder.get(result)
  })
}

/** The same for the body of a subroutine, which calls nothing: with what `rem` does in place of each. */
export function remInlined(body: readonly Statement[]): readonly Statement[] {
  const program: Program = {
    name: rem.name,
    inputs: rem.inputs.map((_, i) => ({ name: `x${i}` })),
    uniforms: [],
    tables: [],
    body: rem.body,
    result: rem.results[0] as Variable,
    subroutines: [],
  }
  return rewritten(body, (builder, args) => inlineProgram(builder, { program, uniforms: [], tables: [] }, args))
}

/** Writes each `rem` anew by `write`, and all that uses it. */
function rewritten(
  body: readonly Statement[],
  write: (builder: Builder, args: readonly Value[]) => Value,
): readonly Statement[] {
  const values = new Map<Value, Value>()
  const now = (value: Value) => values.get(value) ?? value
  const all = (statements: readonly Statement[]): Statement[] => statements.flatMap(one)
  return all(body)

  function one(statement: Statement): Statement | Statement[] {
    switch (statement.kind) {
      case 'let':
        return computed(statement.value)
      case 'set':
        return { ...statement, value: now(statement.value) }
      case 'if':
        return {
          ...statement,
          condition: now(statement.condition),
          yes: all(statement.yes),
          no: all(statement.no),
        }
      case 'block':
      case 'loop':
        return { ...statement, body: all(statement.body) }
      case 'call':
        return { ...statement, args: statement.args.map(now) }
      case 'leave':
        return statement
    }
  }

  function computed(value: Value): Statement[] {
    const args = value.args.map(now)
    if (value.op === 'rem') {
      const builder = new Builder()
      return builder.body(() => values.set(value, write(builder, args)))
    }
    if (args.every((arg, i) => arg === value.args[i])) return [{ kind: 'let', value }]
    const made = { ...value, args }
    values.set(value, made)
    return [{ kind: 'let', value: made }]
  }
}
