import type { Captures } from './plain.ts'
import { Expressions } from './random-expression.ts'
import { type Draws, randomNumber } from './random-number.ts'
import { type Captured, type Kind, Scope } from './random-scope.ts'
import { Statements } from './random-statement.ts'

/** A kernel as source. */
export interface RandomKernel {
  readonly source: string
  /** What stands in its `with`; helpers as texts. */
  readonly captures: Captures
  /** Those helpers that stand there as kernels. */
  readonly kernels: readonly string[]
  readonly parameters: number
}

const TABLES = [
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
]

/** What a parameter may be by default. */
const CONSTANTS = ['1', '-2.5', 'NaN', 'Math.PI', '2 ** 31', '1 / 3']

const RESULTS = ['number', 'number', 'integer', 'mixed', 'boolean'] as const

/** A kernel over numbers that has a meaning, and ends, whatever its arguments: the draws decide on all of it. */
export function randomKernel(draws: Draws): RandomKernel {
  const captured: Captured = { variables: [], tables: [], helpers: [] }
  const captures: Record<string, Captures[string]> = {}
  for (let count = draws.below(3); count > 0; count--) {
    const name = `gain${count}`
    captures[name] = randomNumber(draws)
    captured.variables.push({ name, kind: 'number', isAssignable: false })
  }
  if (draws.below(4) === 0) {
    captures.flag = draws.below(2) === 1
    captured.variables.push({ name: 'flag', kind: 'boolean', isAssignable: false })
  }
  for (let count = draws.below(3); count > 0; count--) {
    const name = `table${count}`
    captures[name] = draws.of(TABLES).from(Array.from({ length: draws.below(9) }, () => randomNumber(draws)))
    captured.tables.push(name)
  }
  for (let count = draws.of([0, 0, 0, 1, 1, 2, 3]); count > 0; count--) {
    const name = `helper${count}`
    captures[name] = randomHelper(draws, name, captured, draws.below(4) === 0)
  }
  const scope = new Scope(captured, draws.of([8, 15, 20, 30, 50, 100]), draws.of([0, 0, 0, 0, 0, 1, 2]))
  const parameters = randomParameters(draws, scope, ['number'], () => draws.of(CONSTANTS))
  const source = randomFunction(draws, scope, parameters.texts, draws.of(RESULTS))
  const kernels = captured.helpers.filter(({ isKernel }) => isKernel).map(({ name }) => name)
  return { source, captures, kernels, parameters: parameters.texts.length }
}

function randomHelper(draws: Draws, name: string, captured: Captured, isKernel: boolean): string {
  const scope = new Scope(captured, draws.of([5, 10, 20]), draws.of([0, 0, 0, 0, 0, 1]))
  // Its loops are within those of its callers.
  scope.rounds = 4
  const expressions = new Expressions(draws, scope)
  const parameters = isKernel
    ? randomParameters(draws, scope, ['number'], () => draws.of(CONSTANTS))
    : randomParameters(draws, scope, ['number', 'number', 'integer', 'boolean'], (kind) => expressions.of(kind, 2))
  const result = isKernel ? 'number' : draws.of(RESULTS)
  const source = randomFunction(draws, scope, parameters.texts, result)
  const kind = result === 'integer' ? 'number' : result
  captured.helpers.push({ name, parameters: parameters.signature, result: kind, rounds: scope.mostRounds, isKernel })
  return source
}

/** Up to three; the last ones may have defaults. */
function randomParameters(draws: Draws, scope: Scope, kinds: readonly Kind[], fallback: (kind: Kind) => string) {
  const count = draws.of([1, 2, 2, 3])
  const firstDefault = draws.below(3) === 0 ? draws.below(count) + 1 : count
  const texts: string[] = []
  const signature: { kind: Kind; hasDefault: boolean }[] = []
  for (let i = 0; i < count; i++) {
    const kind = draws.of(kinds)
    const hasDefault = i >= firstDefault
    const name = scope.parameter(draws, texts)
    const value = hasDefault ? ` = ${fallback(kind)}` : ''
    scope.declare(name, kind, true)
    texts.push(`${name}${value}`)
    signature.push({ kind, hasDefault })
  }
  return { texts, signature }
}

function randomFunction(draws: Draws, scope: Scope, parameters: readonly string[], result: Kind): string {
  const expressions = new Expressions(draws, scope)
  const list = parameters.join(', ')
  switch (draws.below(5)) {
    case 0:
      return `(${list}) => ${expressions.of(result, 5)}`
    case 1:
      return `function ${draws.of(['', 'f'])}(${list}) {\n${new Statements(draws, scope, expressions, result).body()}\n}`
    default:
      return `(${list}) => {\n${new Statements(draws, scope, expressions, result).body()}\n}`
  }
}
