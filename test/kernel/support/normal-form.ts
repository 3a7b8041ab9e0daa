import { Builder } from '../../../src/kernel/ir/build.ts'
import type { Label, Program, Statement, Value, Variable } from '../../../src/kernel/ir/ir.ts'
import { printText } from '../../../src/kernel/print/text.ts'

/** The text of a program with no names of its source in it: two sources give the same exactly if their IR differs in nothing but names. */
export function normalForm(program: Program): string {
  const { body, result, of } = renamed(program)
  return printText({
    ...program,
    name: 'f',
    inputs: program.inputs.map((input, i) => ({ ...input, name: `x${i}` })),
    body,
    result: of(result),
  })
}

/** A body whose variables and labels are all called alike, so that printing numbers them in order of appearance. */
function renamed({ body, result }: Pick<Program, 'body' | 'result'>) {
  const builder = new Builder()
  const values = new Map<Value, Value>()
  const variables = new Map<Variable, Variable>()
  const labels = new Map<Label, Label>()

  const of = (variable: Variable): Variable => {
    const known = variables.get(variable) ?? { name: 'v', type: variable.type }
    variables.set(variable, known)
    return known
  }
  const inside = (from: Label, statements: readonly Statement[]) => (to: Label) => {
    labels.set(from, to)
    write(statements)
  }
  const copyOf = (value: Value): Value => values.get(value) ?? value
  const write = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      switch (statement.kind) {
        case 'let': {
          const { op, args, imm, variable } = statement.value
          if (variable) values.set(statement.value, builder.get(of(variable)))
          else if (op === 'gather') values.set(statement.value, builder.gather(imm, copyOf(args[0]!)))
          else values.set(statement.value, builder.op(op, args.map(copyOf), imm))
          break
        }
        case 'set':
          builder.set(of(statement.variable), copyOf(statement.value))
          break
        case 'if':
          builder.if(
            copyOf(statement.condition),
            () => write(statement.yes),
            () => write(statement.no),
          )
          break
        case 'block':
          builder.block('l', inside(statement.label, statement.body))
          break
        case 'loop':
          builder.loop('l', inside(statement.label, statement.body), statement.rounds)
          break
        case 'leave':
          builder.leave(labels.get(statement.label)!)
          break
        case 'call':
          builder.call(statement.subroutine, statement.args.map(copyOf), statement.results.map(of))
          break
      }
    }
  }
  return { body: builder.body(() => write(body)), result, of }
}
