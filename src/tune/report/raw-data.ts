import { jsonText } from '../chart/markup.ts'
import type { TuneResult } from '../result.ts'

/** A page is no larger, whatever came: larger ones are refused by mail, and slow on a phone. */
const MOST_BYTES = 400_000

/** What stands in the page as JSON: the result, and what of it was left out since it has no room. */
interface RawData {
  readonly leftOut: readonly string[]
  readonly result: TuneResult
}

/** The result as JSON for the page, as much of it as has room beside `pageBytes` of markup. */
export function rawData(result: TuneResult, pageBytes: number): string {
  const room = MOST_BYTES - pageBytes
  for (const data of choicesOf(result)) {
    const text = jsonText(data)
    if (Buffer.byteLength(text) <= room) return text
  }
  return 'null'
}

function* choicesOf(result: TuneResult): Generator<RawData> {
  yield { leftOut: [], result }
  yield { leftOut: ['traces'], result: { ...result, traces: [] } }
  const runs = result.runs.map((run) => ({ ...run, ...rounded(run) }))
  yield { leftOut: ['traces', 'digits of runs beyond the fourth'], result: { ...result, runs, traces: [] } }
  yield { leftOut: ['traces', 'runs'], result: { ...result, runs: [], traces: [] } }
  yield {
    leftOut: ['traces', 'runs', 'configurations'],
    result: { ...result, configurations: [], runs: [], traces: [] },
  }
}

function rounded(
  run: TuneResult['runs'][number],
): Pick<TuneResult['runs'][number], 'makespanMs' | 'firstMs' | 'p95stallMs' | 'utilisation'> {
  const four = (value: number): number => Number(value.toPrecision(4))
  return {
    makespanMs: four(run.makespanMs),
    firstMs: four(run.firstMs),
    p95stallMs: four(run.p95stallMs),
    utilisation: four(run.utilisation),
  }
}
