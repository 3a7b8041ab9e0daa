import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AutoChunks, type AutoChunksOptions } from '../../src/chunks/auto.ts'
import { bestFixedNs } from './best-fixed.ts'
import { type Outcome, PUSH, PUSH_BOXED, type Simulation, simulate } from './simulator.ts'
import { fromCosts, Machine, type MachineName, machineNames, type Shape, workload } from './workload.ts'

const H_NS = 29_000

interface Case {
  shape: Shape
  machine: MachineName
  length: number
  workers: number
  meanItemNs: number
}

function setUp({ shape, machine, length, workers, meanItemNs }: Case, seed = 0): Omit<Simulation, 'chunks'> {
  const load = workload(shape, length, meanItemNs, seed)
  return { load, machine: new Machine(machine, workers, load, seed), workers }
}

/** The best that a fixed chunksize, and one or two chunks in flight, can do in hindsight. */
function bestNs(scenario: Case): number {
  const { length, workers } = scenario
  return bestFixedNs({
    length,
    workers,
    inFlight: [1, 2],
    leastNs: (chunks) =>
      Math.max(chunks * (PUSH.receive + PUSH.send), (chunks * (PUSH.unpack + PUSH.answer)) / workers),
    meanNs: (chunksize, inFlight) => simulate({ ...setUp(scenario), chunks: { chunksize, inFlight } }).makespanNs,
  })
}

/** The rule with nothing but its defaults, and the real ledger, on a simulated clock. */
function playAuto(simulation: Omit<Simulation, 'chunks'>): Outcome {
  const { workers, buffersize } = simulation
  return simulate({ ...simulation, chunks: new AutoChunks({ workers, engine: 'push', buffersize }) })
}

/** Line 1 of a trace: a case, the options of the rule, and what the whole run came to. */
interface Recorded extends Case, AutoChunksOptions {
  name: string
  arrivalNs?: number
  chunks: number
  returns: number
  makespanNs: number
}

/** The cases are numbered from 1, and seeded from 0. */
function playAgain(recorded: Recorded): Outcome {
  const { name, arrivalNs, buffersize } = recorded
  const costs = name.includes('objects') ? PUSH_BOXED : PUSH
  const simulation = setUp(recorded, Number(name.slice(0, 2)) - 1)
  return simulate({ ...simulation, arrivalNs, buffersize, costs, chunks: new AutoChunks(recorded) })
}

// All but the one whose caller works on results meanwhile.
const recorded = readdirSync(new URL('traces/', import.meta.url))
  .filter((file) => file.endsWith('.jsonl'))
  .map((file) => readFileSync(new URL(`traces/${file}`, import.meta.url), 'utf8'))
  .map((text) => JSON.parse(text.slice(0, text.indexOf('\n'))) as Recorded)
  .filter(({ engine, name }) => engine === 'push' && !name.includes('consumer'))

