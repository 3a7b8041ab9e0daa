import { describe, expect, it } from 'vitest'
import type { Configuration, Run, TuneEngine } from '../../src/tune/result.ts'
import { seededRandom } from '../../src/tune/statistics.ts'
import { type Findings, judge } from '../../src/tune/verdict.ts'

const ITEMS = 8000

/** What a pool was measured to take, by chunksize, each with so much noise. */
interface Measured {
  readonly engine?: TuneEngine
  readonly workers?: number
  readonly chunksize: number | 'auto'
  readonly ms: number
  readonly rounds?: number
  readonly run?: Partial<Run>
  readonly mainShare?: number
}

interface Machine {
  readonly noise?: number
  readonly plainMs?: number
  readonly kind?: Findings['kind']
  readonly objective?: Findings['objective']
  readonly seed?: number
  readonly items?: number
}

function findings(measured: readonly Measured[], machine: Machine = {}): Findings {
  const { noise = 0.01, plainMs, kind = 'function', objective = 'makespan', seed = 1, items = ITEMS } = machine
  const random = seededRandom(seed)
  const disturbed = (ms: number): number => ms * (1 + noise * (2 * random() - 1))
  const most = Math.max(...measured.map(({ rounds = 15 }) => rounds))
  const configurations = measured.map(({ engine = 'threads', workers = 2, chunksize }): Configuration => {
    return { engine, workers, chunksize, items, label: String(chunksize) }
  })
  const runs = Array.from({ length: most }, (_, round) =>
    measured.flatMap(({ ms, rounds = 15, run = {} }, configuration): Run[] => {
      if (round >= rounds) return []
      const makespanMs = disturbed(ms)
      const rest = { heldBack: 0, chunks: 20, givenBack: 0, utilisation: 0.95 }
      return [
        { round, configuration, makespanMs, firstMs: makespanMs / 10, p95stallMs: makespanMs / 5, ...rest, ...run },
      ]
    }),
  ).flat()
  return {
    objective,
    kind,
    items,
    inputs: 1,
    usual: { engine: configurations[0]?.engine ?? 'threads', workers: configurations[0]?.workers ?? 2 },
    configurations,
    runs,
    plainMs: plainMs === undefined ? [] : Array.from({ length: most }, () => disturbed(plainMs)),
    mainShares: measured.map(({ mainShare = 0.1 }) => mainShare),
  }
}

const SWEEP: readonly Measured[] = [
  { chunksize: 'auto', ms: 10 },
  { chunksize: 1, ms: 30, rounds: 3 },
  { chunksize: 64, ms: 10 },
  { chunksize: 128, ms: 10.05 },
  { chunksize: 256, ms: 10.1 },
  { chunksize: 512, ms: 14, rounds: 6 },
]

