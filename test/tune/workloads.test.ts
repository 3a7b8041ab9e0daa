import { describe, expect, it } from 'vitest'
import { type Kernel, kernel } from '../../src/kernel/kernel.ts'
import { WORKLOADS, type Workload, workloadOf } from '../../src/tune/workloads.ts'

const ITEMS = 64

const compiled = ({ fn, name }: Workload): Kernel => kernel(fn as (...args: number[]) => number, { name })

describe.each(WORKLOADS.map((work) => [work.name, work] as const))('the workload %s', (_, work) => {
  const inputs = work.inputs(ITEMS)

  it('has an input for each parameter, of as many items as are asked for, the same each time', () => {
    expect(inputs.map(({ length }) => length)).toEqual(Array.from({ length: work.fn.length }, () => ITEMS))
    expect(work.inputs(ITEMS)).toEqual(inputs)
    expect(work.inputs(0).every(({ length }) => length === 0)).toBe(true)
  })
})

const kernels = WORKLOADS.filter(({ isKernel }) => isKernel)

it.each(kernels.map((work) => [work.name, work] as const))(
  'the workload %s is a kernel that gives what its function gives',
  (_, work) => {
    const fn = work.fn as (...args: unknown[]) => number
    const made = compiled(work) as (...args: unknown[]) => number
    const inputs = work.inputs(ITEMS)
    for (let i = 0; i < ITEMS; i++) {
      const row = inputs.map((input) => input[i])
      expect(made(...row)).toBeCloseTo(fn(...row), 9)
    }
  },
)

it('refuses a workload that is not there, and says which may have been meant', () => {
  expect(workloadOf('collatz').name).toBe('collatz')
  expect(() => workloadOf('colatz')).toThrow(
    "a workload must be one of those that are there, got 'colatz'; did you mean collatz?",
  )
  expect(() => workloadOf('')).toThrow(/got ''; use polynomial, primes/)
})

it('has shapes that are as they are called', () => {
  const rounds = (name: string) => {
    const work = WORKLOADS.find((each) => each.name === name)
    return work?.inputs(10_000)[0] as Float64Array
  }
  const sum = (part: Float64Array) => part.reduce((total, x) => total + x, 0)
  const share = (column: Float64Array, from: number) => sum(column.subarray(from)) / sum(column)
  expect(share(rounds('triangle'), 5_000)).toBeCloseTo(0.75, 2)
  expect(share(rounds('triangle-reversed'), 5_000)).toBeCloseTo(0.25, 2)
  expect(share(rounds('late-spike'), 9_900)).toBeCloseTo(0.5, 2)
  expect(sum(rounds('clustered').subarray(6_000, 7_000)) / sum(rounds('clustered'))).toBeCloseTo(0.5, 2)
  for (const name of ['lognormal', 'clustered', 'periodic', 'triangle', 'late-spike']) {
    expect(sum(rounds(name)) / 10_000 / 1_000, name).toBeGreaterThan(0.85)
    expect(sum(rounds(name)) / 10_000 / 1_000, name).toBeLessThan(1.15)
  }
  // A twentieth of the rows of the sparse matrix holds a third of its entries at least.
  const entries = rounds('sparse').sort().reverse()
  expect(sum(entries.subarray(0, 500)) / sum(entries)).toBeGreaterThan(1 / 3)
})
