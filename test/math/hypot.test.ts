import { describe, expect, it } from 'vitest'
import { interpret } from '../../src/kernel/ir/interpret.ts'
import { library } from '../../src/kernel/library.ts'
import { compile } from '../kernel/support/compiled.ts'
import { randomNumbers } from './support/draws.ts'
import { fixed, root, ulpError } from './support/fixed.ts'

const COUNTS = [3, 4, 5, 8, 64]
const random = randomNumbers(11)

describe.each(COUNTS)('hypot of %i numbers', (count) => {
  const hypot = (...xs: number[]) => interpret(library.get(`hypot${count}`)!, xs)
  const row = (make: (i: number) => number) => Array.from({ length: count }, (_, i) => make(i))
  const at = (i: number, x: number, others: number) => row((j) => (j === i ? x : others))

  it.each([
    ['of one size', () => 1],
    ['of all sizes', () => 2 ** (2000 * random() - 1000)],
    ['of sizes within 2^±20', () => 2 ** (40 * random() - 20)],
    ['subnormal', () => 2 ** (50 * random() - 1074)],
    ['next to the largest', () => 2 ** (1016 + 4 * random())],
  ])('is within 0.76 ULP, numbers %s', (_, size) => {
    for (let i = 0; i < 100; i++) {
      const xs = row(() => size() * (2 * random() - 1))
      const squares = xs.map((x) => fixed(x, 1100) ** 2n)
      const wanted = { value: root(squares.reduce((a, b) => a + b) << 400n, 2), bits: 1300 }
      expect(ulpError(hypot(...xs), wanted), String(xs)).toBeLessThan(0.76)
    }
  })

  it('is infinite where one of them is, even beside NaN', () => {
    for (const x of [Infinity, -Infinity]) {
      for (const others of [0, 1, NaN, -Infinity])
        for (const i of [0, 1, count - 1]) expect(hypot(...at(i, x, others))).toBe(Infinity)
    }
  })

  it('is NaN where one of them is and none is infinite', () => {
    for (const i of [0, 1, count - 1])
      for (const others of [0, 1, 1e308]) expect(hypot(...at(i, NaN, others))).toBeNaN()
  })

  it('is 0 of zeros, whatever their signs', () => {
    for (const x of [0, -0]) for (const i of [0, count - 1]) expect(hypot(...at(i, x, -x))).toBe(0)
  })

  it('is that number of one number beside zeros', () => {
    for (const x of [1, -3, 5e-324, Number.MAX_VALUE])
      for (const i of [0, 1, count - 1]) expect(hypot(...at(i, x, 0))).toBe(Math.abs(x))
  })

  it('overflows where the result does', () => {
    expect(hypot(...row(() => Number.MAX_VALUE))).toBe(Infinity)
  })
})

describe('Math.hypot in a kernel', () => {
  it('takes any number of numbers up to 64', () => {
    const { program } = compile(
      (a: number, b: number, c: number) => Math.hypot() + Math.hypot(a) + Math.hypot(a, b) + Math.hypot(a, b, c),
      {},
      library,
    )
    expect(interpret(program, [-2, 3, 6])).toBe(2 + Math.sqrt(13) + 7)
  })

  it('refuses more', () => {
    const text = `(x) => Math.hypot(${'x, '.repeat(65)})`
    expect(() => compile(text, {}, library)).toThrow('Math.hypot takes 64 numbers at most in a kernel, got 65')
  })
})
