/**
 * Who lives furthest from an airport? A file of 42,049 American ZIP codes is read line by line, and for each the nearest of 3,376 airports is
 * looked for. `buffersize` bounds what is read ahead: a file of any length takes the same memory, and leaving the loop closes it.
 *
 *   node build/examples/zipcodes.js         all lines
 *   node build/examples/zipcodes.js 500     the first so many
 */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { repeat, sharedArray, ThreadPoolExecutor } from 'lanewise'
import { dataFile, readRows } from './csv.ts'
import { nearestAirport } from './nearest-airport.ts'
import { radians } from './sphere.ts'

interface Place {
  zip: string
  city: string
  km: number
  airport: string
}

const most = Number(process.argv[2] ?? Number.POSITIVE_INFINITY)
const airports = readRows('airports.csv')
// On shared memory, which every thread reads where it lies.
const latitudes = sharedArray(
  Float64Array,
  airports.map(({ latitude }) => radians(Number(latitude))),
)
const longitudes = sharedArray(
  Float64Array,
  airports.map(({ longitude }) => radians(Number(longitude))),
)

const pool = new ThreadPoolExecutor()
let read = 0
let done = 0
let mostAhead = 0
const places: Place[] = []

for await (const { zip, city, km, index } of pool.map(nearestAirport, lines(), repeat(latitudes), repeat(longitudes), {
  buffersize: 512,
})) {
  places.push({ zip, city, km, airport: airports[index]!.name! })
  done++
  mostAhead = Math.max(mostAhead, read - done)
  if (done >= most) break // the map is left, and the file closed
}

places.sort((a, b) => b.km - a.km)
// The file puts ZIP codes of islands somewhere in their ocean.
const ashore = places.filter(({ city }) => !/, (?:AS|FM|GU|HI|MH|MP|PR|PW|VI)$/.test(city))
console.log('Furthest from an airport, islands left out:')
for (const { zip, city, km, airport } of ashore.slice(0, 10)) {
  console.log(`${km.toFixed(0).padStart(6)} km  ${zip} ${city}, to ${airport}`)
}
const kilometres = places.map(({ km }) => km)
const median = kilometres[kilometres.length >> 1] ?? Number.NaN
console.log(`\nHalf of ${places.length} ZIP codes are within ${median.toFixed(1)} km of one.`)
console.log(`At most ${mostAhead} lines were read ahead, of ${read}.`)

/** The lines of the file behind its first, which names the columns. */
async function* lines(): AsyncGenerator<string> {
  const file = createInterface({
    input: createReadStream(dataFile('zipcodes.csv')),
    crlfDelay: Number.POSITIVE_INFINITY,
  })
  for await (const line of file) {
    if (line.startsWith('zip_code,')) continue
    read++
    yield line
  }
}
