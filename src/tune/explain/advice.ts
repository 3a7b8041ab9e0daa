import type { LoggedMap } from '../chunk-log.ts'
import { count, duration, percent } from '../numerals.ts'
import { rowsOf, type Spent } from './idle.ts'
import { isAutoSized } from './regimes.ts'

/** Below this, a message there and back costs more than the map: 30 µs each, and a worker that must wake. */
const TOO_SHORT_MS = 1

/** Workers that wait for more than this share of their time are worth a word. Less is the price of having several. */
const MUCH = 0.15

/** One row that lasts for more than this share of the makespan decides how long that is. */
const DEAR_ROW = 0.5

/** More rows than this share given back: costs jump. */
const MANY_RETURNS = 0.1

/** The one thing to do about a map, in a sentence; the worst is said, and where all is well that. */
export function adviceFor(map: LoggedMap, spent: Spent): string {
  const { chunks, makespanMs, workers } = map
  const busyMs = chunks.reduce((sum, { execMs }) => sum + execMs, 0)
  const isAuto = isAutoSized(chunks) !== false
  const dearest = chunks.reduce((a, b) => (b.end - b.start === 1 && b.execMs > a.execMs ? b : a), {
    ...chunks[0]!,
    execMs: 0,
  })
  if (busyMs < TOO_SHORT_MS) {
    return `All rows together are ${duration(busyMs)} of work: a plain loop needs no more, so leave the pool out, or give it more rows at once.`
  }
  if (workers.length === 1) {
    return 'One worker had all the work: the makespan falls only with more of them (maxWorkers) or with cheaper rows.'
  }
  if (dearest.execMs > makespanMs * DEAR_ROW) {
    return `Row ${count(dearest.start)} alone takes ${duration(dearest.execMs)} of the ${duration(makespanMs)}: no chunksize makes that shorter; split the row, or put it first.`
  }
  const most = worstOf(spent)
  if (spent[most] > MUCH) return WAITS[most](map, spent, isAuto)
  const back = chunks.reduce((sum, { start, end, done }) => sum + end - start - done, 0)
  if (back > MANY_RETURNS * rowsOf(chunks)) {
    return `${count(back)} rows came back from chunks that overran: costs jump from one row to the next; where the order of the input is free, mix dear and cheap rows.`
  }
  return isAuto
    ? 'Leave chunksize at auto: the workers were busy to the end.'
    : 'This chunksize does well here; auto would do as well without a number to keep up to date.'
}

/** Answers that take this share of the wait between chunks are what it is for. */
const LATE_ANSWERS = 0.5

type Wait = 'before' | 'between' | 'after'

function worstOf(spent: Spent): Wait {
  const waits: readonly Wait[] = ['before', 'between', 'after']
  return waits.reduce((a, b) => (spent[b] > spent[a] ? b : a))
}

/** What to do where workers wait, by when they do. */
const WAITS: Readonly<Record<Wait, (map: LoggedMap, spent: Spent, isAuto: boolean) => string>> = {
  before: (_, { before }) =>
    `Workers wait ${percent(before)} of their time for their first chunk: start them before the map is called, with a call or a small map, and keep the pool for the next one.`,
  between: ({ chunks }, { between, gapMs, answerMs }, isAuto) => {
    if (isAuto && answerMs !== null && answerMs > gapMs * LATE_ANSWERS) {
      return `Workers wait ${percent(between)} of their time between chunks, most of it until their answer is read: the thread that hands out has something else to do; do less in the loop that reads the results, or in other callbacks there.`
    }
    if (isAuto) {
      return `Workers wait ${percent(between)} of their time between chunks: the rows are costly to send, or other programs want the processors; send arrays of numbers, or give the map more work a row.`
    }
    const chunkMs = chunks.reduce((sum, { execMs }) => sum + execMs, 0) / chunks.length
    return `Workers wait ${percent(between)} of their time between chunks of ${duration(chunkMs)}: leave chunksize out, or take one about ${count(Math.ceil((10 * gapMs) / chunkMs))} times as large.`
  },
  after: (_, { after }, isAuto) =>
    isAuto
      ? `Workers wait ${percent(after)} of their time for the last rows: give the map more rows at once, or put the dear ones first.`
      : `Workers wait ${percent(after)} of their time for the last chunks: leave chunksize out (auto shrinks them towards the end), or take a smaller one.`,
}
