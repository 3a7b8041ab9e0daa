import { beforeAll, describe, expect, it } from 'vitest'
import { interpret } from '../../src/kernel/ir/interpret.ts'
import { printAssemblyScript } from '../../src/kernel/print/assemblyscript.ts'
import { compileAssemblyScript, type RunItem } from './support/assemblyscript.ts'
import { DOMAINS } from './support/domains.ts'
import { NO_WORDS, named, WORDS } from './support/named.ts'
import { COMPUTED, everything, nested, programsOf } from './support/programs.ts'
import { drawsFrom, EDGES, EDGES_I32 } from './support/random-number.ts'
import { type Case, randomCase } from './support/random-program.ts'

const numbers = [...EDGES, ...EDGES_I32, -1080, -1022, -540, 515, 1023, 1030, 3.75, Math.SQRT1_2, 0.7071067811865475]

const operations = COMPUTED.flatMap((op) => programsOf(op).map((program) => ({ op, program })))
const randomCases: Case[] = Array.from({ length: 60 }, (_, seed) => {
  const random = randomCase(drawsFrom(seed), 20)
  return { ...random, program: { ...random.program, name: `random${seed}` } }
})

const renamed = NO_WORDS.map((name, i) => ({ ...named(name), name: `renamed${i}` }))

let compiled: Map<string, RunItem>
beforeAll(async () => {
  const programs = [...operations, ...randomCases].map(({ program }) => program)
  compiled = await compileAssemblyScript([everything(), nested(40), ...WORDS.map(named), ...renamed, ...programs], 3)
}, 60_000)

describe('in AssemblyScript', () => {
  it.each(operations.map(({ op, program }) => [program.name, op, program] as const))(
    '%s gives the bits of the interpreter',
    (name, op, program) => {
      const run = compiled.get(name)!
      const tables = program.tables.map(() => [1.5, -0, Number.NaN, 7])
      let compared = 0
      for (const row of rowsOf(program.inputs.length)) {
        const actual = run(row, [], tables)
        if (DOMAINS[op]?.(row[0]!, row[1]!) === false) continue
        compared++
        expectBits(actual, interpret(program, row, [], tables), `${name}(${row.join(', ')})`)
      }
      expect(compared).toBeGreaterThan(8)
    },
  )

  it('random programs give the bits of the interpreter', () => {
    let compared = 0
    for (const { program, rows, uniforms, tables } of randomCases) {
      const run = compiled.get(program.name)!
      for (const row of rows) {
        const expected = interpret(program, row, uniforms, tables)
        expectBits(run(row, uniforms, tables), expected, `${program.name}(${row.join(', ')})`)
        compared++
      }
    }
    expect(compared).toBe(60 * 20)
  })

  it('programs share the subroutines that they have in common', () => {
    const program = everything()
    const text = printAssemblyScript(program, { ...program, name: 'again' })
    expect(text.match(/^function \w*divider/gm)).toHaveLength(1)
  })

  it('loops, blocks, tables and subroutines are what they are', () => {
    const program = everything()
    const run = compiled.get('everything')!
    const results = new Set<number>()
    for (const x of [0, 0.5, 1, -1, 2, 40, 1e300, Number.NaN]) {
      for (const at of [0, 1, 2, -1, Number.NaN]) {
        const args = [
          [x, at, 0],
          [1, 0],
          [
            [3, 4],
            [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
          ],
        ] as const
        const actual = run(...args)
        expectBits(actual, interpret(program, ...args), `everything(${x}, ${at})`)
        results.add(actual)
      }
    }
    expect(results.size).toBeGreaterThan(5)
    expect(compiled.get('nested')!([1])).toBe(interpret(nested(40), [1]))
  })

  it.each(WORDS)('a kernel may be called %s, and all that is in it', (name) => {
    const run = compiled.get(name)!
    expect([run([-3], [1], [[5, 0]]), run([3], [1], [[5, 0]])]).toEqual([1.5, 3.5])
  })

  it('what is in a kernel may have any name', () => {
    for (const { name } of renamed) {
      const run = compiled.get(name)!
      expect([run([-3], [1], [[5, 0]]), run([3], [1], [[5, 0]])]).toEqual([1.5, 3.5])
    }
    expect(printAssemblyScript(...NO_WORDS.map(named))).not.toContain('escape()')
  })
})

describe('the text', () => {
  it('reads as one would write it by hand', async () => {
    await expect(printAssemblyScript(everything())).toMatchFileSnapshot('golden/everything.assemblyscript')
  })

  it('makes names of whatever a name is', () => {
    const texts = ['', '1x', 'a b', 'öde', '*/ unreachable() /*', 'memory'].map((name) =>
      printAssemblyScript(named(name)),
    )
    expect(texts.map((text) => /export .*/.exec(text)?.[0])).toEqual([
      'export { __0 as _ }',
      'export { _1x_0 as _1x }',
      'export { a_b_0 as a_b }',
      'export { _de_0 as _de }',
      'export { ___unreachable______0 as ___unreachable_____ }',
      'export { memory_0 as memory_1 }', // the module exports its memory
    ])
    expect(printAssemblyScript(named('a b'), named('a_b'))).toContain('export { a_b_1 as a_b_1 }')
  })
})

function expectBits(actual: number, expected: number, what: string): void {
  if (!Object.is(actual, expected)) expect.fail(`${what} is ${actual}, not ${expected}`)
}

/** Every tuple of `numbers`; of three only some. */
function rowsOf(count: number): number[][] {
  if (count === 1) return numbers.map((x) => [x])
  const pairs = numbers.flatMap((x) => numbers.map((y) => [x, y]))
  return count === 2 ? pairs : pairs.map(([x, y], i) => [x!, y!, numbers[i % 7]!])
}
