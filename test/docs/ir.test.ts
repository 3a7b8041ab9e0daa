import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Builder } from '../../src/kernel/ir/build.ts'
import type { Program, Variable } from '../../src/kernel/ir/ir.ts'
import { OPS, type OpName } from '../../src/kernel/ir/ops.ts'
import { CODES, MOST_BYTES, MOST_DEPTH, OPERAND, STATEMENT, VERSION } from '../../src/kernel/print/binary/format.ts'
import { encode } from '../../src/kernel/print/binary.ts'
import { DOMAINS } from '../kernel/support/domains.ts'
import { EDGES, EDGES_I32 } from '../kernel/support/random-number.ts'
import { blocksOfPage } from './blocks.ts'
import { root } from './site.ts'

const page = readFileSync(join(root, 'docs/ir.md'), 'utf8')

const operations = table('operation').map(
  ([name = '', code = '', types = '', gives = '', swaps = '', definedFor = '']) => ({
    name: name.replaceAll('`', '') as OpName,
    code,
    types,
    expression: /^`(.*)`$/.exec(gives)?.[1]?.replaceAll('\\|', '|'),
    swaps,
    definedFor,
  }),
)

describe('the operations of docs/ir.md', () => {
  it('are those there are, in their order', () => {
    expect(operations.map(({ name }) => name)).toEqual(Object.keys(OPS))
  })

  it('have their codes and their types, and say which arguments may swap', () => {
    const codes: Partial<Record<OpName, number>> = CODES
    for (const { name, code, types, swaps } of operations) {
      const { args, result, commutes } = OPS[name]
      expect([name, code]).toEqual([name, codes[name] === undefined ? '' : `0x${codes[name].toString(16)}`])
      const expected =
        { select: 'mask, T, T → T', get: '→ T' }[name as string] ?? `${args.join(', ')} → ${result}`.trim()
      expect([name, types]).toEqual([name, expected])
      expect([name, swaps]).toEqual([name, commutes ? 'yes' : ''])
    }
  })

  it('say for which arguments they are defined, where it is not for all', () => {
    const partial = operations.filter(({ definedFor }) => definedFor !== '').map(({ name }) => name)
    expect(new Set(partial)).toEqual(new Set([...Object.keys(DOMAINS), 'remPow2']))
  })

  it('have an expression, but for what needs words', () => {
    const words = operations.filter(({ expression }) => expression === undefined).map(({ name }) => name)
    const leaves = ['const', 'constI32', 'constMask', 'input', 'uniform', 'length', 'get']
    expect(words).toEqual([...leaves, 'exponent', 'mantissa', 'gather'])
  })

  it.each(operations.filter(({ expression }) => expression !== undefined))(
    '$name gives $expression',
    ({ name, expression }) => {
      const run = new Function('a', 'b', 'c', `return ${expression}`) as (...args: unknown[]) => number | boolean
      const { args, evaluate } = OPS[name]
      let compared = 0
      for (const row of rows(args.map((type, i) => valuesOf(name, type, i)))) {
        if (DOMAINS[name]?.(row[0]!, row[1]!) === false) continue
        const expected = evaluate!(...(row as [number, number, number]))
        const actual = Number(run(...row.map((x, i) => (args[i] === 'mask' ? x === 1 : x))))
        if (!Object.is(actual, expected)) expect.fail(`${name}(${row.join(', ')}) is ${expected}, not ${actual}`)
        compared++
      }
      expect(compared).toBeGreaterThan(1)
    },
  )
})

describe('the bytes of docs/ir.md', () => {
  it('are those of its example', () => {
    const example = blocksOfPage('docs/ir.md', page).find(({ code }) => code.startsWith('4c574952'))!
    const bytes = example.code.split('\n').map((line) => line.split(/ {2,}/, 1)[0])
    expect(Buffer.from(encode(addOne())).toString('hex')).toBe(bytes.join('').replaceAll(' ', ''))
  })

  it('begin statements and operands with the words there are', () => {
    const statements = table('statement', 'word').filter(([name]) => name !== 'let')
    expect(Object.fromEntries(statements.map(([name, word]) => [name, Number(word)]))).toEqual(STATEMENT)
    const operands = table('operand').map(([name, adds]) => [name, Number(adds)])
    expect(Object.fromEntries(operands)).toEqual(OPERAND)
  })

  it('have the version and the limits of today', () => {
    expect(table('limit').map(([name, most]) => [name, Number(most)])).toEqual([
      ['bytes', MOST_BYTES],
      ['bodies inside one another', MOST_DEPTH],
    ])
    expect(table('at byte').find(([, what]) => what === 'version')?.[2]).toBe(String(VERSION))
  })
})

/** The cells of the table whose head begins with these. */
function table(...head: string[]): string[][] {
  const lines = page.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${head.join(' | ')} |`)) + 2
  expect(start).toBeGreaterThan(1)
  const end = lines.findIndex((line, i) => i >= start && !line.startsWith('|'))
  return lines.slice(start, end).map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  )
}

/** What an argument may be; of remPow2 and bit the second is one of a few constants. */
function valuesOf(name: OpName, type: string, argument: number): readonly number[] {
  if (name === 'remPow2' && argument === 1) return [1, 2, 2 ** 31, 2 ** 53, 2 ** 1000]
  if (name === 'bit' && argument === 1) return [0, 1]
  if (type === 'mask') return [0, 1]
  return type === 'i32' ? EDGES_I32 : [...EDGES, 0.75, -1080, -1022, 511, 1023, 1030]
}

/** Every tuple with one of each. */
function rows(columns: readonly (readonly number[])[]): number[][] {
  return columns.reduce<number[][]>(
    (tuples, column) => tuples.flatMap((tuple) => column.map((x) => [...tuple, x])),
    [[]],
  )
}

function addOne(): Program {
  const b = new Builder()
  const result: Variable = { name: 'r', type: 'f64' }
  const body = b.body(() => b.set(result, b.op('add', [b.input(0), b.const(1)])))
  return { name: 'f', inputs: [{ name: 'x' }], uniforms: [], tables: [], body, result, subroutines: [] }
}