describe('a verdict', () => {
  it('leaves chunksize at auto where that is as quick', () => {
    const verdict = judge(findings(SWEEP, { plainMs: 19 }))
    expect(verdict).toMatchObject({ advice: 'auto', option: null, auto: 0, boundBy: 'compute' })
    expect(verdict.sentence).toMatch(/^auto takes 9\.\d+ ms|^auto takes 10(\.\d+)? ms/)
    expect(verdict.sentence).toContain('leave chunksize at auto.')
    expect(verdict.regret?.low).toBeLessThan(0.02)
    expect(verdict.noiseFloor).toBeLessThan(0.03)
  })

  it('takes the middle of the valley, not its bottom, which is chance', () => {
    expect(judge(findings(SWEEP, { noise: 0 })).best).toBe(3)
  })

  it('gives the option to paste where a fixed size is quicker beyond the noise', () => {
    const verdict = judge(findings([{ chunksize: 'auto', ms: 12.5 }, ...SWEEP.slice(1)]))
    expect(verdict).toMatchObject({ advice: 'chunksize', option: '{ chunksize: 128 }', best: 3 })
    expect(verdict.sentence).toMatch(
      /^chunksize 128 takes .* auto 12\.\d ms, 2\d % \[.*\] more: use \{ chunksize: 128 \}\./,
    )
    expect(verdict.regret?.median).toBeCloseTo(0.244, 1)
  })

  it('claims nothing that is not worth an option', () => {
    expect(judge(findings([{ chunksize: 'auto', ms: 10.4 }, ...SWEEP.slice(1)], { noise: 0 })).advice).toBe('auto')
  })

  it('is the same in nine of ten repeats', () => {
    for (const [autoMs, advice] of [
      [10, 'auto'],
      [13, 'chunksize'],
    ] as const) {
      const all = Array.from({ length: 40 }, (_, seed) =>
        judge(findings([{ chunksize: 'auto', ms: autoMs }, ...SWEEP.slice(1)], { noise: 0.06, seed })),
      )
      expect(all.filter((verdict) => verdict.advice === advice).length).toBeGreaterThanOrEqual(36)
    }
  })

  it('says that nothing can be told where the machine is too noisy', () => {
    const verdict = judge(findings(SWEEP, { noise: 0.9 }))
    expect(verdict).toMatchObject({ advice: 'noisy', option: null })
    expect(verdict.sentence).toMatch(/^Nothing can be told: .*Close other programs, or give a larger --budget\.$/)
  })

  it('says that nothing can be told of too few rounds', () => {
    const verdict = judge(findings(SWEEP.map((each) => ({ ...each, rounds: 2 }))))
    expect(verdict).toMatchObject({ advice: 'noisy', regret: null })
    expect(verdict.sentence).toContain('Nothing can be told of 2 rounds')
  })

  it('sends to a plain loop where that is as quick', () => {
    const verdict = judge(findings(SWEEP, { plainMs: 8 }))
    expect(verdict).toMatchObject({ advice: 'plain', option: null })
    expect(verdict.sentence).toMatch(/^A plain loop takes (8|7\.9\d) ms, a pool .*: call the function in a loop/)
    expect(judge(findings(SWEEP, { plainMs: 14 })).advice).toBe('auto')
  })

  it('names another executor that is quicker', () => {
    const other = (engine: TuneEngine, ms: number): Measured[] => [
      { engine, chunksize: 'auto', ms },
      { engine, chunksize: 64, ms: ms * 1.01 },
    ]
    const processes = judge(findings([...SWEEP, ...other('processes', 6)]))
    expect(processes).toMatchObject({
      advice: 'engine',
      option: 'new ProcessPoolExecutor({ maxWorkers: 2 })',
      auto: 6,
      best: 7,
    })
    expect(judge(findings([...SWEEP, ...other('processes', 9.5)])).advice).toBe('auto')
    const kernel = findings([...other('wasm', 10), ...other('native', 4)], { kind: 'kernel' })
    expect(judge(kernel)).toMatchObject({ advice: 'engine', option: "{ engine: 'native' }" })
  })

  it('names fewer workers that are quicker', () => {
    const alone = [
      { workers: 1, chunksize: 'auto', ms: 5 },
      { workers: 1, chunksize: 64, ms: 5.2 },
    ] as const
    expect(judge(findings([...SWEEP, ...alone])).option).toBe('{ maxWorkers: 1 }')
  })

  it('judges what the objective is', () => {
    const late = SWEEP.map((each) => ({ ...each, run: { firstMs: each.chunksize === 'auto' ? 3 : 1 } }))
    expect(judge(findings(late, { objective: 'first', plainMs: 1 }))).toMatchObject({
      advice: 'chunksize',
      boundBy: null,
    })
    expect(judge(findings(late)).advice).toBe('auto')
  })

  it('has an answer without auto, and with nothing else', () => {
    const fixed = judge(findings(SWEEP.slice(1)))
    expect(fixed).toMatchObject({ advice: 'chunksize', auto: null, regret: null, option: '{ chunksize: 128 }' })
    const only = judge(findings(SWEEP.slice(0, 1)))
    expect(only).toMatchObject({ advice: 'auto', best: 0, auto: 0, regret: null })
    expect(only.sentence).toContain('there is no other chunksize')
  })

  it.each([
    ['handing out', { mainShare: 0.95, run: { utilisation: 0.3, chunks: 1000 } }, {}],
    ['transfer', { mainShare: 0.95, run: { utilisation: 0.3, chunks: 10 } }, {}],
    ['memory', { mainShare: 0.1 }, { kind: 'kernel', items: 1e7 }],
    [null, { run: { utilisation: 0.4 } }, {}],
  ] as const)('says that the work is bound by %s', (boundBy, measured, machine) => {
    const verdict = judge(
      findings(
        SWEEP.map((each) => ({ ...each, ...measured })),
        { plainMs: 12, ...machine },
      ),
    )
    expect(verdict.boundBy).toBe(boundBy)
    if (boundBy !== null) expect(verdict.sentence).toContain(`bound by ${boundBy === 'transfer' ? 'copying' : boundBy}`)
  })
})
