import { describe, expect, it } from 'vitest'
import { library } from '../../../src/kernel/library.ts'
import { compile, expectSameBits, rows } from '../support/compiled.ts'
import { LITERALS, OPERATORS, STATEMENTS } from '../support/kernels.ts'
import { plainFunction } from '../support/plain.ts'

describe.each([
  ['literals', LITERALS],
  ['operators', OPERATORS],
  ['statements', STATEMENTS],
] as const)('a kernel gives the bits of its function for %s', (_, kernels) => {
  it.each(Object.entries(kernels))('%s', (_, source) => {
    expectSameBits(compile(source, {}, library), plainFunction(source), rows(2, 150))
  })
})

/** Functions of ES2024 that give the same for the same. */
const FUNCTIONS: readonly string[] = [
  ...[
    'abs',
    'acos',
    'acosh',
    'asin',
    'asinh',
    'atan',
    'atan2',
    'atanh',
    'cbrt',
    'ceil',
    'clz32',
    'cos',
    'cosh',
    'exp',
    'expm1',
  ],
  ...[
    'floor',
    'fround',
    'hypot',
    'imul',
    'log',
    'log10',
    'log1p',
    'log2',
    'max',
    'min',
    'pow',
    'round',
    'sign',
    'sin',
    'sinh',
  ],
  ...['sqrt', 'tan', 'tanh', 'trunc'],
]
const OPERATIONS = ['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc']

describe('of Math a kernel knows', () => {
  const later = ['f16round', 'sumPrecise'] // ES2025, ES2026

  it('all functions and constants', () => {
    const names = Object.getOwnPropertyNames(Math).filter((name) => !later.includes(name))
    for (const name of names.filter((name) => typeof mathValue(name) === 'number')) {
      expectSameBits(compile(`x => x * Math.${name}`), (x) => Number(x) * Number(mathValue(name)), rows(1, 10))
    }
    const functions = names.filter((name) => typeof mathValue(name) === 'function')
    expect(functions.toSorted()).toEqual([...FUNCTIONS, 'random'].toSorted())
  })

  it.each(FUNCTIONS)('%s', (name) => {
    const args = ['atan2', 'hypot', 'imul', 'max', 'min', 'pow'].includes(name) ? 'x, y' : 'x'
    const source = `(${args}) => Math.${name}(${args})`
    if (OPERATIONS.includes(name) || library.has(name)) {
      expectSameBits(compile(source, {}, library), plainFunction(source), rows(2, 50))
    } else expect(() => compile(source, {}, library)).toThrow(`Math.${name} is not there yet`)
  })

  it.each(['min', 'max', 'hypot'])('%s of any number of numbers', (name) => {
    for (const args of ['', 'x', 'x, y, 3', 'y, x, -x, 1', '1, x, 2, y, 3, x']) {
      const source = `(x, y) => Math.${name}(${args}) + x`
      expectSameBits(compile(source, {}, library), plainFunction(source), rows(2, 20))
    }
  })

  const mathValue = (name: string): unknown => Object.getOwnPropertyDescriptor(Math, name)?.value
})

describe('a loop without end', () => {
  it.each(['x => { while (true) {} }', 'x => { for (;;) x++ }', 'x => { do { if (x > 0) return x } while (1) }'])(
    '%s is compiled',
    (source) => {
      expect(() => compile(source)).not.toThrow()
    },
  )
})
