import { powerOf2 } from '../ir/power.ts'
import type { Node } from './draft.ts'
import { isConst, type Maker, of, type Rules } from './rule.ts'
import { NOT_MINUS_ZERO, UNSIGNED, WHOLE } from './traits.ts'

/** 2^k and 2^-k are both normal up to here. */
const MOST_EXPONENT = 1022
/** Of the divisor of `remPow2`. */
const MOST_REMAINDER = 1000

/**
 * Rules for doubles. x + 0 is not x where x is -0; x - 0 and x + -0 are. Rounding knows no sign: so a `neg` moves out of products and quotients, until
 * something takes it in.
 */
export const DOUBLES: Rules = {
  add: (make, a, b) => plus(make, a, b) ?? plus(make, b, a),
  sub: (make, a, b) => {
    if (isConst(b, 0)) return a
    if (b.op === 'neg') return make.op('add', [a, of(b)])
    return isConst(a, -0) ? make.op('neg', [b]) : undefined
  },
  mul: (make, a, b) => times(make, a, b) ?? times(make, b, a),
  div: (make, a, b) => {
    if (b.op === 'const') {
      const k = powerOf2(Math.abs(b.imm))
      if (k !== undefined && Math.abs(k) <= MOST_EXPONENT) return make.op('mul', [a, make.const(1 / b.imm)])
      if (a.op === 'neg') return make.op('div', [of(a), make.const(-b.imm)])
    }
    if (b.op === 'neg') {
      if (a.op === 'const') return make.op('div', [make.const(-a.imm), of(b)])
      return make.op('neg', [make.op('div', [a, of(b)])])
    }
    return a.op === 'neg' ? make.op('neg', [make.op('div', [of(a), b])]) : undefined
  },
  neg: (make, a) => {
    if (a.op === 'neg') return of(a)
    if (a.op !== 'mul') return undefined
    const [x, y] = a.args as [Node, Node]
    if (y.op === 'const') return make.op('mul', [x, make.const(-y.imm)])
    return x.op === 'const' ? make.op('mul', [make.const(-x.imm), y]) : undefined
  },
  abs: (make, a) => {
    if (a.traits & UNSIGNED) return a
    const size = a.op === 'neg' ? of(a) : withoutSignOfZero(make, a)
    return size === a ? undefined : make.op('abs', [size])
  },
  floor: whole,
  ceil: whole,
  trunc: whole,
  round: whole,
  min: same,
  max: same,
  lesser: same,
  greater: same,
  fround: (_, a) => (a.op === 'fround' ? a : undefined),
  rem: (make, a, b) => {
    const k = b.op === 'const' ? powerOf2(Math.abs(b.imm)) : undefined
    if (k === undefined || k < 0 || k > MOST_REMAINDER) return undefined
    return make.op('remPow2', [a, make.const(Math.abs(b.imm))])
  },
  // An i32 is a remainder already.
  remPow2: (_, a, b) => (a.op === 'i32ToF64' && b.imm > 2 ** 31 ? a : undefined),
}

/** The same number, but that a zero may have the other sign. */
export function withoutSignOfZero(make: Maker, node: Node): Node {
  if (node.isSigned) return node
  const [a, b] = node.args as [Node, Node]
  switch (node.op) {
    case 'add':
      if (isConst(b, 0)) return a
      return isConst(a, 0) ? b : node
    case 'remPow2': {
      const quotient = make.op('trunc', [make.op('mul', [a, make.const(1 / b.imm)])])
      return make.op('sub', [a, make.op('mul', [quotient, b])])
    }
    case 'remInt': {
      const quotient = make.op('trunc', [make.op('div', [a, b])])
      return make.op('sub', [a, make.op('mul', [quotient, b])])
    }
    default:
      return node
  }
}

function plus(make: Maker, a: Node, b: Node): Node | undefined {
  if (isConst(b, -0) || (isConst(b, 0) && a.traits & NOT_MINUS_ZERO)) return a
  return b.op === 'neg' ? make.op('sub', [a, of(b)]) : undefined
}

function times(make: Maker, a: Node, b: Node): Node | undefined {
  if (isConst(b, 1)) return a
  if (isConst(b, -1)) return make.op('neg', [a])
  if (a.op !== 'neg') return undefined
  if (b.op === 'const') return make.op('mul', [of(a), make.const(-b.imm)])
  return make.op('neg', [make.op('mul', [of(a), b])])
}

function whole(_: Maker, a: Node): Node | undefined {
  return a.traits & WHOLE ? a : undefined
}

function same(_: Maker, a: Node, b: Node): Node | undefined {
  return a === b ? a : undefined
}
