import { readFileSync } from 'node:fs'
import { AutoChunks } from '../../src/chunks/auto.ts'
import { bestFixedNs } from './best-fixed.ts'
import { type Claiming, fixedClaims, LedgerClaims, NATIVE, PULL, simulatePull } from './pull-simulator.ts'
import { PUSH, PUSH_BOXED, simulate } from './simulator.ts'
import { Machine, type MachineName, type Shape, type Workload, workload } from './workload.ts'

export const ENGINES = ['push', 'push-objects', 'pull', 'native'] as const
export type Engine = (typeof ENGINES)[number]

/** A random map, and what chunksim says of it: see regrets/README.md. */
export interface Scenario {
  readonly engine: Engine
  readonly shape: Shape
  readonly machine: MachineName
  readonly length: number
  readonly workers: number
  readonly meanItemNs: number
  /** The best that a fixed chunksize does, as the mean of two seeds. */
  readonly bestNs: number
  /** What the reference of the rule does, by seed. */
  readonly referenceNs: readonly number[]
}

type Line = [Shape, MachineName, number, number, number, number, 1 | 2, number, number, number]

export function scenarios(engine: Engine): Scenario[] {
  const text = readFileSync(new URL(`regrets/${engine}.jsonl`, import.meta.url), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [shape, machine, length, workers, meanItemNs, , , bestNs, ...referenceNs] = JSON.parse(line) as Line
      return { engine, shape, machine, length, workers, meanItemNs, bestNs, referenceNs }
    })
}

const SEEDS = [0, 1]

function load({ shape, length, meanItemNs }: Scenario, seed: number): Workload {
  return workload(shape, length, meanItemNs, seed)
}

/** How long the map takes with the rule under test, by seed. */
export function autoNs(scenario: Scenario): number[] {
  return SEEDS.map((seed) => playAuto(scenario, load(scenario, seed), seed))
}

/** The same with a rule of another make. */
export function claimingNs(scenario: Scenario, newRule: (length: number, workers: number) => Claiming): number[] {
  const { machine: name, length, workers, engine } = scenario
  const costs = engine === 'pull' ? PULL : NATIVE
  return SEEDS.map((seed) => {
    const items = load(scenario, seed)
    const machine = new Machine(name, workers, items, seed)
    return simulatePull({ load: items, machine, workers, costs, rule: newRule(length, workers) }).makespanNs
  })
}

function playAuto({ engine, machine: name, length, workers }: Scenario, load: Workload, seed: number): number {
  const machine = new Machine(name, workers, load, seed)
  if (engine === 'pull' || engine === 'native') {
    const rule = new LedgerClaims(length, new AutoChunks({ workers, engine }))
    return simulatePull({ load, machine, workers, costs: engine === 'pull' ? PULL : NATIVE, rule }).makespanNs
  }
  const chunks = new AutoChunks({ workers, engine: 'push' })
  return simulate({ load, machine, workers, chunks, costs: engine === 'push' ? PUSH : PUSH_BOXED }).makespanNs
}

/** The best that a fixed chunksize does, by this simulator: the mean of the seeds. */
export function bestNs(scenario: Scenario): number {
  const { engine, machine: name, length, workers } = scenario
  const loads = SEEDS.map((seed) => load(scenario, seed))
  const mean = (play: (load: Workload, machine: Machine) => number): number =>
    SEEDS.reduce((sum, seed) => {
      const load = loads[seed] as Workload
      return sum + play(load, new Machine(name, workers, load, seed))
    }, 0) / SEEDS.length
  if (engine === 'pull' || engine === 'native') {
    const costs = engine === 'pull' ? PULL : NATIVE
    return bestFixedNs({
      length,
      workers,
      inFlight: [1],
      leastNs: (chunks) => Math.max(chunks * costs.atomic, (chunks * costs.own) / workers),
      meanNs: (chunksize) =>
        mean((load, machine) => {
          const rule = fixedClaims(length, chunksize)
          return simulatePull({ load, machine, workers, costs, rule }).makespanNs
        }),
    })
  }
  const costs = engine === 'push' ? PUSH : PUSH_BOXED
  return bestFixedNs({
    length,
    workers,
    inFlight: [1, 2],
    leastNs: (chunks) =>
      Math.max(chunks * (costs.receive + costs.send), (chunks * (costs.unpack + costs.answer)) / workers),
    meanNs: (chunksize, inFlight) =>
      mean((load, machine) => simulate({ load, machine, workers, chunks: { chunksize, inFlight }, costs }).makespanNs),
  })
}

/** By how much longer than the best: 0.1 is a tenth. */
export function regret(ns: readonly number[], best: number): number {
  return average(ns) / best - 1
}

export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
