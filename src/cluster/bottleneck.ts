import type { Gate, RunFacts } from './tally.ts'

/** What a run would have been faster without. */
export type Bottleneck = 'hosts' | 'rows' | 'chunks' | 'submitter' | 'broker' | 'reader' | 'input'

/** Slots that work so much of their time are what there is: the rest is starting, and the last chunks. */
const WELL_USED = 0.8
/** A thread that is busy so much of the time answers late. */
const BUSY = 0.8
/** A way of two milliseconds is a tenth of such a chunk. */
const SHORT_MS = 20
const FULL = 0.25
const DEAF = 0.5

/** What slowed a run down most; undefined: nothing of it was sent, or it took no time. */
export function bottleneckOf(facts: RunFacts): Bottleneck | undefined {
  const { ms, chunks, deafMs, fullMs, slotMs, workMs, idleMs } = facts
  if (chunks === 0 || ms <= 0) return undefined
  if (deafMs > DEAF * ms) return 'hosts'
  if (fullMs > FULL * ms) return 'broker'
  if (workMs >= WELL_USED * slotMs) return 'hosts'
  const [gate, lostMs] = largest(idleMs)
  if (lostMs > wayMs(facts)) return gate === 'window' ? 'hosts' : gate // of 'window': they worked for other runs
  if (workMs / chunks < SHORT_MS) return 'chunks'
  return busyShare(facts) >= BUSY ? 'submitter' : 'broker'
}

/** The same in a sentence, with the figures that say so, and what to do. */
export function sayBottleneck(facts: RunFacts): string | undefined {
  const bottleneck = bottleneckOf(facts)
  if (bottleneck === undefined) return undefined
  const { again } = facts
  const lost = again === 0 ? '' : `; ${count(again, 'chunk was', 'chunks were')} lost on the way, and went once more`
  return `${bottleneck}: ${SENTENCES[bottleneck](facts)}${lost}`
}

const SENTENCES: Readonly<Record<Bottleneck, (facts: RunFacts) => string>> = {
  hosts(facts) {
    const { ms, deafMs, slots, idleMs } = facts
    if (deafMs > DEAF * ms) return `none was heard for ${inMs(deafMs)} of ${inMs(ms)}`
    if (usedShare(facts) < WELL_USED && idleMs.window > 0) return 'they worked for other maps and calls too'
    return `${count(slots, 'slot', 'slots')} worked ${percent(usedShare(facts))} of the time; with more of them it is faster`
  },
  rows(facts) {
    const { rows, chunks, slots } = facts
    const way = rows > chunks ? 'smaller chunks would share them better' : 'fewer slots would do'
    return `${count(rows, 'row', 'rows')} in ${count(chunks, 'chunk', 'chunks')} kept ${count(slots, 'slot', 'slots')} busy ${percent(usedShare(facts))} of the time; ${way}`
  },
  chunks(facts) {
    const { workMs, chunks } = facts
    return `of ${inMs(workMs / chunks)} each, with ${inMs(wayMs(facts) / chunks)} of a slot lost beside it; larger ones, or chunksize 'auto', lose less`
  },
  submitter(facts) {
    const [busy, own] = [busyShare(facts), facts.ownMs / facts.ms]
    const way =
      own < busy / 2
        ? 'results wait for what else that thread does'
        : 'chunks that last longer relieve it, or a second process for a part of the rows'
    return `its thread was busy ${percent(busy)} of the time, ${percent(own)} with packing and reading; ${way}`
  },
  broker(facts) {
    const { ms, fullMs, workMs, chunks } = facts
    if (fullMs > FULL * ms)
      return `it had no room for tasks ${percent(fullMs / ms)} of the time; too many programs share the pool, use another`
    return `chunks of ${inMs(workMs / chunks)} lost ${inMs(wayMs(facts) / chunks)} of a slot each on their way, with the thread of the caller busy ${percent(busyShare(facts))} of the time; look at the broker, the network, and the load of the hosts`
  },
  reader: (facts) =>
    `results were not read as fast as they came, so that slots stood ${percent(facts.idleMs.reader / facts.slotMs)} of their time; read faster, or raise buffersize`,
  input: (facts) =>
    `rows did not come as fast as slots wanted them, which stood ${percent(facts.idleMs.input / facts.slotMs)} of their time`,
}

/** Slot time in which a chunk was out, and in no function: on its way, or before a thread that had no time. */
function wayMs({ slotMs, workMs, idleMs }: RunFacts): number {
  const idle = Object.values(idleMs).reduce((sum, ms) => sum + ms, 0)
  return Math.max(0, slotMs - workMs - idle)
}

/** Share of the slots' time that went into the function, 0 to 1. */
export function usedShare({ slotMs, workMs }: RunFacts): number {
  return slotMs > 0 ? workMs / slotMs : 0
}

function busyShare({ ms, ownMs, activeMs }: RunFacts): number {
  return Math.min(1, Math.max(ownMs, activeMs) / ms)
}

function largest(idleMs: RunFacts['idleMs']): [gate: Gate, ms: number] {
  const all = Object.entries(idleMs) as [Gate, number][]
  return all.reduce((best, each) => (each[1] > best[1] ? each : best))
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}

function inMs(ms: number): string {
  return ms < 10
    ? `${Number(ms.toPrecision(2))} ms`
    : ms < 10_000
      ? `${Math.round(ms)} ms`
      : `${Math.round(ms / 1000)} s`
}

function count(n: number, one: string, more: string): string {
  const whole = Math.round(n)
  return `${whole.toLocaleString('en')} ${whole === 1 ? one : more}`
}
