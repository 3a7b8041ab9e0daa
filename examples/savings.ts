/**
 * What becomes of 100 dollars a month, put into 500 American companies for 30 years? Nobody knows; but a million futures can be drawn from the
 * months that were, and counted. Each is one call of a kernel, and `reduce` and `count` make single numbers of them without an array.
 *
 *   node build/examples/savings.js            1,000,000 futures
 *   node build/examples/savings.js 20000
 */
import { kernel, range, repeat, ThreadPoolExecutor } from 'lanewise'
import { readRows } from './csv.ts'

const futures = Number(process.argv[2] ?? 1_000_000)
const YEARS = 30
const MONTHLY = 100

/** How the index of the 500 companies changed from month to month, 1 for not at all. */
const changes = monthlyChanges()

/** A number from 0 up to 1 for each pair of integers, always the same one: mixed as in Chris Wellons' hash-prospector (2018). */
const random = (future: number, month: number): number => {
  let state = (Math.imul(future | 0, 747_796_405) + Math.imul(month | 0, 0x9e3779b9) + 0x85ebca6b) | 0
  state = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
  state = Math.imul(state ^ (state >>> 15), 0xd35a2d97)
  return ((state ^ (state >>> 15)) >>> 0) / 4_294_967_296
}

/** What is there at the end of one future: each month is one of those that were, drawn anew. */
const savings = kernel(
  (future: number, months: number) => {
    let total = 0
    for (let month = 0; month < months; month++) {
      const drawn = Math.floor(random(future, month) * changes.length)
      total = (total + MONTHLY) * changes[drawn]!
    }
    return total
  },
  { with: { changes, random, MONTHLY } },
)
const paidIn = MONTHLY * 12 * YEARS
const isLoss = kernel((future: number, months: number) => savings(future, months) < paidIn, {
  with: { savings, paidIn },
})
const isDouble = kernel((future: number, months: number) => savings(future, months) >= 2 * paidIn, {
  with: { savings, paidIn },
})

const pool = new ThreadPoolExecutor()
const months = repeat(12 * YEARS)
const start = performance.now()
const mean = await pool.reduce(savings, range(futures), months, { op: 'mean' })
const worst = await pool.reduce(savings, range(futures), months, { op: 'min' })
const best = await pool.reduce(savings, range(futures), months, { op: 'max' })
const losses = await pool.count(isLoss, range(futures), months)
const doubles = await pool.count(isDouble, range(futures), months)
const seconds = (performance.now() - start) / 1000

const dollars = (amount: number): string => `${Math.round(amount).toLocaleString('en-US')} dollars`
console.log(`${futures.toLocaleString('en-US')} futures, drawn from ${changes.length} months of the years 2000 to 2020`)
console.log(`paid in, ${MONTHLY} a month for ${YEARS} years   ${dollars(paidIn)}`)
console.log(`on average there will be            ${dollars(mean)}`)
console.log(`in the worst and best future        ${dollars(worst)}, ${dollars(best)}`)
console.log(`less than was paid in               ${((100 * losses) / futures).toFixed(2)} %`)
console.log(`twice as much or more               ${((100 * doubles) / futures).toFixed(2)} %`)
console.log(
  `\n${(5 * futures * 12 * YEARS).toLocaleString('en-US')} months in ${seconds.toFixed(1)} s, by ${pool.maxWorkers} workers.`,
)

function monthlyChanges(): Float64Array {
  const closes = new Map<string, number>() // by year and month, of its last day
  for (const { date, close } of readRows('sp500-2000.csv')) closes.set(date!.slice(0, 7), Number(close))
  const prices = [...closes.values()]
  return Float64Array.from(prices.slice(1), (price, i) => price / prices[i]!)
}
