import { UsageError } from './command.ts'

/** Words with commas between. `name`: the option. Errors: UsageError where one of them is missing. */
export function list(text: string, name: string): string[] {
  const words = text.split(',').map((word) => word.trim())
  if (words.includes('')) throw new UsageError(`${name} takes words with commas between, got '${text}'`)
  return words
}

const UNITS = { ms: 1, s: 1000, m: 60_000 } as const

/** A time, in seconds unless it names its unit, as milliseconds. Errors: UsageError for what is no time above 0. */
export function durationMs(text: string, name: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text) ?? []
  if (number !== undefined && Number(number) > 0) return Number(number) * UNITS[unit as keyof typeof UNITS]
  throw new UsageError(`${name} must be a time above 0, as 45s, 2m or 500ms, got '${text}'`)
}

/** A whole number. Errors: UsageError for what is none, or is below `least`. */
export function wholeNumber(text: string, name: string, least: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && Number.isSafeInteger(value)) return value
  throw new UsageError(`${name} must be a whole number of at least ${least}, got '${text}'`)
}
