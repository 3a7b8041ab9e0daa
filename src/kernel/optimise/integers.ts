import { powerOf2 } from '../ir/power.ts'
import { withoutSignOfZero } from './doubles.ts'
import type { Node } from './draft.ts'
import { isI32, type Maker, of, type Rules } from './rule.ts'

/** Sums of two of these are exact. */
const MOST_EXACT = 2 ** 52

/** Rules for 32-bit integers and for conversions to them. */
export const INTEGERS: Rules = {
  addI32: (_, a, b) => withoutZero(a, b) ?? withoutZero(b, a),
  subI32: (make, a, b) => {
    if (a === b) return make.constI32(0)
    return isI32(b, 0) ? a : undefined
  },
  mulI32: (make, a, b) => product(make, a, b) ?? product(make, b, a),
  divI32: (make, a, b) => {
    const k = b.op === 'constI32' ? powerOf2(b.imm) : undefined
    if (k === undefined) return undefined
    if (k === 0) return a
    // Towards zero: below it, the remainder is made up for.
    const sign = make.op('sar', [a, make.constI32(31)])
    const bias = make.op('shr', [sign, make.constI32(32 - k)])
    return make.op('sar', [make.op('addI32', [a, bias]), make.constI32(k)])
  },
  // The dividend is not below 0.
  remI32: (make, a, b) => {
    const isPower = b.op === 'constI32' && powerOf2(b.imm) !== undefined
    return isPower ? make.op('andI32', [a, make.constI32(b.imm - 1)]) : undefined
  },
  andI32: (make, a, b) => (a === b ? a : (conjunction(make, a, b) ?? conjunction(make, b, a))),
  orI32: (_, a, b) => (a === b ? a : (withoutZero(a, b) ?? withoutZero(b, a))),
  xorI32: (make, a, b) => (a === b ? make.constI32(0) : (withoutZero(a, b) ?? withoutZero(b, a))),
  notI32: (_, a) => (a.op === 'notI32' ? of(a) : undefined),
  shl: shift,
  sar: shift,
  shr: shift,

  toI32: (make, a) => {
    const plain = a.op === 'trunc' ? of(a) : withoutSignOfZero(make, a)
    return integerOf(make, a) ?? (plain === a ? undefined : make.op('toI32', [plain]))
  },
  i32ToF64: fromMask,
  u32ToF64: fromMask,
}

/** ToInt32 of a double that was made of integers, as their sum modulo 2^32. */
function integerOf(make: Maker, node: Node): Node | undefined {
  switch (node.op) {
    case 'i32ToF64':
    case 'u32ToF64':
      return of(node)
    case 'maskToF64':
      return make.op('maskToI32', [of(node)])
    case 'const':
      return Number.isInteger(node.imm) && Math.abs(node.imm) <= MOST_EXACT ? make.constI32(node.imm | 0) : undefined
    case 'add':
    case 'sub': {
      const [x, y] = node.args as [Node, Node]
      // One of the two is no constant, so that something is won.
      if (![x, y].every(isInteger)) return undefined
      const args = [integerOf(make, x) as Node, integerOf(make, y) as Node]
      return make.op(node.op === 'add' ? 'addI32' : 'subI32', args)
    }
    default:
      return undefined
  }
}

/** A double of no more than 53 bits that integerOf() knows; not a sum, which may have more. */
function isInteger({ op, imm }: Node): boolean {
  if (op === 'const') return Number.isInteger(imm) && Math.abs(imm) <= MOST_EXACT
  return op === 'i32ToF64' || op === 'u32ToF64' || op === 'maskToF64'
}

function withoutZero(a: Node, b: Node): Node | undefined {
  return isI32(b, 0) ? a : undefined
}

function product(make: Maker, a: Node, b: Node): Node | undefined {
  if (b.op !== 'constI32') return undefined
  if (b.imm === 0) return b
  const k = powerOf2(b.imm)
  if (k === undefined) return undefined
  return k === 0 ? a : make.op('shl', [a, make.constI32(k)])
}

function conjunction(make: Maker, a: Node, b: Node): Node | undefined {
  if (b.op !== 'constI32') return undefined
  if (b.imm === 0) return b
  if (b.imm === -1) return a
  if (a.op !== 'andI32') return undefined
  const [x, y] = a.args as [Node, Node]
  if (y.op === 'constI32') return make.op('andI32', [x, make.constI32(y.imm & b.imm)])
  return x.op === 'constI32' ? make.op('andI32', [y, make.constI32(x.imm & b.imm)]) : undefined
}

function shift(_: Maker, a: Node, b: Node): Node | undefined {
  return b.op === 'constI32' && (b.imm & 31) === 0 ? a : undefined
}

function fromMask(make: Maker, a: Node): Node | undefined {
  return a.op === 'maskToI32' ? make.op('maskToF64', [of(a)]) : undefined
}
