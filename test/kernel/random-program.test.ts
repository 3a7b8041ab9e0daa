import { describe, expect, it } from 'vitest'
import { interpret } from '../../src/kernel/ir/interpret.ts'
import type { Statement, Value } from '../../src/kernel/ir/ir.ts'
import { OPS } from '../../src/kernel/ir/ops.ts'
import { printText } from '../../src/kernel/print/text.ts'
import { drawsFrom, drawsOf } from './support/random-number.ts'
import { randomCase, randomProgram } from './support/random-program.ts'

describe('random programs', () => {
  it('end, and hold every operation and every kind of statement', () => {
    const seen = new Set<string>()
    const outcomes = new Set<number>()
    for (let seed = 0; seed < 500; seed++) {
      const { program, uniforms, tables, rows } = randomCase(drawsFrom(seed), 4)
      for (const part of [program, ...program.subroutines]) visit(part.body, seen)
      // Three loops of 7 rounds inside one another, five statements a body.
      for (const row of rows) outcomes.add(interpret(program, row, uniforms, tables, 100_000))
    }
    const operations = Object.keys(OPS)
    const statements = ['let', 'set', 'if', 'block', 'loop', 'leave', 'call']
    expect([...operations, ...statements].filter((name) => !seen.has(name))).toEqual([])
    expect(outcomes.size).toBeGreaterThan(900)
  })

  it('are made by their draws alone, the simplest by none', () => {
    expect(printText(randomProgram(drawsFrom(7)))).toBe(printText(randomProgram(drawsFrom(7))))
    expect(printText(randomProgram(drawsOf([])))).toBe(`kernel random(x0)
  v0 := 0
  v0 := 0
  v0 := 0
result v0: f64
`)
  })

  it('lack what is to be left out', () => {
    const seen = new Set<string>()
    const omit = new Set(['loop', 'call', 'gather', 'rem', 'shl'] as const)
    for (let seed = 0; seed < 200; seed++) visit(randomProgram(drawsFrom(seed), omit).body, seen)
    expect([...omit].filter((name) => seen.has(name))).toEqual([])
    expect(seen).toContain('scalb')
  })
})

function visit(statements: readonly Statement[], seen: Set<string>): void {
  const use = (value: Value) => {
    seen.add(value.op)
    value.args.forEach(use)
  }
  for (const statement of statements) {
    seen.add(statement.kind)
    if (statement.kind === 'let' || statement.kind === 'set') use(statement.value)
    else if (statement.kind === 'if') {
      use(statement.condition)
      visit(statement.yes, seen)
      visit(statement.no, seen)
    } else if (statement.kind === 'block' || statement.kind === 'loop') visit(statement.body, seen)
    else if (statement.kind === 'call') statement.args.forEach(use)
  }
}
