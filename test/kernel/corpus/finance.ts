import { type Entry, integers, reals } from './entry.ts'

const RATE = 0.02

/** Standard normal distribution, Abramowitz and Stegun 26.2.17. */
function cdf(x: number) {
  const k = 1 / (1 + 0.2316419 * Math.abs(x))
  const poly = k * (0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))))
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * poly
  return x >= 0 ? 1 - tail : tail
}

function blackScholes(s: number, k: number, t: number, sigma = 0.2) {
  const d1 = (Math.log(s / k) + (RATE + (sigma * sigma) / 2) * t) / (sigma * Math.sqrt(t))
  const d2 = d1 - sigma * Math.sqrt(t)
  return s * cdf(d1) - k * Math.exp(-RATE * t) * cdf(d2)
}

const bondYield = (price: number, coupon: number, years: number) => {
  let y = 0.05
  for (let round = 0; round < 50; round++) {
    let value = 0
    let slope = 0
    let discount = 1
    const n = Math.min(years, 40)
    for (let t = 1; t <= n; t++) {
      discount /= 1 + y
      value += coupon * discount
      slope -= (t * coupon * discount) / (1 + y)
    }
    value += 100 * discount
    slope -= (n * 100 * discount) / (1 + y)
    const step = (value - price) / slope
    y -= step
    if (Math.abs(step) < 1e-12) break
  }
  return y
}

const annuity = (principal: number, yearlyRate: number, months: number) => {
  if (yearlyRate === 0) return principal / months
  const rate = yearlyRate / 12
  return (principal * rate) / (1 - (1 + rate) ** -months)
}

function impliedVolatility(price: number, s: number, k: number, t: number) {
  let low = 1e-4
  let high = 5
  for (let i = 0; i < 60; i++) {
    const middle = 0.5 * (low + high)
    if (blackScholes(s, k, t, middle) > price) high = middle
    else low = middle
  }
  return (low + high) / 2
}

const compound = (principal: number, rate: number, years: number) => principal * Math.exp(rate * years)

/** Yearly tax by brackets. */
function incomeTax(income: number) {
  if (!(income > 0)) return 0
  let tax = 0
  if (income > 80_000) {
    tax += (income - 80_000) * 0.42
    income = 80_000
  }
  if (income > 40_000) {
    tax += (income - 40_000) * 0.3
    income = 40_000
  }
  if (income > 11_000) tax += (income - 11_000) * 0.14
  return Math.round(tax * 100) / 100
}

const profit = (bought: number, sold: number, fee = 0.0025) =>
  sold > 0 && bought > 0 ? sold * (1 - fee) - bought * (1 + fee) : NaN

const growth = (start: number, end: number, years: number) => Math.expm1(Math.log(end / start) / years)

export const finance: readonly Entry[] = [
  {
    name: 'Black–Scholes',
    fn: blackScholes,
    with: { RATE, cdf },
    domains: [reals(50, 150), reals(50, 150), reals(0.1, 3), reals(0.05, 0.9)],
    tolerance: { relative: 1e-13, absolute: 1e-12 },
  },
  { name: 'yield of a bond by Newton', fn: bondYield, domains: [reals(70, 130), reals(0, 10), integers(1, 40)] },
  {
    name: 'annuity',
    fn: annuity,
    domains: [reals(1000, 500_000), reals(0, 0.12), integers(12, 480)],
    tolerance: { relative: 1e-12 },
  },
  {
    name: 'implied volatility by bisection',
    fn: impliedVolatility,
    with: { RATE, cdf, blackScholes },
    domains: [reals(1, 60), reals(80, 120), reals(80, 120), reals(0.25, 2)],
    tolerance: { relative: 1e-9, absolute: 1e-9 },
  },
  {
    name: 'continuous compounding',
    fn: compound,
    domains: [reals(1, 1e6), reals(-0.05, 0.2), reals(0, 50)],
    tolerance: { relative: 1e-15 },
  },
  { name: 'income tax by brackets', fn: incomeTax, domains: [reals(-1000, 200_000)] },
  { name: 'profit of a trade', fn: profit, domains: [reals(0, 100), reals(0, 100), reals(0, 0.01)] },
  {
    name: 'yearly growth',
    fn: growth,
    domains: [reals(1, 100), reals(1, 100), reals(1, 30)],
    tolerance: { relative: 1e-13, absolute: 1e-15 },
  },
]
