/**
 * How lonely is each of 3,376 airports, most of them in the United States? For every one the way to its nearest neighbour: 11.4 million
 * distances on a sphere, by a plain function that is mapped over the airports on each executor, and by the same as a kernel on each engine.
 * Then chunk sizes are swept, and a page of figures is written. `npm start` runs it.
 *
 *   node build/examples/airports.js         all airports, three times each way
 *   node build/examples/airports.js 300     the first so many
 */
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import {
  type Executor,
  InlineExecutor,
  kernel,
  ProcessPoolExecutor,
  range,
  repeat,
  sharedArray,
  ThreadPoolExecutor,
} from 'lanewise'
import { report, tune } from 'lanewise/tune'
import { readRows } from './csv.ts'
import { distanceKm, nearestKm, radians } from './sphere.ts'
import { drawSweep } from './sweep.ts'

interface Airport {
  name: string
  /** The state; elsewhere the country. */
  place: string
  latitude: number
  longitude: number
}

/** One way to get the answers, and what it took. */
interface Run {
  way: string
  /** By whose sines: V8's are its own, and those of kernels are lanewise's. */
  math: 'V8' | 'lanewise'
  answers: ArrayLike<number>
  timeMs: number
  chunks: number | undefined
  /** Cores kept busy, on average. */
  cores: number
}

// Each way runs so often, in turn, and the run of median time is shown. More: the reader waits. Fewer: the start of the
// workers, or a hiccup of the machine, decides the table.
const ROUNDS = 3

const airports = readAirports().slice(0, Number(process.argv[2] ?? Number.POSITIVE_INFINITY))
const indices = airports.map((_, i) => i)
// On shared memory: threads read it where it lies, processes get a copy each.
const latitudes = sharedArray(
  Float64Array,
  airports.map(({ latitude }) => radians(latitude)),
)
const longitudes = sharedArray(
  Float64Array,
  airports.map(({ longitude }) => radians(longitude)),
)

/** The same as nearestKm; a kernel has its arrays from `with`, and helpers too. */
const nearest = kernel(
  (i: number) => {
    let nearestKm = Number.POSITIVE_INFINITY
    for (let j = 0; j < latitudes.length; j++) {
      if (j === i) continue
      nearestKm = Math.min(nearestKm, distanceKm(latitudes[i]!, longitudes[i]!, latitudes[j]!, longitudes[j]!))
    }
    return nearestKm
  },
  { with: { latitudes, longitudes, distanceKm } },
)

// Opened once, as a program does: the first round starts their workers, and the median leaves it out.
await using inlined = new InlineExecutor()
await using threads = new ThreadPoolExecutor()
await using processes = new ProcessPoolExecutor()

const ways: (() => Promise<Run>)[] = [
  async () => plainLoop(),
  () => mapped('inline', inlined, 'auto'),
  ...[1, 16, 256, 'auto' as const].map((size) => () => mapped(`threads, ${size}`, threads, size)),
  () => mapped('processes, auto', processes, 'auto'),
  () => onEngine('js'),
  () => onEngine('wasm'),
]
const withoutNative = await whyNotNative()
if (withoutNative === undefined) ways.push(() => onEngine('native'))

const runs = await runInTurn()
const [plain] = runs as [Run, ...Run[]]
const differing = runs.filter((run) => !agrees(run))

printTable()
if (withoutNative !== undefined) console.log(`\nThere is no native engine here: ${withoutNative}`)
await printLoneliest(10)
await sweepChunksizes()
console.log(`\n${verdict()}`)
if (differing.length > 0) process.exitCode = 1

/** The median run of each way. The rounds go through all ways, so that a slow minute of the machine hits each alike. */
async function runInTurn(): Promise<Run[]> {
  const rounds: Run[][] = []
  for (let round = 0; round < ROUNDS; round++) {
    if (!process.stderr.isTTY) console.error(`airports: round ${round + 1} of ${ROUNDS}`)
    const runs: Run[] = []
    for (const run of ways) runs.push(await run())
    rounds.push(runs)
  }
  showProgress('')
  return ways.map((_, way) => {
    const runs = rounds.map((round) => round[way]!).sort((a, b) => a.timeMs - b.timeMs)
    return runs[ROUNDS >> 1]!
  })
}

function plainLoop(): Run {
  const way = 'plain loop'
  showProgress(way)
  const start = performance.now()
  const answers = indices.map((i) => nearestKm(i, latitudes, longitudes))
  return { way, math: 'V8', answers, timeMs: performance.now() - start, chunks: undefined, cores: 1 }
}

