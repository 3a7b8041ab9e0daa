import { OPS, type OpName } from '../ir/ops.ts'
import { withoutSignOfZero } from './doubles.ts'
import type { Node } from './draft.ts'
import { isConst, isConstant, isZero, type Maker, of, type Rule, type Rules } from './rule.ts'
import { NOT_NAN, UNSIGNED } from './traits.ts'

/** The comparison with its sides changed. */
const MIRRORED: Partial<Record<OpName, OpName>> = {
  eq: 'eq',
  ne: 'ne',
  lt: 'gt',
  le: 'ge',
  gt: 'lt',
  ge: 'le',
  eqI32: 'eqI32',
  neI32: 'neI32',
  ltI32: 'gtI32',
  leI32: 'geI32',
  gtI32: 'ltI32',
  geI32: 'leI32',
}

/** What holds where the other does not; of doubles, NaN has its say. */
const OPPOSITE: Partial<Record<OpName, OpName>> = {
  eq: 'ne',
  ne: 'eq',
  eqI32: 'neI32',
  neI32: 'eqI32',
  ltI32: 'geI32',
  leI32: 'gtI32',
  gtI32: 'leI32',
  geI32: 'ltI32',
}

const OF_I32: Partial<Record<OpName, OpName>> = {
  eq: 'eqI32',
  ne: 'neI32',
  lt: 'ltI32',
  le: 'leI32',
  gt: 'gtI32',
  ge: 'geI32',
}

/** Rules for comparisons and truth values. */
export const TRUTH: Rules = {
  eq: comparison('eq'),
  ne: comparison('ne'),
  lt: comparison('lt'),
  le: comparison('le'),
  gt: comparison('gt'),
  ge: comparison('ge'),
  eqI32: comparisonI32('eqI32'),
  neI32: comparisonI32('neI32'),
  ltI32: comparisonI32('ltI32'),
  leI32: comparisonI32('leI32'),
  gtI32: comparisonI32('gtI32'),
  geI32: comparisonI32('geI32'),
  signbit: (make, a) => ((a.traits & UNSIGNED) !== 0 ? make.constMask(false) : undefined),
  bit: (make, a, b) => {
    const plain = a.op === 'add' ? withoutSignOfZero(make, a) : a
    return plain === a ? undefined : make.op('bit', [plain, b])
  },

  not: (make, a) => {
    if (a.op === 'not') return of(a)
    const opposite = OPPOSITE[a.op]
    return opposite && make.op(opposite, a.args)
  },
  and: (make, a, b) => both(make, a, b) ?? both(make, b, a),
  or: (make, a, b) => either(make, a, b) ?? either(make, b, a),
  xor: (make, a, b) => {
    if (a === b) return make.constMask(false)
    return differing(make, a, b) ?? differing(make, b, a)
  },
}

function comparison(op: OpName): Rule {
  return (make, a, b) => {
    if (a.op === 'const' && b.op !== 'const') return make.op(MIRRORED[op] as OpName, [b, a])
    if (isConst(b, Number.NaN)) return make.constMask(op === 'ne')
    if (a === b) return ofSame(make, op, a)
    const decided = ofTwo(make, op, a, b)
    if (decided) return decided
    const integers = ofIntegers(make, op, a, b)
    if (integers) return integers
    if (a.op === 'neg' && b.op === 'const') return make.op(MIRRORED[op] as OpName, [of(a), make.const(-b.imm)])
    const [x, y] = [withoutSignOfZero(make, a), withoutSignOfZero(make, b)]
    return x === a && y === b ? undefined : make.op(op, [x, y])
  }
}

function comparisonI32(op: OpName): Rule {
  return (make, a, b) => {
    if (a.op === 'constI32' && b.op !== 'constI32') return make.op(MIRRORED[op] as OpName, [b, a])
    if (a === b) return make.constMask(op === 'eqI32' || op === 'leI32' || op === 'geI32')
    return ofTwo(make, op, a, b)
  }
}

function ofSame(make: Maker, op: OpName, a: Node): Node | undefined {
  if (op === 'lt' || op === 'gt') return make.constMask(false)
  return (a.traits & NOT_NAN) !== 0 ? make.constMask(op !== 'ne') : undefined
}

/** Of one of two constants, by a mask, and a third one. */
function ofTwo(make: Maker, op: OpName, a: Node, b: Node): Node | undefined {
  if (!isConstant(b)) return undefined
  const isMask = a.op === 'maskToF64' || a.op === 'maskToI32'
  const [mask, yes, no] = a.args as [Node, Node, Node]
  if (!isMask && !(a.op === 'select' && isConstant(yes) && isConstant(no))) return undefined
  const compare = OPS[op].evaluate as (a: number, b: number, c: number) => number
  const [ifSo, ifNot] = [isMask ? 1 : yes.imm, isMask ? 0 : no.imm].map((x) => compare(x, b.imm, 0))
  if (ifSo === ifNot) return make.constMask(ifSo === 1)
  return ifSo === 1 ? mask : make.op('not', [mask])
}

/** Doubles that hold integers are compared as these. */
function ofIntegers(make: Maker, op: OpName, a: Node, b: Node): Node | undefined {
  const isEquality = op === 'eq' || op === 'ne'
  const ofI32 = OF_I32[op] as OpName
  if (a.op === 'i32ToF64') {
    if (b.op === 'i32ToF64') return make.op(ofI32, [of(a), of(b)])
    return b.op === 'const' && (b.imm | 0) === b.imm ? make.op(ofI32, [of(a), make.constI32(b.imm | 0)]) : undefined
  }
  if (!isEquality) return undefined
  if (a.op === 'u32ToF64') {
    if (b.op === 'u32ToF64') return make.op(ofI32, [of(a), of(b)])
    return b.op === 'const' && b.imm >>> 0 === b.imm ? make.op(ofI32, [of(a), make.constI32(b.imm | 0)]) : undefined
  }
  if (a.op === 'remPow2' && isZero(b) && of(a).op === 'i32ToF64') {
    const low = make.op('andI32', [of(of(a)), make.constI32(((a.args[1] as Node).imm - 1) | 0)])
    return make.op(ofI32, [low, make.constI32(0)])
  }
  return undefined
}

function isTruth({ op, imm }: Node, truth: boolean): boolean {
  return op === 'constMask' && imm === Number(truth)
}

function isNot(a: Node, b: Node): boolean {
  return (a.op === 'not' && of(a) === b) || (b.op === 'not' && of(b) === a)
}

function both(make: Maker, a: Node, b: Node): Node | undefined {
  if (a === b || isTruth(b, true)) return a
  if (isTruth(b, false) || isNot(a, b)) return make.constMask(false)
  return b.op === 'and' && b.args.includes(a) ? b : undefined
}

function either(make: Maker, a: Node, b: Node): Node | undefined {
  if (a === b || isTruth(b, false)) return a
  if (isTruth(b, true) || isNot(a, b)) return make.constMask(true)
  return b.op === 'or' && b.args.includes(a) ? b : undefined
}

function differing(make: Maker, a: Node, b: Node): Node | undefined {
  if (isTruth(b, false)) return a
  if (isTruth(b, true)) return make.op('not', [a])
  return b.op === 'not' ? make.op('not', [make.op('xor', [a, of(b)])]) : undefined
}