describe('AutoChunks and Ledger on a simulated clock', () => {
  it.each(recorded.filter(({ returns }) => returns === 0))('end $name as the reference did, to the bit', (header) => {
    const outcome = playAgain(header)
    expect(outcome.chunks.length).toBe(header.chunks)
    expect(outcome.makespanNs).toBe(header.makespanNs)
  })

  // The ledger joins what comes back with untouched rows beside it, which the reference hands out by themselves: without
  // that, these end to the bit as the reference did, too. (With other chunks the pauses of a noisy machine fall elsewhere.)
  it.each(recorded.filter(({ returns, machine }) => returns > 0 && machine !== 'noisy'))(
    'end $name within 0.2 % of the reference',
    (header) => {
      const outcome = playAgain(header)
      expect(outcome.returns).toBe(header.returns)
      expect(Math.abs(outcome.makespanNs / header.makespanNs - 1)).toBeLessThan(2e-3)
    },
  )

  it('deliver every row once, in no less than the ideal time, whatever the items cost', () => {
    // `simulate` itself throws if a row comes twice or never.
    const costs = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(500)), { minLength: 1, maxLength: 300 })
    const chunksize = fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined })
    const maybe = (min: number, max: number) => fc.option(fc.integer({ min, max }), { nil: undefined })
    fc.assert(
      fc.property(
        costs,
        fc.integer({ min: 50, max: 200_000 }),
        fc.constantFrom(...machineNames),
        fc.integer({ min: 1, max: 9 }),
        chunksize,
        maybe(40, 200),
        maybe(100, 20_000),
        (cost, meanItemNs, name, workers, chunksize, buffersize, arrivalNs) => {
          const load = fromCosts(cost, meanItemNs)
          const machine = new Machine(name, workers, load)
          const auto = new AutoChunks({ workers, engine: 'push', buffersize })
          const chunks = chunksize === undefined ? auto : ({ chunksize, inFlight: 2 } as const)
          const outcome = simulate({ load, machine, workers, chunks, buffersize, arrivalNs })
          expect(outcome.makespanNs).toBeGreaterThanOrEqual(machine.idealNs(load))
          expect(outcome.chunks.reduce((sum, { done }) => sum + done, 0)).toBe(load.length)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('plan 100 h while much is left, then the root, then halves, then h', () => {
    const { chunks } = playAuto({
      ...setUp({ shape: 'constant', machine: 'quiet', length: 600_000, workers: 2, meanItemNs: 1_000 }),
    })
    const expected = (r: number): [regime: string, h: number] => {
      if (r > 2_500) return ['longest', 100]
      if (r > 16) return ['root', 2 * Math.sqrt(r)]
      return r > 2 ? ['half', r / 2] : ['shortest', Math.min(1, 2 * r)]
    }
    const seen = new Set<string>()
    // The first two measure one item each, the next two know only that.
    for (const { items, remaining } of chunks.slice(4)) {
      const [regime, h] = expected((remaining * 1_000) / 2 / H_NS)
      seen.add(regime)
      const planned = (items * 1_000) / H_NS
      // Within a twentieth, or an item more or less.
      expect(Math.abs(planned - h), `${regime}, ${remaining} items left`).toBeLessThan(0.05 * h + 1_500 / H_NS)
    }
    expect([...seen]).toEqual(['longest', 'root', 'half', 'shortest'])
  })

  it('plan 100 h to the end for one worker', () => {
    const { chunks } = playAuto({
      ...setUp({ shape: 'constant', machine: 'quiet', length: 100_000, workers: 1, meanItemNs: 1_000 }),
    })
    for (const { items } of chunks.slice(2, -1)) expect(Math.abs((items * 1_000) / H_NS - 100)).toBeLessThan(5)
  })

  it.each<Case>([
    { shape: 'clustered', machine: 'quiet', length: 10_000, workers: 8, meanItemNs: 20_000 },
    { shape: 'latespike', machine: 'quiet', length: 10_000, workers: 4, meanItemNs: 10_000 },
    { shape: 'isprime', machine: 'dropout', length: 20_000, workers: 8, meanItemNs: 20_000 },
  ])(
    'give back what overruns, so that no chunk of $shape on $machine outlasts its limit by more than an item',
    (scenario) => {
      const simulation = setUp(scenario)
      const outcome = playAuto(simulation)
      expect(outcome.returns).toBeGreaterThan(0)
      const itemNs = simulation.load.most * 5 // on a worker that dropped out
      for (const { execNs, stopNs } of outcome.chunks) expect(execNs).toBeLessThanOrEqual(stopNs + itemNs)
    },
  )

  // T from 200 to 35,000 h. The bound is the p95 of regret over random maps; what each gave is beside it.
  it.each<Case>([
    { shape: 'constant', machine: 'quiet', length: 100_000, workers: 8, meanItemNs: 10_000 }, // 1.8 %
    { shape: 'constant', machine: 'quiet', length: 100_000, workers: 1, meanItemNs: 10_000 }, // 1.1 %
    { shape: 'increasing', machine: 'quiet', length: 50_000, workers: 16, meanItemNs: 10_000 }, // -0.2 %
    { shape: 'decreasing', machine: 'quiet', length: 50_000, workers: 8, meanItemNs: 10_000 }, // 1.7 %
    { shape: 'clustered', machine: 'quiet', length: 20_000, workers: 8, meanItemNs: 20_000 }, // 1.5 %
    { shape: 'clustered', machine: 'quiet', length: 5_000, workers: 4, meanItemNs: 5_000 }, // 3.1 %
    { shape: 'periodic', machine: 'quiet', length: 50_000, workers: 8, meanItemNs: 5_000 }, // 2.7 %
    { shape: 'latespike', machine: 'quiet', length: 20_000, workers: 8, meanItemNs: 20_000 }, // 0.8 %
    { shape: 'mandelbrot', machine: 'hybrid', length: 4_096, workers: 8, meanItemNs: 100_000 }, // 1.0 %
    { shape: 'mandelbrot', machine: 'coldstart', length: 4_096, workers: 8, meanItemNs: 100_000 }, // 0.0 %
    { shape: 'collatz', machine: 'straggler', length: 50_000, workers: 4, meanItemNs: 10_000 }, // -0.3 %
    { shape: 'isprime', machine: 'dropout', length: 20_000, workers: 8, meanItemNs: 20_000 }, // -0.7 %
  ])('end within 6 % of the best fixed chunksize: $shape, $machine, $workers workers, $length items', (scenario) => {
    expect(playAuto(setUp(scenario)).makespanNs / bestNs(scenario) - 1).toBeLessThan(0.06)
  })

  it('answer the first row after its own cost and one overhead', () => {
    const simulation = setUp({ shape: 'constant', machine: 'quiet', length: 10_000, workers: 2, meanItemNs: 50_000 })
    expect(playAuto(simulation).firstNs).toBeLessThan(50_000 + H_NS + 5_000)
  })

  it('keep to the buffer and still keep the workers busy', () => {
    const simulation = setUp({ shape: 'constant', machine: 'quiet', length: 20_000, workers: 8, meanItemNs: 10_000 })
    const unbounded = playAuto(simulation)
    const bounded = playAuto({ ...simulation, buffersize: 1_024 })
    expect(unbounded.mostOut).toBeGreaterThan(1_024)
    expect(bounded.mostOut).toBeLessThanOrEqual(1_024)
    expect(bounded.makespanNs / unbounded.makespanNs).toBeLessThan(1.1)
    for (const { items } of bounded.chunks) expect(items).toBeLessThanOrEqual(1_024 / 16)
  })

  it('keep up with an input whose length is not known', () => {
    const simulation = setUp({ shape: 'mandelbrot', machine: 'quiet', length: 8_000, workers: 4, meanItemNs: 10_000 })
    // Items come faster than they can be done: the end is bound by the workers.
    const listed = playAuto(simulation).makespanNs
    expect(playAuto({ ...simulation, arrivalNs: 1_000 }).makespanNs / listed).toBeLessThan(1.1)
    // And more slowly: the end is bound by the input.
    expect(playAuto({ ...simulation, arrivalNs: 20_000 }).makespanNs / (8_000 * 20_000)).toBeLessThan(1.01)
  })
})
