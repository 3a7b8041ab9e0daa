import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ColumnKind } from '../../src/kernel/code.ts'
import { Builder } from '../../src/kernel/ir/build.ts'
import { interpret } from '../../src/kernel/ir/interpret.ts'
import type { Program, Subroutine, Value, Variable } from '../../src/kernel/ir/ir.ts'
import { printJs } from '../../src/kernel/print/js.ts'
import { printText } from '../../src/kernel/print/text.ts'
import { jsLoop, jsText, runJs } from './support/js-loop.ts'
import { NO_WORDS, named, WORDS } from './support/named.ts'
import { operationCases } from './support/operation-cases.ts'
import { drawsFrom, EDGES } from './support/random-number.ts'
import { type Case, cases, randomCase } from './support/random-program.ts'

const result: Variable = { name: 'r', type: 'f64' }

function program(inputs: readonly string[], write: (b: Builder) => Value, parts: Partial<Program> = {}): Program {
  const b = new Builder()
  const body = b.body(() => b.set(result, write(b)))
  return {
    name: 'f',
    inputs: inputs.map((name) => ({ name })),
    uniforms: [],
    tables: [],
    body,
    result,
    subroutines: [],
    ...parts,
  }
}

/** The first row for which the loop and the meaning of a program differ. */
function difference(example: Case): string | undefined {
  const { program, uniforms, tables, rows } = example
  const found = runJs(program, uniforms, tables, rows)
  for (const [i, row] of rows.entries()) {
    const expected = interpret(program, row, uniforms, tables, 100_000)
    if (Object.is(found[i], expected)) continue
    return `${found[i]}, not ${expected}, of ${row}:\n${printText(program)}\n${jsText(program)}`
  }
  return undefined
}

