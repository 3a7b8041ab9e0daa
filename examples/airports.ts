/**
 * How lonely is each of 3,376 airports, most of them in the United States? For every one the way to its nearest neighbour, and
 * to all others together: 11.4 million distances on a sphere, as one plain function mapped over the airports in several ways.
 * `npm start` runs it.
 */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { type Executor, InlineExecutor, ProcessPoolExecutor, repeat, sharedArray, ThreadPoolExecutor } from 'lanewise'

interface Airport {
  name: string
  /** The state; elsewhere the country. */
  place: string
  latitude: number
  longitude: number
}

interface Loneliness {
  nearestKm: number
  totalKm: number
}

/** One way to get the answers, and what it took. */
interface Run {
  way: string
  answers: Loneliness[]
  timeMs: number
  chunks: number | undefined
  /** Cores kept busy, on average. */
  cores: number
}

// Each way runs so often, in turn, and the run of median time is shown. More: the reader waits. Fewer: the start of the
// workers, or a hiccup of the machine, decides the table.
const ROUNDS = 5

/** What is mapped: a plain function that uses its arguments alone, and so can run anywhere. Coordinates are radians. */
function loneliness(i: number, latitudes: Float64Array, longitudes: Float64Array): Loneliness {
  const earthRadiusKm = 6371.0088
  const latitude = latitudes[i]!
  const longitude = longitudes[i]!
  let nearestKm = Number.POSITIVE_INFINITY
  let totalKm = 0
  for (let j = 0; j < latitudes.length; j++) {
    if (j === i) continue
    const dLatitude = Math.sin((latitudes[j]! - latitude) / 2)
    const dLongitude = Math.sin((longitudes[j]! - longitude) / 2)
    const haversine = dLatitude * dLatitude + Math.cos(latitude) * Math.cos(latitudes[j]!) * dLongitude * dLongitude
    const km = 2 * earthRadiusKm * Math.asin(Math.sqrt(Math.min(1, haversine)))
    nearestKm = Math.min(nearestKm, km)
    totalKm += km
  }
  return { nearestKm, totalKm }
}

const airports = readAirports(new URL('../../node_modules/vega-datasets/data/airports.csv', import.meta.url))
const indices = airports.map((_, i) => i)
// On shared memory: threads read it where it lies, processes get a copy each.
const latitudes = sharedArray(
  Float64Array,
  airports.map((airport) => (airport.latitude * Math.PI) / 180),
)
const longitudes = sharedArray(
  Float64Array,
  airports.map((airport) => (airport.longitude * Math.PI) / 180),
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
]

const runs = await runInTurn()
const [plain, inline] = runs as [Run, Run, ...Run[]]
const differing = runs.filter((run) => !sameBits(run.answers, inline.answers))

printTable()
printLoneliest(10)
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
  const answers = indices.map((i) => loneliness(i, latitudes, longitudes))
  return { way, answers, timeMs: performance.now() - start, chunks: undefined, cores: 1 }
}

async function mapped(way: string, executor: Executor, chunksize: number | 'auto'): Promise<Run> {
  const start = performance.now()
  const map = executor.map(loneliness, indices, repeat(latitudes), repeat(longitudes), {
    chunksize,
    onProgress: ({ done }) => showProgress(`${way}: ${Math.floor((100 * done) / airports.length)} %`),
  })
  const answers = await map
  const timeMs = performance.now() - start
  const { chunks, utilisation } = map.stats
  return { way, answers, timeMs, chunks, cores: utilisation * executor.maxWorkers }
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

function printLoneliest(count: number): void {
  const ranked = indices.toSorted((a, b) => inline.answers[b]!.nearestKm - inline.answers[a]!.nearestKm)
  console.log('\nThe loneliest, by the way to the nearest other airport:')
  for (const i of ranked.slice(0, count)) {
    const { nearestKm, totalKm } = inline.answers[i]!
    const meanKm = totalKm / (airports.length - 1)
    const { name, place } = airports[i]!
    console.log(
      `${nearestKm.toFixed(0).padStart(6)} km  ${name}, ${place} (${meanKm.toFixed(0)} km to the average one)`,
    )
  }
}

function verdict(): string {
  if (differing.length > 0) {
    return `The answers of ${differing.map((run) => run.way).join(' and ')} differ from those of inline: that is a bug.`
  }
  const best = runs.reduce((a, b) => (b.timeMs < a.timeMs ? b : a))
  if (best === plain) return 'All answers agree bit for bit; nothing was faster than a plain loop here.'
  const times = (plain.timeMs / best.timeMs).toFixed(2)
  return `All answers agree bit for bit; ${best.way} was fastest, ${times} times as fast as a plain loop.`
}

function sameBits(some: Loneliness[], others: Loneliness[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ nearestKm, totalKm }, i) => {
      const other = others[i]!
      return Object.is(nearestKm, other.nearestKm) && Object.is(totalKm, other.totalKm)
    })
  )
}

function readAirports(file: URL): Airport[] {
  const [header, ...lines] = readFileSync(file, 'utf8').trimEnd().split(/\r?\n/)
  const columns = readCells(header!)
  return lines.map((line) => {
    const cells = readCells(line)
    const cell = (column: string): string => cells[columns.indexOf(column)] ?? ''
    const [latitude, longitude] = [Number(cell('latitude')), Number(cell('longitude'))]
    if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) throw new Error(`no place on earth: ${line}`)
    const place = cell('country') === 'USA' ? cell('state') : cell('country')
    return { name: cell('name'), place, latitude, longitude }
  })
}

/** The cells of one line of CSV; a quoted one may hold commas, and quotes that are doubled. */
function readCells(line: string): string[] {
  const cells = `,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)
  return Array.from(cells, ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '')
}

/** One line on the terminal that each call writes over; a log gets none of it. */
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`)
}
