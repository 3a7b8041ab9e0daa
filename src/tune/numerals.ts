/** How numbers read in reports: three digits that count, a unit, and the same on every machine. */

/** Milliseconds: `830 ns`, `12.4 µs`, `3.1 ms`, `1.24 s`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return 'unknown'
  const size = Math.abs(ms)
  if (size < 5e-7) return '0 ms' // no clock tells less
  if (size >= 999.5) return `${digits(ms / 1000)} s`
  if (size >= 0.9995) return `${digits(ms)} ms`
  if (size >= 0.0009995) return `${digits(ms * 1000)} µs`
  return `${digits(ms * 1e6)} ns`
}

/** A count, with a comma before each three digits: `1,234`. One that is no integer, such as a mean, has a digit behind the point. */
export function count(value: number): string {
  if (!Number.isFinite(value)) return 'unknown'
  const rounded = Number.isInteger(value) || Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 10) / 10
  const [whole = '0', rest] = String(Math.abs(rounded)).split('.')
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
  return `${rounded < 0 ? '-' : ''}${grouped}${rest === undefined ? '' : `.${rest}`}`
}

/** A share of 1 as per cent: `1.3 %`, `45 %`. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return 'unknown'
  const value = share * 100
  const rounded = Math.abs(value) < 9.95 ? Math.round(value * 10) / 10 : Math.round(value)
  return `${count(rounded + 0)} %`
}

/** A count of things, in words: `1 chunk`, `2 chunks`. */
export function plural(value: number, one: string, many: string = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** A number with at most three digits that count. */
export function digits(value: number): string {
  if (value === 0) return '0'
  const text = String(Number(value.toPrecision(3)))
  return text.includes('e') ? text : Math.abs(value) >= 1000 ? count(Number(text)) : text
}
