import { type Entry, integers } from './entry.ts'

const isLeapYear = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

/** Days since 1 January 1970, by Howard Hinnant's days_from_civil. */
function daysFromCivil(year: number, month: number, day: number) {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yoe = y - era * 400
  const doy = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const doe = yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy
  return era * 146_097 + doe - 719_468
}

/** 0 is Sunday. */
const weekday = (year: number, month: number, day: number) => (((daysFromCivil(year, month, day) + 4) % 7) + 7) % 7

/** The year of a day since 1970: the way back. */
function yearOf(days: number) {
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const doe = z - era * 146_097
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365)
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100))
  const mp = Math.floor((5 * doy + 2) / 153)
  return yoe + era * 400 + (mp >= 10 ? 1 : 0)
}

/** Easter Sunday as month * 100 + day, by the anonymous Gregorian algorithm. */
function easter(year: number) {
  const a = year % 19
  const b = (year / 100) | 0
  const c = year % 100
  const d = b >> 2
  const e = b & 3
  const f = ((b + 8) / 25) | 0
  const g = ((b - f + 1) / 3) | 0
  const h = (19 * a + b - d - g + 15) % 30
  const i = c >> 2
  const k = c & 3
  const l = (32 + 2 * e + 2 * i - h - k) % 7
  const m = ((a + 11 * h + 22 * l) / 451) | 0
  const n = h + l - 7 * m + 114
  return ((n / 31) | 0) * 100 + (n % 31) + 1
}

function daysInMonth(year: number, month: number) {
  switch (month) {
    case 4:
    case 6:
    case 9:
    case 11:
      return 30
    case 2:
      return isLeapYear(year) ? 29 : 28
    default:
      return 31
  }
}

const dayOfYear = (year: number, month: number, day: number) => {
  let days = day
  for (let m = 1; m < 12; m++) {
    if (m >= month) break
    days += daysInMonth(year, m)
  }
  return days
}

/** Seconds since midnight as hhmmss. */
const clock = (seconds: number) => {
  const s = Math.trunc(seconds) % 86_400
  return Math.trunc(s / 3600) * 10_000 + (Math.trunc(s / 60) % 60) * 100 + (s % 60)
}

const year = integers(-400, 3000)
const month = integers(1, 12)
const day = integers(1, 31)

export const calendar: readonly Entry[] = [
  { name: 'leap year', fn: isLeapYear, domains: [year] },
  { name: 'days from civil', fn: daysFromCivil, domains: [year, month, day] },
  { name: 'weekday', fn: weekday, with: { daysFromCivil }, domains: [year, month, day] },
  { name: 'year of a day', fn: yearOf, domains: [integers(-1_000_000, 1_000_000)] },
  { name: 'Easter', fn: easter, domains: [integers(1583, 4000)] },
  { name: 'days in a month', fn: daysInMonth, with: { isLeapYear }, domains: [year, month] },
  { name: 'day of the year', fn: dayOfYear, with: { daysInMonth, isLeapYear }, domains: [year, month, day] },
  { name: 'time of day', fn: clock, domains: [integers(0, 10_000_000)] },
]
