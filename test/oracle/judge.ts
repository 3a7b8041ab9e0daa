import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { comparable } from './compare.ts'
import { type OpenHosts, run, runOnHosts } from './run.ts'
import { readScenarios } from './scenario.ts'
import { isPythonOnly, kindsOf, wantedOfHosts, wantedTrace } from './want.ts'

/** Room for steps that hang, as CPython's did not: each is waited for. */
const LIMIT_MS = 120_000

/** The files of scenarios in a folder beside this one. */
export function scenarioFiles(folder: 'scenarios' | 'more'): string[] {
  const url = new URL(`./${folder}/`, import.meta.url)
  return readdirSync(url).map((name) => fileURLToPath(new URL(name, url)))
}

/** A test for each scenario of the files: it plays on every executor that fits, and each must show what is wanted. */
export function judge(files: readonly string[]): void {
  describe.each(files)('lanewise does what CPython did, or what was decided instead, in %s', (file) => {
    for (const recorded of readScenarios(file)) {
      const { scenario } = recorded
      it.skipIf(isPythonOnly(scenario))(
        `${scenario.id}: ${scenario.about}`,
        async () => {
          const { trace, from } = await wantedTrace(recorded)
          for (const kind of kindsOf(scenario)) {
            const seen = comparable(await run(scenario, kind), scenario, kind, "lanewise's")
            const wanted = comparable(trace, scenario, kind, "Python's")
            expect(seen, `on ${kind}; wanted is from ${from}`).toEqual(wanted)
          }
        },
        LIMIT_MS,
      )
    }
  })
}

/** A test for each scenario of the files, played on hosts. */
export function judgeHosts(files: readonly string[], open: OpenHosts): void {
  describe.each(files)('hosts do what CPython did, or what was decided instead, in %s', (file) => {
    for (const { scenario } of readScenarios(file)) {
      it.skipIf(isPythonOnly(scenario))(
        `${scenario.id}: ${scenario.about}`,
        async ({ skip }) => {
          const wanted = await wantedOfHosts(scenario)
          if ('why' in wanted) return skip(wanted.why)
          const seen = comparable(await runOnHosts(scenario, open), scenario, 'hosts', "lanewise's")
          expect(seen).toEqual(comparable(wanted.trace, scenario, 'hosts', "Python's"))
        },
        LIMIT_MS,
      )
    }
  })
}
