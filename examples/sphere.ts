/** The distance of two places on the earth, in kilometres; latitudes and longitudes are radians. A kernel may call it. */
export function distanceKm(latitude: number, longitude: number, toLatitude: number, toLongitude: number): number {
  const south = Math.sin((toLatitude - latitude) / 2)
  const east = Math.sin((toLongitude - longitude) / 2)
  const haversine = south * south + Math.cos(latitude) * Math.cos(toLatitude) * east * east
  return 2 * 6371.0088 * Math.asin(Math.sqrt(Math.min(1, haversine)))
}

export function radians(degrees: number): number {
  return (degrees * Math.PI) / 180
}

/** The way from place `i` to the nearest other one, in kilometres. */
export function nearestKm(i: number, latitudes: Float64Array, longitudes: Float64Array): number {
  let nearest = Number.POSITIVE_INFINITY
  for (let j = 0; j < latitudes.length; j++) {
    if (j === i) continue
    nearest = Math.min(nearest, distanceKm(latitudes[i]!, longitudes[i]!, latitudes[j]!, longitudes[j]!))
  }
  return nearest
}