async function mapped(way: string, executor: Executor, chunksize: number | 'auto'): Promise<Run> {
  const start = performance.now()
  const map = executor.map(nearestKm, indices, repeat(latitudes), repeat(longitudes), {
    chunksize,
    onProgress: ({ done }) => showProgress(`${way}: ${Math.floor((100 * done) / airports.length)} %`),
  })
  const answers = await map
  const timeMs = performance.now() - start
  const { chunks, utilisation } = map.stats
  return { way, math: 'V8', answers, timeMs, chunks, cores: utilisation * executor.maxWorkers }
}

async function onEngine(engine: 'js' | 'wasm' | 'native'): Promise<Run> {
  const way = `kernel, ${engine}`
  showProgress(way)
  const start = performance.now()
  const map = threads.map(nearest, range(airports.length), { engine })
  const answers = await map
  const timeMs = performance.now() - start
  const { chunks, utilisation } = map.stats
  return { way, math: 'lanewise', answers, timeMs, chunks, cores: utilisation * threads.maxWorkers }
}

async function whyNotNative(): Promise<string | undefined> {
  try {
    await threads.map(nearest, [0], { engine: 'native' })
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

function printTable(): void {
  const cores = availableParallelism()
  const rows = runs.map((run) => [
    run.way,
    `${run.timeMs.toFixed(0)} ms`,
    run.chunks?.toString() ?? '–',
    `${(plain.timeMs / run.timeMs).toFixed(2)} ×`,
    `${((100 * run.cores) / cores).toFixed(0)} % of ${cores}`,
  ])
  const table = [['way, chunksize', 'time', 'chunks', 'speed-up', 'cores used'], ...rows]
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
  for (const row of table) {
    console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('   '))
  }
}

async function printLoneliest(count: number): Promise<void> {
  const ranked = indices.toSorted((a, b) => plain.answers[b]! - plain.answers[a]!).slice(0, count)
  const meanKm = kernel(
    (i: number) => {
      let totalKm = 0
      for (let j = 0; j < latitudes.length; j++) {
        totalKm += distanceKm(latitudes[i]!, longitudes[i]!, latitudes[j]!, longitudes[j]!)
      }
      return totalKm / (latitudes.length - 1)
    },
    { with: { latitudes, longitudes, distanceKm } },
  )
  const means = await threads.map(meanKm, ranked)
  console.log('\nThe loneliest, by the way to the nearest other airport:')
  for (const [at, i] of ranked.entries()) {
    const { name, place } = airports[i]!
    const km = plain.answers[i]!.toFixed(0).padStart(6)
    console.log(`${km} km  ${name}, ${place} (${means[at]!.toFixed(0)} km to the average one)`)
  }
}

/** What chunk sizes do to the map on threads: as bars here, and as a page to pass on. */
async function sweepChunksizes(): Promise<void> {
  console.log('\nThe same on threads, by chunksize:')
  const chunks = ['auto', 1, 4, 16, 64, 256, 'N/4P', 'N/P'] as const
  const budget = airports.length < 1_000 ? 2_000 : 12_000 // milliseconds
  const result = await tune(nearestKm, range(airports.length), repeat(latitudes), repeat(longitudes), {
    chunks,
    budget,
    input: 'airports',
    onProgress: ({ runs, planned }) => showProgress(`sweep: run ${runs} of ${planned}`),
  })
  showProgress('')
  console.log(drawSweep(result))
  const page = fileURLToPath(new URL('../airports.html', import.meta.url))
  writeFileSync(page, report(result))
  console.log(`All figures: ${page}`)
}

function verdict(): string {
  if (differing.length > 0)
    return `The answers of ${differing.map((run) => run.way).join(' and ')} differ: that is a bug.`
  const best = runs.reduce((a, b) => (b.timeMs < a.timeMs ? b : a))
  if (best === plain) return 'All answers agree; nothing was faster than a plain loop here.'
  const times = (plain.timeMs / best.timeMs).toFixed(2)
  return `All answers agree; ${best.way} was fastest, ${times} times as fast as a plain loop.`
}

/** Bit for bit with the first run by the same sines; of the others, to a thousandth of a millimetre. */
function agrees({ math, answers }: Run): boolean {
  const same = runs.find((run) => run.math === math)!.answers
  return (
    answers.length === airports.length &&
    indices.every((i) => Object.is(answers[i], same[i]) && Math.abs(answers[i]! - plain.answers[i]!) < 1e-9)
  )
}

function readAirports(): Airport[] {
  return readRows('airports.csv').map((row) => {
    const [latitude, longitude] = [Number(row.latitude), Number(row.longitude)]
    if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) throw new Error(`no place on earth: ${row.name}`)
    return { name: row.name!, place: row.country === 'USA' ? row.state! : row.country!, latitude, longitude }
  })
}

/** One line on the terminal that each call writes over; a log gets none of it. */
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`)
}
