import type { Program, Subroutine, Type } from '../ir/ir.ts'
import { CodePrinter, type PrintedSubroutine, TYPES, ZEROS } from './assemblyscript/code.ts'
import { helpersOf } from './assemblyscript/helpers.ts'
import { Names } from './assemblyscript/names.ts'

/**
 * A module in AssemblyScript: one item of each program, as a function of its inputs, its uniforms, then address and length of each table. It needs no
 * runtime, and its tables are doubles in its memory. Programs are exported by their names, the second of one name as `name_1`.
 *
 * Accuracy: the bits of `interpret`.
 */
export function printAssemblyScript(...programs: readonly Program[]): string {
  const names = new Names()
  const exported = new Set(['memory'])
  // Programs of the library have some in common.
  const subroutines = new Map<Subroutine, PrintedSubroutine>()
  const code = programs.map((program) => printProgram(program, names, exported, subroutines)).join('\n')
  return `${code}${helpersOf(code)}`
}

function printProgram(
  program: Program,
  names: Names,
  exported: Set<string>,
  subroutines: Map<Subroutine, PrintedSubroutine>,
): string {
  const name = names.of(program, program.name)
  const own = program.subroutines.filter((subroutine) => !subroutines.has(subroutine))
  for (const subroutine of own) {
    subroutines.set(subroutine, printSubroutine(subroutine, `${program.name}_${subroutine.name}`, names))
  }
  const locals = new Names()
  const inputs = program.inputs.map((input) => locals.of(input, input.name))
  const uniforms = program.uniforms.map((uniform) => locals.of({}, uniform))
  const tables = program.tables.map((table) => locals.of({}, table))
  const code = new CodePrinter(program.body, locals, { inputs, uniforms, tables, subroutines })
  const result = code.variable(program.result)
  const parameters = [
    ...[...inputs, ...uniforms].map((parameter) => `${parameter}: f64`),
    ...tables.map((table) => `${table}: usize, ${table}_length: u32`),
  ]
  return [
    ...own.map((subroutine) => (subroutines.get(subroutine) as PrintedSubroutine).text),
    `function ${name}(${parameters.join(', ')}): f64 {`,
    ...code.lines([`return ${result}`]),
    '}',
    `export { ${name} as ${aliasOf(program.name, exported)} }`,
    '',
  ].join('\n')
}

/** A function returns one value: of several results each is left in a global. */
function printSubroutine(subroutine: Subroutine, path: string, names: Names): PrintedSubroutine {
  const name = names.of(subroutine, path)
  const locals = new Names()
  const inputs = subroutine.inputs.map((_, i) => locals.of({}, `x${i}`))
  const code = new CodePrinter(subroutine.body, locals, { inputs, uniforms: [], tables: [], subroutines: new Map() })
  const results = subroutine.results.map((result) => code.variable(result))
  const types = subroutine.results.map(({ type }) => type)
  const globals = results.length === 1 ? [] : subroutine.results.map((result) => names.of({}, `${path}_${result.name}`))
  const last = results.length === 1 ? [`return ${results[0]}`] : globals.map((global, i) => `${global} = ${results[i]}`)
  const parameters = inputs.map((input, i) => `${input}: ${TYPES[subroutine.inputs[i] as Type]}`)
  const text = [
    ...globals.map((global, i) => `let ${global}: ${TYPES[types[i] as Type]} = ${ZEROS[types[i] as Type]}`),
    `function ${name}(${parameters.join(', ')}): ${results.length === 1 ? TYPES[types[0] as Type] : 'void'} {`,
    ...code.lines(last),
    '}',
    '',
  ].join('\n')
  return { name, text, globals }
}

function aliasOf(name: string, exported: Set<string>): string {
  const stem = Names.stem(name)
  let alias = stem
  for (let i = 1; exported.has(alias); i++) alias = `${stem}_${i}`
  exported.add(alias)
  return alias
}
