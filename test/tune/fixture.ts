import { AutoChunks } from '../../src/chunks/auto.ts'
import type { ChunkLine } from '../../src/observe/chunk-line.ts'
import type { Configuration, Run, Trace, TuneEngine, TuneResult } from '../../src/tune/result.ts'

/** What Node's worker threads cost: a gap of 29 µs for the worker, 8 µs of the main thread a chunk. */
const GAP_MS = 0.029
const SERIAL_MS = 0.008

/** Numbers in [0, 1) that are the same on every machine. Source: mulberry32, Tommy Ettinger, public domain. */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Running totals of what `items` items cost in ms: noisy, and a twentieth of them in one place is 12 times dearer. */
function totals(items: number, meanMs: number, random: () => number): Float64Array {
  const total = new Float64Array(items + 1)
  for (let i = 0; i < items; i++) {
    const isDear = i >= items * 0.7 && i < items * 0.75
    total[i + 1] = total[i]! + meanMs * (isDear ? 12 : 0.65) * -Math.log(1 - random() * 0.999)
  }
  return total
}

interface Played {
  readonly chunks: ChunkLine[]
  readonly delivered: (readonly [number, number])[]
  readonly run: Omit<Run, 'round' | 'configuration'>
}

/** Plays one map on the push engine by the laws of chunk sizes: a queue, a gap a chunk, a main thread that does one thing at a time. */
function play(configuration: Configuration, total: Float64Array, random: () => number): Played {
  const { workers, chunksize, items, engine } = configuration
  const auto = chunksize === 'auto' ? new AutoChunks({ workers, engine: 'push' }) : undefined
  const returned: { start: number; end: number }[] = []
  const chunks: ChunkLine[] = []
  const freeAt = Array.from({ length: workers }, (_, w) => 0.05 + w * 0.02)
  const pending: { worker: number; line: ChunkLine }[] = []
  let mainFree = 0
  let next = 0
  const remaining = (): number => items - next + returned.reduce((sum, { start, end }) => sum + end - start, 0)
  const send = (worker: number): void => {
    const rest = returned.pop()
    const from = rest?.start ?? next
    const most = rest === undefined ? items - next : rest.end - rest.start
    if (most <= 0) return
    const sized = auto?.next(worker, remaining(), items) ?? {
      items: chunksize as number,
      stopMs: Number.POSITIVE_INFINITY,
    }
    const size = Math.min(sized.items, most)
    if (rest === undefined) next += size
    else if (size < most) returned.push({ start: from + size, end: rest.end })
    mainFree = Math.max(mainFree, freeAt[worker]!) + SERIAL_MS
    const beginMs = Math.max(freeAt[worker]! + GAP_MS, mainFree)
    let done = size
    if (total[from + size]! - total[from]! > sized.stopMs) {
      done = 1
      while (total[from + done]! - total[from]! < sized.stopMs) done++
    }
    const execMs = (total[from + done]! - total[from]!) * (0.97 + 0.06 * random())
    const atMs = beginMs + execMs + 0.012
    const stopMs = Number.isFinite(sized.stopMs) ? sized.stopMs : null
    pending.push({
      worker,
      line: {
        schema: 2,
        map: 0,
        fn: 'score',
        engine,
        worker,
        start: from,
        end: from + size,
        done,
        beginMs,
        execMs,
        atMs,
        stopMs,
      },
    })
  }
  for (let worker = 0; worker < workers; worker++) send(worker)
  while (pending.length > 0) {
    let least = 0
    pending.forEach(({ line }, i) => {
      if (line.atMs < pending[least]!.line.atMs) least = i
    })
    const { worker, line } = pending.splice(least, 1)[0]!
    chunks.push(line)
    auto?.report(worker, line.done, line.execMs)
    if (line.done < line.end - line.start) returned.push({ start: line.start + line.done, end: line.end })
    freeAt[worker] = line.beginMs + line.execMs
    send(worker)
  }
  return { chunks, ...delivery(chunks, items, workers) }
}

