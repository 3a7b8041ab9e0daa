import { describe, expect, it } from 'vitest'
import { bundleMath } from '../../scripts/bundle-math.mjs'
import { hypotParts } from '../../src/generated/math-ir.ts'
import { compileModule } from '../../src/kernel/front/module.ts'
import { library } from '../../src/kernel/library.ts'
import { optimise } from '../../src/kernel/optimise/optimise.ts'
import { decode } from '../../src/kernel/print/binary.ts'
import { printText } from '../../src/kernel/print/text.ts'
import { FUNCTIONS, HYPOT_PARTS } from '../../src/math/functions.ts'
import { compile } from './support/compiled.ts'

const module = await bundleMath()
const compiled = compileModule(module, Object.keys(FUNCTIONS), new Map())
const parts = compileModule(module, Object.keys(HYPOT_PARTS), new Map())

describe('the library', () => {
  it.each([...compiled])('has %s as src/math says it now', (name, program) => {
    expect(printText(library.get(name)!)).toBe(printText(optimise(program)))
  })

  it.each([...parts])('has %s of hypot as src/math says it now', (name, program) => {
    const bytes = Buffer.from(hypotParts[name as keyof typeof hypotParts], 'base64')
    expect(printText(decode(bytes))).toBe(printText(optimise(program)))
  })

  it('lists what it has', () => {
    expect([...library.keys()]).toEqual(Object.keys(FUNCTIONS))
    expect([...library]).toEqual([...library.keys()].map((name) => [name, library.get(name)]))
    expect(library.size).toBe(Object.keys(FUNCTIONS).length)
  })

  it('reads a function once', () => {
    expect(library.get('exp')).toBe(library.get('exp'))
  })

  it('gives a kernel of sine and cosine the cold function of both once', () => {
    const { program } = compile((x: number) => Math.sin(x) + Math.cos(x), {}, library)
    expect(program.subroutines.map(({ name }) => name)).toEqual(['coldQuadrant'])
  })

  it('gives constants for constants', () => {
    const { program } = compile('(x, y = 2 ** 31, z = -Math.log(8)) => x % 2 ** 3 + y + z', {}, library)
    expect(program.inputs.map((input) => input.default)).toEqual([undefined, 2 ** 31, -FUNCTIONS.log!(8, 0)])
    expect(printText(program)).toContain('remPow2 x, 8')
  })

  it.each(['random', 'constructor', '', 'hypot1', 'hypot2', 'hypot65', 'hypot03'])('has no function %j', (name) => {
    expect(library.has(name)).toBe(false)
    expect(library.get(name)).toBeUndefined()
  })
})
