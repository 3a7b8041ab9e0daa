import { median } from 'd3-array'
import type { LoggedMap } from './chunk-log.ts'
import { adviceFor } from './explain/advice.ts'
import { lanesOf, rowsOf, type Spent, spentOf } from './explain/idle.ts'
import { isAutoSized, plannedMs, type RegimeName, regimesOf, stopFloor, surprise } from './explain/regimes.ts'
import { count, digits, duration, percent, plural } from './numerals.ts'

/** What the scheduler did in one map, in words. */
export interface Explanation {
  readonly map: number
  readonly fn: string
  readonly engine: string
  /** One line: what was mapped, how long it took. */
  readonly heading: string
  /** A sentence each, in the order in which it happened. */
  readonly sentences: readonly string[]
  readonly advice: string
  readonly spent: Spent
}

/** A chunk was misjudged that took more than twice, or less than half, of what was planned. */
const MISJUDGED = 2

/** A worker whose rows cost so much more than the mean is slow; less is the rows' own doing. */
const SLOW = 1.1

/** Tells what the scheduler did in a map of a chunk log: regimes, surprises, returns, waiting, the slowest worker, and one advice. */
export function explain(map: LoggedMap): Explanation {
  const { chunks, workers, makespanMs } = map
  const spent = spentOf(map)
  const rows = rowsOf(chunks)
  return {
    map: map.map,
    fn: map.fn,
    engine: map.engine,
    heading: `map ${map.map}: ${map.fn === '' ? 'a function without a name' : map.fn} on ${plural(workers.length, 'worker')} (${map.engine}): ${plural(rows, 'row')} in ${plural(chunks.length, 'chunk')}, ${duration(makespanMs)}`,
    sentences: [...sizes(map), ...returns(map), waiting(spent), ...serial(spent), slowest(map), ...reckoned(map)],
    advice: adviceFor(map, spent),
    spent,
  }
}

function sizes({ chunks }: LoggedMap): string[] {
  const isAuto = isAutoSized(chunks)
  const largest = chunks.reduce((most, { start, end }) => Math.max(most, end - start), 0)
  if (isAuto === undefined) return ['There is a single chunk of one row: nothing was left to be sized.']
  if (!isAuto) {
    const times = chunks.map(({ execMs }) => execMs)
    return [
      `Chunks were of a fixed size, ${plural(largest, 'row')}: half of them took less than ${duration(median(times) ?? 0)}, the longest ${duration(longestOf(chunks))}.`,
    ]
  }
  return [...regimesOf(chunks).map(({ name, chunks: own }) => REGIMES[name](own)), ...mispredictions(chunks)]
}

function longestOf(chunks: LoggedMap['chunks']): number {
  return chunks.reduce((most, { execMs }) => Math.max(most, execMs), 0)
}

const REGIMES: Readonly<Record<RegimeName, (chunks: LoggedMap['chunks']) => string>> = {
  probe: (chunks) =>
    `Probe: ${plural(chunks.length, 'chunk')} of ${rangeOf(chunks)}, until the first answer told that a row costs ${duration(costOf(chunks))}.`,
  body: (chunks) =>
    `Body: ${plural(chunks.length, 'chunk')} of ${rangeOf(chunks)}, planned to last ${duration(median(chunks, (chunk) => plannedMs(chunk) ?? 0) ?? 0)}; they took ${duration(median(chunks, ({ execMs }) => execMs) ?? 0)} (median).`,
  taper: (chunks) => {
    const [first, last] = [duration(plannedMs(chunks[0]!) ?? 0), duration(shortestPlan(chunks))]
    const plans = first === last ? `planned to last ${first}` : `planned ever shorter, from ${first} to ${last}`
    return `Taper: ${plural(chunks.length, 'chunk')} of ${rangeOf(chunks)}, ${plans}, so that all workers end together.`
  },
}

function sizeOf({ start, end }: LoggedMap['chunks'][number]): number {
  return end - start
}