describe('the loop of the js engine', () => {
  it('computes what the program means, in every bit: 1,000 random ones', () => {
    for (let seed = 0; seed < 1000; seed++) expect(difference(randomCase(drawsFrom(seed), 8))).toBeUndefined()
  })

  it('puts the results of a call into a block, where it is told to', () => {
    const twice = program(['x'], (b) => b.op('mul', [b.input(0), b.const(2)]))
    for (const kind of ['array', 'range'] as const) {
      const out = new Float64Array(3)
      const input = kind === 'array' ? [0, 1, 2, 3, 4] : { start: 0, step: 1 }
      jsLoop(printJs(twice, [kind], true))([], [], [input], out)(2, 4)
      expect([...out]).toEqual([4, 6, 0])
    }
  })

  it('does so for programs that shrink', () => {
    const isRight = fc.property(cases(6), (example) => {
      expect(difference(example)).toBeUndefined()
    })
    fc.assert(isRight, { numRuns: 200 })
  })

  it.each(['floor', 'ceil', 'trunc', 'round'] as const)('keeps a product of %s a double', (op) => {
    const rows = EDGES.map((x) => Float64Array.of(x))
    const product = (by: number) => program(['x'], (b) => b.op('mul', [b.op(op, [b.input(0)]), b.const(by)]))
    for (const by of [2, 0.25, 2 ** 1023, 2 ** -1022, 2 ** -1023, 2 ** -1074, 1, -2, 3, 2 + 2 ** -51, 0, Number.NaN]) {
      expect(difference({ program: product(by), uniforms: new Float64Array(), tables: [], rows })).toBeUndefined()
    }
    expect(jsText(product(2))).toContain(`Math.${op}(x_0) / 0.5`)
  })

  it('computes each operation as ops.ts says, on edge values', () => {
    for (const example of operationCases()) {
      expect(example.rows.length).toBeGreaterThan(1)
      expect(difference(example)).toBeUndefined()
    }
  })

  it('reads columns of every kind', () => {
    const sum = program(['x', 'y', 'z'], (b) => b.op('sub', [b.op('mul', [b.input(0), b.input(1)]), b.input(2)]))
    const kinds: Record<ColumnKind, unknown> = {
      array: [1, 2, 3, 4],
      range: { start: 0.1, step: 0.3 },
      repeat: 7,
    }
    const at: Record<ColumnKind, (row: number) => number> = {
      array: (row) => row + 1,
      range: (row) => 0.1 + row * 0.3,
      repeat: () => 7,
    }
    const all = Object.keys(kinds) as ColumnKind[]
    for (const x of all) {
      for (const y of all) {
        for (const z of all) {
          const out = new Float64Array(4).fill(-1)
          jsLoop(printJs(sum, [x, y, z]))([], [], [kinds[x], kinds[y], kinds[z]], out)(1, 3)
          expect([...out]).toEqual([-1, at[x](1) * at[y](1) - at[z](1), at[x](2) * at[y](2) - at[z](2), -1])
        }
      }
    }
  })

  it('reads a table that has become shorter, or is of small integers', () => {
    const b = new Builder()
    const entry = program(['i'], () => {
      const x = b.gather(0, b.input(0))
      return b.op('select', [b.op('eq', [x, x]), x, b.const(-1)])
    })
    const body = b.body(() => b.set(result, b.gather(0, b.input(0))))
    const text = printJs({ ...entry, tables: ['t'], body }, ['array'])
    const rows = Float64Array.of(0, 1, 2, 3)
    const out = new Float64Array(4)
    const buffer = new ArrayBuffer(4, { maxByteLength: 4 })
    const table = new Uint8Array(buffer)
    table.set([7, 8, 9, 10])
    const loop = jsLoop(text)([], [table], [rows], out)
    loop(0, 4)
    expect([...out]).toEqual([7, 8, 9, 10])
    buffer.resize(2)
    loop(0, 4)
    expect([...out]).toEqual([7, 8, Number.NaN, Number.NaN])
  })

  it.each([...WORDS, ...NO_WORDS])('means the same where all in it is called %j', (name) => {
    const program = named(name)
    for (const kind of ['array', 'range', 'repeat'] as const) expect(printJs(program, [kind])).not.toContain('escape()')
    expect(runJs(program, [1], [[5, 0]], [[-3], [3]])).toEqual(Float64Array.of(1.5, 3.5))
  })

  it('names what stands twice, what a variable is about to lose, and what a loop would repeat', () => {
    const v: Variable = { name: 'v', type: 'f64' }
    const example = program(
      ['x'],
      (b) => {
        b.set(v, b.op('mul', [b.input(0), b.uniform(0)]))
        const before = b.get(v)
        const invariant = b.op('sqrt', [b.op('abs', [b.input(0)])])
        b.loop('while', (loop) => {
          b.if(b.op('gt', [b.get(v), invariant]), () => b.leave(loop))
          b.set(v, b.op('add', [b.op('add', [b.get(v), b.const(-1)]), b.op('neg', [b.op('neg', [b.get(v)])])]))
        })
        const size = b.op('lesser', [b.op('sub', [b.get(v), before]), b.const(-0)])
        const isNotLess = b.op('not', [b.op('lt', [size, size])])
        return b.op('add', [b.op('maskToF64', [isNotLess]), b.const(1)])
      },
      { uniforms: ['a b'] },
    )
    expect(printJs(example, ['array'])).toBe(`(uniforms, tables, inputs, out) => {
  return (from, to) => {
    const v_1 = uniforms[0]
    const column_x_0 = inputs[0]
    for (let row = from; row < to; row++) {
      const x_0 = column_x_0[row]
      let v_2 = x_0 * v_1
      const t_3 = Math.sqrt(Math.abs(x_0))
      const t_4 = v_2
      while_5: for (;;) {
        if (v_2 > t_3) break while_5
        v_2 = v_2 + -1 + -(-v_2)
      }
      const t_6 = v_2 - t_4
      const t_7 = t_6 < -0 ? t_6 : -0
      const r_8 = (!(t_7 < t_7) ? 1 : 0) + 1
      out[row] = r_8
    }
  }
}`)
  })

  it('does not read a variable behind a call that sets it', () => {
    const v: Variable = { name: 'v', type: 'f64' }
    const b = new Builder()
    const ten: Variable = { name: 'ten', type: 'f64' }
    const subroutine: Subroutine = {
      name: 'rare',
      inputs: [],
      body: b.body(() => b.set(ten, b.const(10))),
      results: [ten],
    }
    const body = b.body(() => {
      b.set(v, b.input(0))
      const before = b.get(v)
      b.call(subroutine, [], [v])
      b.set(result, b.op('sub', [b.get(v), before]))
    })
    const example = { ...program(['x'], (b) => b.input(0)), body, subroutines: [subroutine] }
    const rows = [Float64Array.of(3)]
    expect(difference({ program: example, uniforms: new Float64Array(), tables: [], rows })).toBeUndefined()
  })
})
