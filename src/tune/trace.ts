import type { ChunkLine } from '../observe/chunk-line.ts'
import type { LoggedMap } from './chunk-log.ts'

/** An event of the Trace Event Format, as far as it is used here. `ts` and `dur` are whole nanoseconds, as microseconds. */
export interface TraceEvent {
  readonly name: string
  readonly ph: 'M' | 'X' | 'C'
  readonly pid: number
  readonly tid: number
  readonly ts?: number
  readonly dur?: number
  readonly cat?: string
  readonly args: Readonly<Record<string, string | number | null>>
}

/** What Perfetto and Chrome open. */
export interface TraceFile {
  readonly displayTimeUnit: 'ms'
  readonly otherData: Readonly<Record<string, string>>
  readonly traceEvents: readonly TraceEvent[]
}

/**
 * Turns maps of a chunk log into a trace for Perfetto: a process a map, a lane a worker, a slice a chunk, and counters of busy workers and of rows done.
 *
 * Each map begins at 0, since the log does not say when it was called. Slices of a lane never overlap: where the log's times do, by the error of a clock, the earlier slice is cut.
 * Source: "Trace Event Format", Google, 2016; events M, X and C.
 * Cost:   O(n log n) in the chunks
 */
export function traceOf(maps: readonly LoggedMap[]): TraceFile {
  const timed: TraceEvent[] = []
  const named: TraceEvent[] = []
  maps.forEach((map, i) => {
    const pid = i + 1 // 0 is the idle process to those who read it, and thread 0 the idle one
    named.push(metadata('process_name', pid, 0, { name: `map ${map.map}: ${map.fn} (${map.engine})` }))
    named.push(metadata('process_sort_index', pid, 0, { sort_index: i }))
    for (const worker of map.workers) {
      named.push(metadata('thread_name', pid, worker + 1, { name: `worker ${worker}` }))
      named.push(metadata('thread_sort_index', pid, worker + 1, { sort_index: worker }))
    }
    const slices = map.workers.flatMap((worker) =>
      slicesOf(
        map.chunks.filter((chunk) => chunk.worker === worker),
        pid,
      ),
    )
    timed.push(...slices, ...countersOf(slices, pid))
  })
  timed.sort((a, b) => a.ts! - b.ts! || a.pid - b.pid || a.tid - b.tid)
  return {
    displayTimeUnit: 'ms',
    otherData: { made_by: 'lanewise trace', times: 'each map begins at 0' },
    traceEvents: [...named, ...timed],
  }
}

function metadata(name: string, pid: number, tid: number, args: TraceEvent['args']): TraceEvent {
  return { name, ph: 'M', pid, tid, args }
}

/** Of one worker, whose chunks come in the order in which they began. */
function slicesOf(chunks: readonly ChunkLine[], pid: number): TraceEvent[] {
  return chunks.map((chunk, i) => {
    const { worker, start, end, done, stopMs, atMs, execMs } = chunk
    const ts = nanoseconds(chunk.beginMs)
    const next = chunks[i + 1]
    const until = next === undefined ? Number.POSITIVE_INFINITY : nanoseconds(next.beginMs)
    const dur = Math.max(0, Math.min(nanoseconds(chunk.beginMs + execMs), until) - ts)
    const back = end - start - done
    return {
      name: back > 0 ? `${start} to ${end}, ${back} given back` : `${start} to ${end}`,
      cat: back > 0 ? 'chunk,returned' : 'chunk',
      ph: 'X',
      pid,
      tid: worker + 1,
      ts: ts / 1000,
      dur: dur / 1000,
      args: { rows: end - start, done, exec_ms: execMs, answer_ms: atMs, stop_ms: stopMs },
    }
  })
}

/** Whole, so that sums and comparisons are exact. */
function nanoseconds(ms: number): number {
  return Math.round(ms * 1e6)
}

/** How many workers are busy and how many rows are done, whenever that changes. */
function countersOf(slices: readonly TraceEvent[], pid: number): TraceEvent[] {
  const changes = new Map<number, { busy: number; done: number }>()
  const change = (ts: number, busy: number, done: number): void => {
    const before = changes.get(ts) ?? { busy: 0, done: 0 }
    changes.set(ts, { busy: before.busy + busy, done: before.done + done })
  }
  for (const { ts, dur, args } of slices) {
    change(ts!, 1, 0)
    change(endOf(ts!, dur!), -1, args.done as number)
  }
  let [busy, done] = [0, 0]
  return [...changes]
    .sort(([a], [b]) => a - b)
    .flatMap(([ts, step]) => {
      busy += step.busy
      done += step.done
      return [counter('busy workers', ts, pid, { workers: busy }), counter('rows done', ts, pid, { rows: done })]
    })
}

function endOf(ts: number, dur: number): number {
  return Math.round((ts + dur) * 1000) / 1000
}

function counter(name: string, ts: number, pid: number, args: TraceEvent['args']): TraceEvent {
  return { name, ph: 'C', pid, tid: 0, ts, args }
}
