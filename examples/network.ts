/**
 * The flights between American airports in 2008, as a graph, and what is lost when an airport closes. A worker that imports this module
 * reads the graph once, and keeps it: that is why the function is sent by its name, and not as its source.
 */
import { readRows } from './csv.ts'

export interface Closing {
  /** Pairs of other airports that had a way, and have none left. */
  cutOff: number
  /** Flights that a way takes on average, between the pairs that still have one. */
  flightsPerWay: number
}

const routes = readRows('flights-airport.csv')
export const airports: readonly string[] = [...new Set(routes.flatMap((row) => [row.origin!, row.destination!]))].sort()

const numbers = new Map(airports.map((airport, i) => [airport, i]))
const neighbours: number[][] = airports.map(() => [])
for (const { origin, destination } of routes) neighbours[numbers.get(origin!)!]!.push(numbers.get(destination!)!)

/** So many flights away is each airport from each, with all of them open. */
const open = airports.map((_, start) => flightsFrom(start, -1))

/** Looks for the ways between all airports but `closed`; of nothing closed, how it is today. */
export function closeAirport(closed: string | undefined): Closing {
  const without = closed === undefined ? -1 : numbers.get(closed)!
  let cutOff = 0
  let ways = 0
  let flights = 0
  for (let start = 0; start < airports.length; start++) {
    if (start === without) continue
    const before = open[start]!
    const now = flightsFrom(start, without)
    for (let end = 0; end < airports.length; end++) {
      if (end === start || end === without) continue
      if (now[end]! > 0) {
        ways++
        flights += now[end]!
      } else if (before[end]! > 0) cutOff++
    }
  }
  return { cutOff, flightsPerWay: flights / ways }
}

/** So many flights away is each airport; -1 where none leads to. */
function flightsFrom(start: number, without: number): Int16Array {
  const distances = new Int16Array(airports.length).fill(-1)
  distances[start] = 0
  const queue = [start]
  for (const from of queue) {
    for (const to of neighbours[from]!) {
      if (to === without || distances[to] !== -1) continue
      distances[to] = distances[from]! + 1
      queue.push(to)
    }
  }
  return distances
}
