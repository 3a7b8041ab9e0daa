import { readCells } from './csv.ts'
import { distanceKm, radians } from './sphere.ts'

export interface Nearest {
  zip: string
  /** The city, and its state. */
  city: string
  km: number
  /** Which of the airports it is. */
  index: number
}

/** The airport next to the place that a line of zipcodes.csv describes. The places of the airports are radians. */
export function nearestAirport(line: string, latitudes: Float64Array, longitudes: Float64Array): Nearest {
  const [zip = '', latitude, longitude, city, state] = readCells(line)
  const [north, east] = [radians(Number(latitude)), radians(Number(longitude))]
  let index = -1
  let km = Number.POSITIVE_INFINITY
  for (let i = 0; i < latitudes.length; i++) {
    const distance = distanceKm(north, east, latitudes[i]!, longitudes[i]!)
    if (distance < km) {
      km = distance
      index = i
    }
  }
  return { zip, city: `${city}, ${state}`, km, index }
}