function shortestPlan(chunks: LoggedMap['chunks']): number {
  return chunks.reduce((least, chunk) => Math.min(least, plannedMs(chunk) ?? least), Number.POSITIVE_INFINITY)
}

function costOf(chunks: LoggedMap['chunks']): number {
  return chunks.reduce((sum, { execMs }) => sum + execMs, 0) / Math.max(1, rowsOf(chunks))
}

function rangeOf(chunks: LoggedMap['chunks']): string {
  const least = chunks.reduce((least, chunk) => Math.min(least, sizeOf(chunk)), Number.POSITIVE_INFINITY)
  const most = chunks.reduce((most, chunk) => Math.max(most, sizeOf(chunk)), 0)
  return least === most ? plural(most, 'row') : `${count(least)} to ${plural(most, 'row')}`
}

function mispredictions(chunks: LoggedMap['chunks']): string[] {
  const floorMs = stopFloor(chunks)
  const ratios = chunks.flatMap((chunk) => surprise(chunk, floorMs) ?? [])
  if (ratios.length === 0) return []
  const dear = ratios.filter((ratio) => ratio > MISJUDGED)
  const cheap = ratios.filter((ratio) => ratio < 1 / MISJUDGED)
  if (dear.length + cheap.length === 0) {
    return [`No chunk of ${count(ratios.length)} took more than twice or less than half of what was planned.`]
  }
  const worst = dear.length === 0 ? '' : `, the worst ${count(Math.max(...dear))} times as long`
  return [
    `Of ${plural(ratios.length, 'planned chunk')}, ${count(dear.length)} took more than twice as long as planned${worst}, and ${count(cheap.length)} less than half.`,
  ]
}

function returns({ chunks }: LoggedMap): string[] {
  const back = chunks.filter((chunk) => chunk.done < sizeOf(chunk))
  if (back.length === 0) return []
  const rows = back.reduce((sum, chunk) => sum + sizeOf(chunk) - chunk.done, 0)
  return [
    `${plural(back.length, 'chunk')} came back unfinished, with ${plural(rows, 'row')} that other chunks then had: the first at ${duration(back[0]!.beginMs + back[0]!.execMs)}.`,
  ]
}

function waiting({ busy, before, between, after, gapMs }: Spent): string {
  const parts = [
    `${percent(before)} before the first chunk`,
    `${percent(between)} between chunks${gapMs > 0 ? ` (${duration(gapMs)} each)` : ''}`,
    `${percent(after)} after the last`,
  ]
  return `Workers were busy for ${percent(busy)} of the time; they waited ${parts.join(', ')}.`
}

function serial({ speedup, serialShare, answerMs }: Spent): string[] {
  if (serialShare === null) return []
  const answers =
    answerMs === null ? '' : `; half of the answers were read within ${duration(answerMs)} of the end of their chunk`
  return [
    `All workers together did ${digits(speedup)} times what one does that never waits, as if ${percent(serialShare)} of the work were serial${answers}.`,
  ]
}

function slowest(map: LoggedMap): string {
  const lanes = lanesOf(map)
  const [slow] = lanes
  const last = lanes.reduce((a, b) => (b.endMs > a.endMs ? b : a))
  const ends = `Worker ${last.worker} was the last to end, at ${duration(last.endMs)}`
  if (lanes.length < 2 || slow === undefined || slow.slowness < SLOW) return `${ends}; no worker was slow.`
  const who = slow === last ? 'its' : `those of worker ${slow.worker}`
  return `${ends}; the dearest rows were ${who}${slow === last ? ' own' : ''}, ${above(slow.slowness)}.`
}

function above(slowness: number): string {
  return slowness < 2 ? `${percent(slowness - 1)} above the mean` : `${count(slowness)} times the mean`
}

function reckoned({ isReckoned }: LoggedMap): string[] {
  return isReckoned
    ? ['This log is of schema 1 and does not say when chunks began: waits are taken from the answers.']
    : []
}
