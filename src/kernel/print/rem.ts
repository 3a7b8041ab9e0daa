import { Builder } from '../ir/build.ts'
import type { Subroutine, Value, Variable } from '../ir/ir.ts'

/** Beyond it the products of a step could overflow; both sides are made smaller then. */
const LARGE = 2 ** 900
const SMALLER = 2 ** -100

/** Below it a quotient of integers, rounded, is no larger than its whole part, and the product of that and the divisor is exact. */
const SHORT = 2 ** 52

/** Quotients below it are integers of 53 bits at most, so that they are exact once cut off. */
const EXACT_QUOTIENT = 2 ** 53
/** By how much a divisor is made larger where the quotient is not. */
const STEP = 2 ** 52

/** Splits a double into two of 26 bits. */
const VELTKAMP = 2 ** 27 + 1

/**
 * JavaScript's a % b: exact, with the sign of a.
 *
 * r = |a|, d = |b|. While d goes into r more than 2^53 times it is made larger by 2^52; then, back down to d itself, r becomes r - trunc(r / d) * d at
 * each step. That product is taken exactly, in two parts; the quotient, rounded, may be one too large, and then d is added again. Two ordinary numbers
 * take one step; integers below 2^52, a division and a product.
 * Source: T. Dekker, "A floating-point technique for extending the available precision" (1971), for the product; own arrangement.
 */
export const rem: Subroutine = writeRem()

function writeRem(): Subroutine {
  const b = new Builder()
  const r: Variable = { name: 'r', type: 'f64' }
  const d: Variable = { name: 'd', type: 'f64' }
  const infinity = b.const(Number.POSITIVE_INFINITY)
  const [dividend, divisor] = [b.input(0), b.input(1)]

  const body = b.body(() => {
    const least = b.op('abs', [divisor])
    b.set(r, b.op('abs', [dividend]))
    b.set(d, least)
    const isPositive = b.op('gt', [least, b.const(0)])
    b.if(
      b.op('and', [isPositive, b.op('and', [isShort(b, b.get(r)), isShort(b, least)])]),
      () => {
        const quotient = b.op('trunc', [b.op('div', [b.get(r), least])])
        b.set(r, b.op('sub', [b.get(r), b.op('mul', [quotient, least])]))
      },
      () =>
        b.if(
          b.op('and', [b.op('lt', [b.get(r), infinity]), isPositive]),
          // What is below the divisor, an infinite one too, stays as it is.
          () => b.if(b.op('ge', [b.get(r), least]), () => reduce(b, r, d, least)),
          () => b.set(r, b.const(Number.NaN)),
        ),
    )
    b.set(r, b.op('select', [b.op('signbit', [dividend]), b.op('neg', [b.get(r)]), b.get(r)]))
  })
  return { name: 'rem', inputs: ['f64', 'f64'], body, results: [r] }
}

/** Of a number that is not negative: an integer whose quotients, by integers, are not rounded up. */
function isShort(b: Builder, value: Value): Value {
  return b.op('and', [b.op('lt', [value, b.const(SHORT)]), b.op('eq', [b.op('trunc', [value]), value])])
}

function reduce(b: Builder, r: Variable, d: Variable, least: Value): void {
  b.loop('enlarge', (enlarge) => {
    const quotient = b.op('div', [b.get(r), b.get(d)])
    b.if(b.op('lt', [quotient, b.const(EXACT_QUOTIENT)]), () => b.leave(enlarge))
    b.set(d, b.op('mul', [b.get(d), b.const(STEP)]))
  })
  b.loop('reduce', (loop) => {
    b.set(r, step(b, b.get(r), b.get(d)))
    b.if(b.op('eq', [b.get(d), least]), () => b.leave(loop))
    b.set(d, b.op('mul', [b.get(d), b.const(1 / STEP)]))
  })
}

/** r % d for r < 2^53 * d. */
function step(b: Builder, r: Value, d: Value): Value {
  const isLarge = b.op('gt', [r, b.const(LARGE)])
  const scale = b.op('select', [isLarge, b.const(SMALLER), b.const(1)])
  const [rs, ds] = [b.op('mul', [r, scale]), b.op('mul', [d, scale])]
  const q = b.op('trunc', [b.op('div', [rs, ds])])

  // q * ds is product + error, exactly.
  const product = b.op('mul', [q, ds])
  const [qHigh, qLow] = split(b, q)
  const [dHigh, dLow] = split(b, ds)
  const first = b.op('sub', [b.op('mul', [qHigh, dHigh]), product])
  const second = b.op('add', [first, b.op('mul', [qHigh, dLow])])
  const third = b.op('add', [second, b.op('mul', [qLow, dHigh])])
  const error = b.op('add', [third, b.op('mul', [qLow, dLow])])

  const left = b.op('sub', [b.op('sub', [rs, product]), error])
  const isBelow = b.op('lt', [left, b.const(0)])
  const reduced = b.op('select', [isBelow, b.op('add', [left, ds]), left])
  const unscaled = b.op('mul', [reduced, b.op('select', [isLarge, b.const(1 / SMALLER), b.const(1)])])
  // Far above r, d is not scaled, and its parts overflow.
  return b.op('select', [b.op('lt', [r, d]), r, unscaled])
}

function split(b: Builder, x: Value): [Value, Value] {
  const scaled = b.op('mul', [x, b.const(VELTKAMP)])
  const high = b.op('sub', [scaled, b.op('sub', [scaled, x])])
  return [high, b.op('sub', [x, high])]
}
