import * as nodeModule from 'node:module'
import { transformSync } from 'esbuild'
import { describe, expect, it } from 'vitest'
import type { Capture, Compiled } from '../../../src/kernel/front/check.ts'
import { library } from '../../../src/kernel/library.ts'
import { optimise } from '../../../src/kernel/optimise/optimise.ts'
import { schedule } from '../../../src/kernel/optimise/schedule.ts'
import { calendar } from '../corpus/calendar.ts'
import { colour } from '../corpus/colour.ts'
import { finance } from '../corpus/finance.ts'
import { geometry } from '../corpus/geometry.ts'
import { iteration } from '../corpus/iteration.ts'
import { noise } from '../corpus/noise.ts'
import { numbers } from '../corpus/numbers.ts'
import { roots } from '../corpus/roots.ts'
import { signal } from '../corpus/signal.ts'
import { tables } from '../corpus/tables.ts'
import { compile, expectSameBits, rows } from '../support/compiled.ts'
import { CONSTRUCTS, LITERALS, OPERATORS, STATEMENTS } from '../support/kernels.ts'
import { exportsOf, TOOLS } from '../support/minifiers.ts'
import { normalForm } from '../support/normal-form.ts'
import { plainFunction } from '../support/plain.ts'

interface Source {
  readonly name: string
  readonly text: string
  readonly with: Readonly<Record<string, Capture>>
}

const corpus = [finance, geometry, colour, calendar, noise, numbers, roots, tables, iteration, signal].flat()
const constructs = Object.entries({ ...CONSTRUCTS, ...LITERALS, ...OPERATORS, ...STATEMENTS })
const SOURCES: readonly Source[] = [
  ...corpus.map((entry) => ({ name: entry.name, text: String(entry.fn), with: entry.with ?? {} })),
  ...constructs.map(([name, text]) => ({ name, text: text.startsWith('f(') ? `function ${text}` : text, with: {} })),
]

/**
 * Where a tool changes what is computed, not only how it is written: a sign is moved out of a quotient, a `+` into a choice, and what follows a `break` to a
 * `return` of its own. These have the same bits.
 */
const REWRITTEN: Readonly<Record<string, readonly string[]>> = {
  swc: ['negative zero', 'precedence', 'signs of zero', 'the smallest int32', 'switch over int32'],
  terser: ['assignments to all that a logic skips'],
  'terser, three times over': ['assignments to all that a logic skips'],
  oxc: ['assignments to all that a logic skips'],
}

const irOf = ({ program }: Compiled): string => normalForm(schedule(optimise(program)))
const originals = new Map(SOURCES.map((source) => [source, irOf(compile(source.text, source.with, library))]))

describe.each(Object.entries(TOOLS))('after %s', (tool, run) => {
  it('a kernel has the same IR', async () => {
    const exported = await exportsOf(await run(moduleOf(SOURCES)))
    const rewritten = REWRITTEN[tool] ?? []
    for (const [i, source] of SOURCES.entries()) {
      const compiled = compile(String(exported[`kernel${i}`]), source.with, library)
      const isSame = irOf(compiled) === originals.get(source)
      if (rewritten.includes(source.name)) {
        expectSameBits(compiled, plainFunction(source.text), rows(2, 50))
        expect(isSame, `${source.name} is listed as rewritten`).toBe(false)
      } else if (!isSame) {
        expect(irOf(compiled), `${source.name}: ${exported[`kernel${i}`]}`).toBe(originals.get(source))
      }
    }
  }, 60_000)
})

it('has at least 30 kernels', () => {
  expect(corpus.length).toBeGreaterThanOrEqual(30)
})

/** As somebody writes it, with types. */
const TYPED = `export const damped = (x: number, steps = 10 as number): number => {
  let y: number = x!
  for (let i = 0 as number; i < steps && i < 99; i++) y = (y - y ** 3 / 6) satisfies number
  return <number>y
}`

describe('after its types were stripped', () => {
  const plain = compile(
    '(x, steps = 10) => { let y = x; for (let i = 0; i < steps && i < 99; i++) y = y - y ** 3 / 6; return y }',
    {},
    library,
  )
  const strip = 'stripTypeScriptTypes' in nodeModule ? nodeModule.stripTypeScriptTypes : undefined

  it('by esbuild, a kernel has the same IR', async () => {
    const { damped } = await exportsOf(transformSync(TYPED, { loader: 'ts', format: 'esm', keepNames: true }).code)
    expect(irOf(compile(String(damped), {}, library))).toBe(irOf(plain))
  })

  it.skipIf(strip === undefined)(
    `by Node ${process.versions.node}, which ${strip ? 'can' : 'cannot'}, a kernel has the same IR`,
    async () => {
      const { damped } = await exportsOf((strip as (text: string) => string)(TYPED.replace('<number>y', 'y')))
      expect(irOf(compile(String(damped), {}, library))).toBe(irOf(plain))
    },
  )
})

function moduleOf(sources: readonly Source[]): string {
  return sources.map(({ text }, i) => `export const kernel${i} = ${text}\n`).join('')
}