/** What a reader of results in order sees. */
function delivery(chunks: readonly ChunkLine[], items: number, workers: number): Pick<Played, 'delivered' | 'run'> {
  const ends = new Map<number, number>()
  const delivered: [number, number][] = []
  const stalls: number[] = []
  let [ready, there, heldBack] = [0, 0, 0]
  for (const { start, done, atMs } of chunks) {
    ends.set(start, start + done)
    there += done
    const before = ready
    for (let end = ends.get(ready); end !== undefined && end > ready; end = ends.get(ready)) ready = end
    heldBack = Math.max(heldBack, there - ready)
    if (ready === before) continue
    stalls.push(atMs - (delivered.at(-1)?.[0] ?? 0))
    delivered.push([atMs, ready])
  }
  if (ready !== items) throw new Error(`the fixture delivered ${ready} of ${items} rows`)
  stalls.sort((a, b) => a - b)
  const makespanMs = delivered.at(-1)?.[0] ?? 0
  return {
    delivered,
    run: {
      makespanMs,
      firstMs: delivered[0]![0],
      p95stallMs: stalls[Math.floor(stalls.length * 0.95)] ?? 0,
      heldBack,
      chunks: chunks.length,
      givenBack: chunks.reduce((sum, { start, end, done }) => sum + end - start - done, 0),
      utilisation: chunks.reduce((sum, { execMs }) => sum + execMs, 0) / (makespanMs * workers),
    },
  }
}

export interface FixtureOptions {
  readonly seed?: number
  readonly items?: number
  readonly workers?: number
  readonly meanMs?: number
  readonly rounds?: number
  readonly engines?: readonly TuneEngine[]
  /** Beside `workers`, for the figure of scaling. */
  readonly moreWorkers?: readonly number[]
  /** Beside `items`, for the heat map. */
  readonly moreItems?: readonly number[]
}

/** The chunksizes that `tune` tries: 1, then steps of sqrt 2 up to N/P, and the defaults. */
function sizesOf(items: number, workers: number): { chunksize: number; label: string }[] {
  const defaults = new Map([
    [Math.ceil(items / (4 * workers)), 'N/4P'],
    [Math.ceil(items / workers), 'N/P'],
  ])
  const sizes = new Set([1, ...defaults.keys()])
  for (let size = 1; size < items / workers; size *= Math.SQRT2) sizes.add(Math.round(size))
  return [...sizes]
    .sort((a, b) => a - b)
    .map((chunksize) => ({ chunksize, label: defaults.get(chunksize) ?? String(chunksize) }))
}

/** A result as `tune` makes one, with noise; the same for the same options. */
export function fixture(options: FixtureOptions = {}): TuneResult {
  const { seed = 1, items = 6000, workers = 4, meanMs = 0.02, rounds = 7, engines = ['threads'] } = options
  const random = randomOf(seed)
  const configurations: Configuration[] = []
  for (const engine of engines) {
    for (const [count, size] of [
      [workers, items] as const,
      ...(options.moreWorkers ?? []).map((more) => [more, items] as const),
      ...(options.moreItems ?? []).map((more) => [workers, more] as const),
    ]) {
      const shared = { engine, workers: count, items: size }
      configurations.push(...sizesOf(size, count).map((fixed) => ({ ...shared, ...fixed })))
      configurations.push({ ...shared, chunksize: 'auto', label: 'auto' })
    }
  }
  const costs = new Map([items, ...(options.moreItems ?? [])].map((size) => [size, totals(size, meanMs, random)]))
  const played = configurations.map((configuration) => play(configuration, costs.get(configuration.items)!, random))
  const runs: Run[] = []
  for (let round = 0; round < rounds; round++) {
    played.forEach(({ run }, configuration) => {
      const noise = 1 + 0.02 * (random() + random() - 1) + (random() < 0.05 ? 0.2 * random() : 0)
      const { makespanMs, firstMs, p95stallMs } = run
      runs.push({
        ...run,
        round,
        configuration,
        makespanMs: makespanMs * noise,
        firstMs: firstMs * noise,
        p95stallMs: p95stallMs * noise,
      })
    })
  }
  const isMain = ({ engine, workers: count, items: size }: Configuration): boolean =>
    engine === engines[0] && count === workers && size === items
  const times = played.map(({ run }, i) => (isMain(configurations[i]!) ? run.makespanMs : Number.POSITIVE_INFINITY))
  const auto = configurations.findIndex((one) => isMain(one) && one.chunksize === 'auto')
  const fixed = times.map((ms, i) => (configurations[i]!.chunksize === 'auto' ? Number.POSITIVE_INFINITY : ms))
  const best = fixed.indexOf(Math.min(...fixed))
  const quarter = configurations.findIndex((one) => isMain(one) && one.label === 'N/4P')
  const regret = times[auto]! / times[best]! - 1
  const trace = (configuration: number): Trace => ({
    configuration,
    chunks: played[configuration]!.chunks,
    delivered: played[configuration]!.delivered,
  })
  return {
    schema: 1,
    kind: 'tune',
    at: '2026-11-30T20:00:00.000Z',
    argv: ['tune', './work.js#score', '--input', `range:${items}`],
    environment: {
      lanewise: '0.1.0',
      node: '20.19.0',
      platform: 'linux x64',
      cpu: 'An Ordinary Processor 3000',
      cores: 8,
      workers,
      loadBefore: 0.12,
      loadAfter: 3.4,
    },
    subject: { name: './work.js#score', kind: 'function', input: `range:${items}`, items },
    objective: 'makespan',
    plainMs: Array.from({ length: rounds }, () => costs.get(items)![items]! * (0.99 + 0.02 * random())),
    configurations,
    runs,
    traces: [trace(auto), trace(quarter === -1 ? best : quarter)],
    verdict: {
      sentence: `auto comes within ${(regret * 100).toFixed(1)} % of the best fixed chunksize, ${configurations[best]!.chunksize}; leave chunksize at auto.`,
      advice: 'auto',
      option: null,
      best,
      auto,
      regret: { median: regret, low: regret - 0.008, high: regret + 0.011 },
      noiseFloor: 0.012,
      boundBy: null,
    },
  }
}

