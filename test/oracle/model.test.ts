import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { comparable } from './compare.ts'
import { scenarioFiles } from './judge.ts'
import { type Recorded, readScenarios } from './scenario.ts'
import {
  isPythonOnly,
  isSameTrace,
  modelTrace,
  plain,
  readDecided,
  readDecidedOnHosts,
  wantedOfHosts,
  wantedTrace,
} from './want.ts'

const recorded = [...readFolder('scenarios'), ...readFolder('more')].filter(({ scenario }) => !isPythonOnly(scenario))

describe('the model of CPython', () => {
  it.each(recorded.map((each) => [each.scenario.id, each] as const))(
    'gives the recorded trace of %s',
    async (_, each) => {
      expect(plain(await modelTrace(each.scenario, 'CPython'))).toEqual(plain(each.expected))
    },
  )
})

describe('decided.jsonl', () => {
  const decided = readDecided()

  it('holds each scenario at which the model of lanewise parts from CPython, and no other', async () => {
    const parting: string[] = []
    for (const each of readFolder('scenarios')) {
      if (isPythonOnly(each.scenario)) continue
      const trace = await modelTrace(each.scenario, 'lanewise')
      const [ours, theirs] = [trace, each.expected].map((one) => comparable(one, each.scenario, 'threads', "Python's"))
      if (!isDeepStrictEqual(ours, theirs)) parting.push(each.scenario.id)
    }
    expect(parting.sort()).toEqual(decided.map(({ id }) => id).sort())
  })

  it.each(decided.map((each) => [each.id, each] as const))(
    'says of %s what the model says, and why',
    async (id, each) => {
      const source = recorded.find(({ scenario }) => scenario.id === id)
      expect(source).toBeDefined()
      const { scenario, expected } = source as Recorded
      expect(each.cpython).toEqual(plain(expected))
      expect(each.lanewise).toEqual(plain(await modelTrace(scenario, 'lanewise')))
      expect(each.why).toMatch(/\w/)
    },
  )
})

describe('decided-hosts.jsonl', () => {
  const decided = readDecidedOnHosts()

  it('holds each scenario at which hosts part from other executors, and no other', async () => {
    const parting: string[] = []
    for (const { scenario } of recorded) {
      const onHosts = await wantedOfHosts(scenario)
      if ('why' in onHosts) continue
      const here = await modelTrace(scenario, 'lanewise')
      const [theirs, ours] = [onHosts.trace, here].map((one) => comparable(one, scenario, 'hosts', "Python's"))
      if (!isDeepStrictEqual(theirs, ours)) parting.push(scenario.id)
    }
    expect(parting.sort()).toEqual(decided.map(({ id }) => id).sort())
  })

  it.each(decided.map((each) => [each.id, each] as const))(
    'says of %s what the model says, and why',
    async (id, { hosts, why }) => {
      const { scenario } = recorded.find((each) => each.scenario.id === id) as Recorded
      expect(plain(await modelTrace(scenario, 'lanewise', 'hosts'))).toEqual(hosts)
      expect(why).toMatch(/\w/)
    },
  )
})

describe('a scenario that is not ours', () => {
  const ours = recorded.find(({ scenario }) => scenario.id === 'proc-chunk-raises') as Recorded
  const renamed: Recorded = { ...ours, scenario: { ...ours.scenario, id: 'never-seen' } }

  it('is judged by the rules where they know it', async () => {
    const { trace, from } = await wantedTrace(renamed)
    expect(from).toBe('rules')
    expect(isSameTrace(trace, renamed.expected)).toBe(false)
    expect(trace).toEqual((await wantedTrace(ours)).trace)
  })

  it('is judged by its own trace where the model does not give that as CPython', async () => {
    const [first, ...others] = renamed.expected.steps
    const unknown = { ...renamed.expected, steps: [{ ...first, op: 'map', pulled: [99] }, ...others] }
    expect(await wantedTrace({ ...renamed, expected: unknown })).toEqual({ trace: unknown, from: 'CPython' })
  })
})

function readFolder(name: 'scenarios' | 'more'): Recorded[] {
  return scenarioFiles(name).flatMap(readScenarios)
}
