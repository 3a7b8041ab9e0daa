/**
 * Which airport would be missed most? Each of 305 American airports is closed in turn, and all ways between the others are looked for
 * again, on a pool of threads. The work is an exported function of a module that has data of its own, which each worker reads once.
 *
 *   node build/examples/flights.js         all airports
 *   node build/examples/flights.js 40      those with the most flights
 */
import { ThreadPoolExecutor } from 'lanewise'
import { readRows } from './csv.ts'
import { airports, closeAirport } from './network.ts'

const flights = new Map<string, number>(airports.map((airport) => [airport, 0]))
for (const { origin, count } of readRows('flights-airport.csv'))
  flights.set(origin!, flights.get(origin!)! + Number(count))
const busiest = airports.toSorted((a, b) => flights.get(b)! - flights.get(a)!)
const chosen = busiest.slice(0, Number(process.argv[2] ?? airports.length))
const names = new Map(
  readRows('airports.csv').map(({ iata, name, city, state }) => [iata, `${name}, ${city}, ${state}`]),
)

const pool = new ThreadPoolExecutor()
const today = closeAirport(undefined)
const start = performance.now()
const closings = await pool.map(closeAirport, chosen)
const seconds = (performance.now() - start) / 1000

console.log(`Today a way between two of ${airports.length} airports takes ${today.flightsPerWay.toFixed(3)} flights.\n`)
console.log('Without it       flights a way       ways lost')
const ranked = chosen.map((airport, i) => ({ airport, ...closings[i]! }))
ranked.sort((a, b) => b.cutOff - a.cutOff || b.flightsPerWay - a.flightsPerWay)
for (const { airport, cutOff, flightsPerWay } of ranked.slice(0, 10)) {
  const figures = `${flightsPerWay.toFixed(3).padStart(24)} ${String(cutOff).padStart(15)}`
  console.log(`${airport} ${figures}   ${names.get(airport) ?? ''}`)
}
console.log(`\n${chosen.length} airports closed in ${seconds.toFixed(1)} s, by ${pool.maxWorkers} workers.`)
