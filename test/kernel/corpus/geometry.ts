import { type Entry, integers, reals } from './entry.ts'

const EARTH_RADIUS_KM = 6371.0088

const radians = (degrees: number) => (degrees * Math.PI) / 180

function haversine(lat1: number, lon1: number, lat2: number, lon2: number) {
  const dLat = radians(lat2 - lat1)
  const dLon = radians(lon2 - lon1)
  const a = Math.sin(dLat / 2) ** 2 + Math.cos(radians(lat1)) * Math.cos(radians(lat2)) * Math.sin(dLon / 2) ** 2
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, a)))
}

function bearing(lat1: number, lon1: number, lat2: number, lon2: number) {
  const dLon = radians(lon2 - lon1)
  const y = Math.sin(dLon) * Math.cos(radians(lat2))
  const x =
    Math.cos(radians(lat1)) * Math.sin(radians(lat2)) -
    Math.sin(radians(lat1)) * Math.cos(radians(lat2)) * Math.cos(dLon)
  return ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360
}

const POLYGON_X = Float64Array.of(0, 10, 10, 6, 6, 4, 4, 0)
const POLYGON_Y = Float64Array.of(0, 0, 10, 10, 4, 4, 10, 10)

/** Even–odd rule. */
function isInside(x: number, y: number) {
  let inside = false
  for (let i = 0, j = POLYGON_X.length - 1; i < POLYGON_X.length; j = i++) {
    const xi = POLYGON_X[i]!
    const yi = POLYGON_Y[i]!
    const xj = POLYGON_X[j]!
    const yj = POLYGON_Y[j]!
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside
  }
  return inside
}

const segmentDistance = (px: number, py: number, ax: number, ay: number, bx: number, by: number) => {
  const dx = bx - ax
  const dy = by - ay
  const squared = dx * dx + dy * dy
  const t = squared === 0 ? 0 : Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / squared))
  return Math.sqrt((px - (ax + t * dx)) ** 2 + (py - (ay + t * dy)) ** 2)
}

const bezier = (t: number, p0: number, p1: number, p2: number, p3: number) => {
  const u = 1 - t
  return u * u * u * p0 + 3 * u * u * t * p1 + 3 * u * t * t * p2 + t * t * t * p3
}

const triangleArea = (a: number, b: number, c: number) => {
  if (a + b <= c || b + c <= a || c + a <= b) return 0
  const s = (a + b + c) / 2
  return Math.sqrt(s * (s - a) * (s - b) * (s - c))
}

/** Signed distance of a rounded box. */
const roundedBox = (x: number, y: number, radius = 0.25) => {
  const qx = Math.abs(x) - 2 + radius
  const qy = Math.abs(y) - 1 + radius
  return Math.min(Math.max(qx, qy), 0) + Math.hypot(Math.max(qx, 0), Math.max(qy, 0)) - radius
}

/** Web Mercator: the row of a tile. */
const tileY = (latitude: number, zoom: number) => {
  const clamped = Math.max(-85.0511, Math.min(85.0511, latitude))
  const s = Math.sin((clamped * Math.PI) / 180)
  return (0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)) * (1 << zoom)
}

const latitude = reals(-89, 89)
const longitude = reals(-180, 180)
const coordinate = reals(-12, 12)

export const geometry: readonly Entry[] = [
  {
    name: 'haversine',
    fn: haversine,
    with: { EARTH_RADIUS_KM, radians },
    domains: [latitude, longitude, latitude, longitude],
    tolerance: { relative: 1e-12, absolute: 1e-6 },
  },
  {
    name: 'initial bearing',
    fn: bearing,
    with: { radians },
    domains: [latitude, longitude, latitude, longitude],
    tolerance: { relative: 1e-10 },
  },
  { name: 'point in polygon', fn: isInside, with: { POLYGON_X, POLYGON_Y }, domains: [coordinate, coordinate] },
  {
    name: 'distance to a segment',
    fn: segmentDistance,
    domains: [coordinate, coordinate, coordinate, coordinate, coordinate, coordinate],
  },
  { name: 'Bezier curve', fn: bezier, domains: [reals(0, 1), coordinate, coordinate, coordinate, coordinate] },
  { name: 'area of a triangle by Heron', fn: triangleArea, domains: [reals(0, 10), reals(0, 10), reals(0, 10)] },
  {
    name: 'distance to a rounded box',
    fn: roundedBox,
    domains: [coordinate, coordinate, reals(0, 0.5)],
    tolerance: { relative: 1e-14, absolute: 1e-14 },
  },
  {
    name: 'row of a map tile',
    fn: tileY,
    domains: [latitude, integers(0, 20)],
    tolerance: { relative: 1e-12, absolute: 1e-9 },
  },
]