/** One configuration, one run, one row. */
export function single(): TuneResult {
  const result = fixture({ items: 1, workers: 1, rounds: 1 })
  const configuration: Configuration = { engine: 'threads', workers: 1, chunksize: 1, items: 1, label: '1' }
  const verdict = { ...result.verdict, best: 0, auto: null, regret: null }
  return {
    ...result,
    configurations: [configuration],
    runs: [{ ...result.runs[0]!, configuration: 0 }],
    traces: [],
    verdict,
  }
}

/** As large as it may come: 300 configurations, and traces of 64 workers with 100 chunks each, all apart. */
export function large(): TuneResult {
  const result = extreme()
  const random = randomOf(5)
  const chunks = Array.from({ length: 64 * 100 }, (_, i): ChunkLine => {
    const [worker, place] = [i % 64, Math.floor(i / 64)]
    const shared = { schema: 2, map: 0, fn: 'f', engine: 'threads', worker, start: i * 10, end: i * 10 + 10 } as const
    const beginMs = place * 3 + random()
    return {
      ...shared,
      done: random() < 0.5 ? 10 : 5,
      beginMs,
      execMs: 1 + random(),
      atMs: beginMs + 2.5,
      stopMs: 3 + 3 * random(),
    }
  })
  const delivered = chunks.map((_, i): [number, number] => [i / 20, i * 10 + 10])
  return { ...result, traces: [0, 200].map((configuration) => ({ configuration, chunks, delivered })) }
}

/** Names that would break a page, were they not escaped: markup, the end of a script, right-to-left text, controls, halves of characters. */
const HOSTILE =
  '</script><script>alert(1)</script><img src=x onerror=alert(2)>"\'&\u202eשלום عالم\u0000\u0007\ud800 𝔘𝔫𝔦'

/** Three hundred configurations with names of 200 characters, and times from nanoseconds to hours. */
export function extreme(): TuneResult {
  const result = fixture({ seed: 7, items: 4000, rounds: 3 })
  const random = randomOf(11)
  const label = (i: number): string => `${HOSTILE}${i}`.padEnd(200, 'W')
  const configurations = Array.from(
    { length: 300 },
    (_, i): Configuration => ({
      engine: 'threads',
      workers: 4,
      chunksize: i === 0 ? 'auto' : i,
      items: 4000,
      label: label(i),
    }),
  )
  const runs = Array.from({ length: 300 * 15 }, (_, i): Run => {
    const ms = 10 ** (random() * 12 - 5)
    return {
      ...result.runs[0]!,
      round: Math.floor(i / 300),
      configuration: i % 300,
      makespanMs: ms,
      firstMs: ms / 3,
      p95stallMs: 0,
    }
  })
  return {
    ...result,
    argv: [HOSTILE],
    environment: { ...result.environment, cpu: HOSTILE, platform: label(0) },
    subject: { ...result.subject, name: label(1), input: HOSTILE },
    configurations,
    runs,
    traces: [
      { ...result.traces[0]!, configuration: 0 },
      { ...result.traces[1]!, configuration: 200 },
    ],
    verdict: { ...result.verdict, sentence: `${HOSTILE} ${label(2)}`, option: HOSTILE, best: 150, auto: 0 },
  }
}
