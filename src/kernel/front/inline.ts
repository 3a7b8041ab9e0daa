import type { Builder } from '../ir/build.ts'
import type { Label, Statement, Value, Variable } from '../ir/ir.ts'
import type { Placed } from './core.ts'

/** Writes what a compiled function computes of `args`, with variables and labels of its own; answers its result. */
export function inlineProgram(builder: Builder, { program, uniforms, tables }: Placed, args: readonly Value[]): Value {
  const values = new Map<Value, Value>()
  const variables = new Map<Variable, Variable>()
  const labels = new Map<Label, Label>()
  body(program.body)
  return builder.get(variableIn(program.result))

  function body(statements: readonly Statement[]): void {
    for (const statement of statements) write(statement)
  }

  function write(statement: Statement): void {
    switch (statement.kind) {
      case 'let':
        valueIn(statement.value, true)
        break
      case 'set':
        builder.set(variableIn(statement.variable), valueIn(statement.value))
        break
      case 'if':
        builder.if(
          valueIn(statement.condition),
          () => body(statement.yes),
          () => body(statement.no),
        )
        break
      case 'block':
        builder.block(statement.label.name, (label) => inside(statement.label, label, statement.body))
        break
      case 'loop':
        builder.loop(statement.label.name, (label) => inside(statement.label, label, statement.body), statement.rounds)
        break
      case 'leave':
        builder.leave(labels.get(statement.label) as Label)
        break
      case 'call':
        builder.call(
          statement.subroutine,
          statement.args.map((arg) => valueIn(arg)),
          statement.results.map(variableIn),
        )
        break
    }
  }

  function inside(from: Label, to: Label, statements: readonly Statement[]): void {
    labels.set(from, to)
    body(statements)
  }

  function valueIn(value: Value, isComputed = false): Value {
    const known = values.get(value)
    if (known && !isComputed) return known
    const made = make(value)
    values.set(value, made)
    return made
  }

  function make(value: Value): Value {
    switch (value.op) {
      case 'input':
        return args[value.imm] as Value
      case 'uniform':
        return builder.uniform(uniforms[value.imm] as number)
      case 'length':
        return builder.length(tables[value.imm] as number)
      case 'gather':
        return builder.gather(tables[value.imm] as number, valueIn(value.args[0] as Value))
      case 'const':
        return builder.const(value.imm)
      case 'constI32':
        return builder.constI32(value.imm)
      case 'constMask':
        return builder.constMask(value.imm === 1)
      case 'get':
        return builder.get(variableIn(value.variable as Variable))
      default:
        return builder.op(
          value.op,
          value.args.map((arg) => valueIn(arg)),
          value.imm,
        )
    }
  }

  function variableIn(variable: Variable): Variable {
    const known = variables.get(variable)
    if (known) return known
    const own = { name: variable.name, type: variable.type }
    variables.set(variable, own)
    return own
  }
}
