import { operationsPerRow } from './ir/cost.ts'
import type { Program, Statement, Value } from './ir/ir.ts'
import { everyStatement } from './ir/places.ts'
import { isCheap } from './ir/sides.ts'
import { mask } from './masks/mask.ts'
import { type Uniformity, uniformity, zeroed } from './masks/uniform.ts'
import { printText } from './print/text.ts'
import { printWasm } from './print/wasm.ts'
import type { ProgramCode } from './program-code.ts'

/** What `explain()` is made of. */
export interface Explained {
  readonly source: string
  readonly program: Program
  readonly code: ProgramCode
  /** What became of it as machine code. */
  readonly native: string
}

/** Says, for people, what became of a kernel: its source, the IR, its form for several lanes, what each engine runs, what it costs and why. */
export function explain({ source, program, code, native }: Explained): string {
  const lanes = new Lanes(program)
  const sections: [title: string, text: string][] = [
    ['source', source],
    ['IR', printText(program)],
    ['for lanes that run in step', lanes.text],
    ['cost', cost(program, code)],
    ['engines', engines(program, code, native)],
    ['slower than plain arithmetic', [...slowOperations(program), ...lanes.notes].join('\n')],
  ]
  const shown = sections.filter(([, text]) => text !== '')
  return `${shown.map(([title, text]) => `${title}\n${indent(text.trimEnd())}`).join('\n\n')}\n`
}

function cost(program: Program, { isBounded, rowNs }: ProgramCode): string {
  const operations = count(operationsPerRow(program))
  const end = isBounded
    ? 'every loop has a known bound, so that small maps may run on the calling thread'
    : 'a loop without a known bound counts 16 rounds; it goes to a worker at any size, where it can be stopped'
  return `about ${operations} additions' worth a row, some ${count(rowNs)} ns as a plain loop\n${end}`
}

function engines(program: Program, code: ProgramCode, native: string): string {
  const text = code.js(code.inputs.map(() => 'array'))
  const { bytes, vectors } = printWasm(program, { hasRow: false })
  return [
    `js      a plain loop, ${count(text.length)} characters`,
    `wasm    ${count(bytes.length)} bytes: ${inFlight(vectors)} of two doubles in flight`,
    `native  ${native}`,
    `auto    ${chosen(code)}`,
  ].join('\n')
}

function chosen({ whyPlain }: ProgramCode): string {
  if (whyPlain?.than === 'native') return `js: ${whyPlain.why}`
  return `native where there is machine code, else ${whyPlain === undefined ? 'wasm' : `js: ${whyPlain.why}`}`
}

function inFlight(vectors: number): string {
  return vectors === 1 ? 'one vector' : `${vectors} vectors`
}

/** Operations that cost more than they look, with how often they stand in the program. */
const SLOW: Partial<Record<Value['op'], string>> = {
  rem: '% by what is no constant power of two: exact, by a loop where the quotient is large; quick where both sides are integers below 2^52',
  remI32: '% of integers: by a division of doubles',
  divI32: 'division of integers: by one of doubles',
  gather: 'read of an array: each lane by itself',
  toI32: 'conversion to 32 bits: some ten operations, unless the number is known to fit',
}

function* slowOperations({ body }: Program): Generator<string> {
  const counts = new Map<Value['op'], number>()
  for (const { op } of values(body)) counts.set(op, (counts.get(op) ?? 0) + 1)
  for (const [op, why] of Object.entries(SLOW) as [Value['op'], string][]) {
    const times = counts.get(op)
    if (times !== undefined) yield `${times} × ${why}`
  }
}

/** Where the lanes of a vector part. */
class Lanes {
  /** The masked form; empty where they never part. */
  readonly text: string
  readonly notes: readonly string[]

  constructor(program: Program) {
    const body = zeroed(program.body, [program.result])
    const uniform = uniformity(body, [program.result])
    const part = [...everyStatement(body)].some(
      (each) => (each.kind === 'if' || each.kind === 'leave') && uniform.parts(each),
    )
    this.text = part ? printText({ ...program, body: mask(program).body, subroutines: [] }) : ''
    this.notes = [...partings(body, uniform)]
  }
}

function* partings(body: readonly Statement[], uniform: Uniformity): Generator<string> {
  const labels = new Set(leaves(body, uniform))
  let branches = 0
  for (const statement of everyStatement(body)) {
    const isDear = statement.kind === 'if' && !(isCheap(statement.yes) && isCheap(statement.no))
    if (isDear && uniform.parts(statement)) branches++
    if (statement.kind === 'loop' && labels.has(statement.label)) {
      yield `the loop ${statement.label.name}: it runs until the last lane of its vectors has left it`
    }
  }
  if (branches > 0)
    yield `${branches} × branch that lanes take differently: both sides run, each skipped where no lane wants it`
}

function* leaves(body: readonly Statement[], uniform: Uniformity): Generator<object> {
  for (const statement of everyStatement(body)) {
    if (statement.kind === 'leave' && uniform.parts(statement)) yield statement.label
  }
}

function* values(body: readonly Statement[]): Generator<Value> {
  for (const statement of everyStatement(body)) if (statement.kind === 'let') yield statement.value
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n')
}

function count(n: number): string {
  return Math.round(n).toLocaleString('en')
}
