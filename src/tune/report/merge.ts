import { LanewiseError } from '../../errors.ts'
import { invariant } from '../../invariant.ts'
import { show } from '../../show.ts'
import type { TuneResult } from '../result.ts'

/** What must be alike for times to be set side by side, in words. */
const ALIKE: readonly (readonly [what: string, of: (result: TuneResult) => string | number])[] = [
  ['function', ({ subject }) => subject.name],
  ['objective', ({ objective }) => objective],
  ['processor', ({ environment }) => environment.cpu],
  ['number of cores', ({ environment }) => environment.cores],
]

/**
 * Puts results of one function on one machine together, such as those of several numbers of items. The verdict, the environment and the plain loop are those
 * of the first.
 *
 * Errors: LanewiseError (`ERR_LANEWISE_RESULT`) for results of different functions, objectives or machines. `names` are the files', for errors.
 */
export function mergeResults(results: readonly TuneResult[], names: readonly string[]): TuneResult {
  const [first] = results
  invariant(first !== undefined, 'a report is of one result or more')
  for (const [i, result] of results.entries()) {
    for (const [what, of] of ALIKE) {
      if (of(first) === of(result)) continue
      throw new LanewiseError(
        `${names[i]} cannot be put beside ${names[0]}: the ${what} is ${show(of(result))}, not ${show(of(first))}; make a report of each`,
        { code: 'ERR_LANEWISE_RESULT' },
      )
    }
  }
  let offset = 0
  const moved = results.map(({ configurations, runs, traces }) => {
    const by = offset
    offset += configurations.length
    const move = <T extends { readonly configuration: number }>(entry: T): T => ({
      ...entry,
      configuration: entry.configuration + by,
    })
    return { configurations, runs: runs.map(move), traces: traces.map(move) }
  })
  return {
    ...first,
    configurations: moved.flatMap(({ configurations }) => configurations),
    runs: moved.flatMap(({ runs }) => runs),
    traces: moved.flatMap(({ traces }) => traces),
  }
}
