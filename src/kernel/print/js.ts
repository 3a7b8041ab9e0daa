import type { ColumnKind } from '../code.ts'
import type { Program, Subroutine, Variable } from '../ir/ir.ts'
import { BodyPrinter, indent } from './js/body.ts'
import { Names } from './js/names.ts'

/**
 * The loop of the `js` engine: the text of a function `(uniforms, tables, inputs, out) => (from, to) => void`, which computes `out[row]` for the
 * rows from `from` on and before `to`. An input of kind 'array' is an array, of 'range' `{ start, step }`, of 'repeat' the number for all rows;
 * uniforms are numbers, tables arrays of numbers. With `isBlock` it is `out[row - from]`.
 */
export function printJs(program: Program, kinds: readonly ColumnKind[], isBlock = false): string {
  const names = new Names()
  const { inputs, body, result } = program
  const functions = program.subroutines.map((subroutine) => printSubroutine(subroutine, names))
  const columns = inputs.map(({ name }, i) => printColumn(names.fresh(name), i, kinds[i] as ColumnKind))
  const uniforms = program.uniforms.map((name) => names.fresh(name))
  const tables = program.tables.map((name) => ({ name: names.fresh(name), length: names.fresh('length') }))

  const outside = { inputs: columns.map(({ name }) => name), uniforms, tables }
  const row = new BodyPrinter(names, outside, body, [result])
  const isUsed = (name: string) => row.used.has(name)
  const usedColumns = columns.filter(({ name }) => isUsed(name))
  const loop = [
    ...uniforms.flatMap((name, i) => (isUsed(name) ? `const ${name} = uniforms[${i}]` : [])),
    ...tables.flatMap(({ name, length }, i) =>
      isUsed(name) ? [`const ${name} = tables[${i}]`, `const ${length} = ${name}.length`] : [],
    ),
    ...usedColumns.flatMap(({ outsideLoop }) => outsideLoop),
    'for (let row = from; row < to; row++) {',
    ...indent([...usedColumns.flatMap(({ insideLoop }) => insideLoop), ...row.lines]),
    `  out[${isBlock ? 'row - from' : 'row'}] = ${names.of(result)}`,
    '}',
  ]
  const made = ['return (from, to) => {', ...indent(loop), '}']
  const text = [...functions.flat(), ...made]
  return ['(uniforms, tables, inputs, out) => {', ...indent([...printNeeds(text), ...text]), '}'].join('\n')
}

interface PrintedColumn {
  readonly name: string
  readonly outsideLoop: readonly string[]
  readonly insideLoop: readonly string[]
}

function printColumn(name: string, input: number, kind: ColumnKind): PrintedColumn {
  const column = `inputs[${input}]`
  switch (kind) {
    case 'array':
      return {
        name,
        outsideLoop: [`const column_${name} = ${column}`],
        insideLoop: [`const ${name} = column_${name}[row]`],
      }
    case 'range':
      return {
        name,
        outsideLoop: [`const start_${name} = ${column}.start`, `const step_${name} = ${column}.step`],
        insideLoop: [`const ${name} = start_${name} + row * step_${name}`],
      }
    case 'repeat':
      return { name, outsideLoop: [`const ${name} = ${column}`], insideLoop: [] }
  }
}

/** A function that returns the first result and leaves the others in `results`. */
function printSubroutine(subroutine: Subroutine, names: Names): string[] {
  const { inputs, body, results } = subroutine
  const parameters = inputs.map((_, i) => names.fresh(`p${i}`))
  const { lines } = new BodyPrinter(names, { inputs: parameters, uniforms: [], tables: [] }, body, results)
  const others = results.slice(1).map((variable, i) => `results[${i + 1}] = ${asNumber(variable, names)}`)
  const first = results.slice(0, 1).map((variable) => `return ${names.of(variable)}`)
  return [
    `const ${names.of(subroutine)} = (${parameters.join(', ')}) => {`,
    ...indent([...lines, ...others, ...first]),
    '}',
  ]
}

function asNumber(variable: Variable, names: Names): string {
  return variable.type === 'mask' ? `${names.of(variable)} ? 1 : 0` : names.of(variable)
}

/** What stands in front of a text that uses it. */
function printNeeds(lines: readonly string[]): string[] {
  const text = lines.join('\n')
  const needs: string[] = []
  if (text.includes('powers[')) {
    needs.push(
      '// 2^n at n + 1074',
      'const powers = new Float64Array(2098)',
      'powers[1074] = 1',
      'for (let i = 1075; i < 2098; i++) powers[i] = powers[i - 1] * 2',
      'for (let i = 1073; i >= 0; i--) powers[i] = powers[i + 1] / 2',
    )
  }
  if (text.includes('words[')) {
    needs.push(
      'const double = new Float64Array(1)',
      'const words = new Int32Array(double.buffer)',
      'const high = new Uint8Array(Uint16Array.of(1).buffer)[0]',
    )
  }
  const most = Math.max(0, ...[...text.matchAll(/\bresults\[(\d+)\]/g)].map(([, index]) => Number(index)))
  if (most > 0) needs.push(`const results = new Float64Array(${most + 1})`)
  return needs
}
