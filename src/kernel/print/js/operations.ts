import type { OpName } from '../../ir/ops.ts'
import { powerOf2 } from '../../ir/power.ts'

/** How tightly an expression of JavaScript holds together, loosest first. */
export const LEVEL = {
  conditional: 3,
  or: 4,
  and: 5,
  bitOr: 6,
  bitXor: 7,
  bitAnd: 8,
  equality: 9,
  relation: 10,
  shift: 11,
  sum: 12,
  product: 13,
  unary: 15,
  atom: 20,
} as const

export interface Expression {
  readonly text: string
  readonly level: number
}

/** What an operation is printed of. */
export interface Operands {
  expression(i: number): Expression
  /** Operand `i`, in parentheses if it is looser than `level`. */
  text(i: number, level: number): string
  /** Operand `i` as a name or a number, to stand more than once. */
  atom(i: number): string
  /** The number that operand `i`, a `const`, is. */
  number(i: number): number
  op(i: number): OpName
  /** The name of what `text` computes, in front of the statement. */
  temporary(text: string): string
  /** The name of the `exponent` of operand 0, with the word imm. */
  exponent(): string
  /** Names of the table imm and of its length. */
  table(): { readonly name: string; readonly length: string }
}

/** Printed by name. */
export type Leaf = 'const' | 'constI32' | 'constMask' | 'input' | 'uniform' | 'length' | 'get'

type Row = (operands: Operands) => Expression

/** Of two operands, read from left to right. */
function infix(symbol: string, level: number): Row {
  return (x) => ({ text: `${x.text(0, level)} ${symbol} ${x.text(1, level + 1)}`, level })
}

/** The same, made an i32. */
function infixI32(symbol: string, level: number): Row {
  const wide = infix(symbol, level)
  return (x) => ({ text: `${wide(x).text} | 0`, level: LEVEL.bitOr })
}

function prefix(symbol: string): Row {
  return (x) => {
    const operand = x.text(0, LEVEL.unary)
    // `--x` would be another operator.
    return { text: symbol + (operand.startsWith(symbol) ? `(${operand})` : operand), level: LEVEL.unary }
  }
}

function call(name: string, ...operands: readonly number[]): Row {
  return (x) => atom(`${name}(${operands.map((i) => x.text(i, LEVEL.conditional)).join(', ')})`)
}

function atom(text: string): Expression {
  return { text, level: LEVEL.atom }
}

/** As it is: what differs in type alone. */
const same: Row = (x) => x.expression(0)

/** `powers` holds 2^n at n + 1074. */
function power(n: string): string {
  return `powers[(${n} | 0) + 1074]`
}

const ROUNDING: ReadonlySet<OpName> = new Set<OpName>(['floor', 'ceil', 'trunc', 'round'])

/** By a power of two: V8 takes a rounded number for a small integer, and its product for one that must be checked; a quotient stays a double. */
function product(x: Operands): Expression {
  const isRounded = ROUNDING.has(x.op(0)) && x.op(1) === 'const'
  const k = isRounded ? powerOf2(x.number(1)) : undefined
  if (k === undefined || k < -1022) return infix('*', LEVEL.product)(x)
  return { text: `${x.text(0, LEVEL.product)} / ${2 ** -k}`, level: LEVEL.product }
}

/** The sign of a on a remainder that is exact but for it: a - b * trunc(a / b). */
function remainder(x: Operands, whole: (a: string, b: string) => string): Expression {
  const [a, b] = [x.atom(0), x.atom(1)]
  const rest = x.temporary(`${a} - ${whole(a, b)}`)
  return { text: `${rest} === 0 ? ${a} * 0 : ${rest}`, level: LEVEL.conditional }
}

const oneOrZero: Row = (x) => ({ text: `${x.text(0, LEVEL.or)} ? 1 : 0`, level: LEVEL.conditional })

/** Each operation as an expression with its meaning in every bit. Masks are booleans. */
export const JS: Readonly<Record<Exclude<OpName, Leaf>, Row>> = {
  add: infix('+', LEVEL.sum),
  sub: infix('-', LEVEL.sum),
  mul: product,
  div: infix('/', LEVEL.product),
  neg: prefix('-'),
  abs: call('Math.abs', 0),
  sqrt: call('Math.sqrt', 0),
  floor: call('Math.floor', 0),
  ceil: call('Math.ceil', 0),
  trunc: call('Math.trunc', 0),
  round: call('Math.round', 0),
  min: call('Math.min', 0, 1),
  max: call('Math.max', 0, 1),
  lesser: (x) => choice(`${x.atom(0)} < ${x.atom(1)}`, x),
  greater: (x) => choice(`${x.atom(0)} > ${x.atom(1)}`, x),
  rem: infix('%', LEVEL.product),
  // V8 calls a function for `%` of doubles; the quotient by a power of two is exact, and that of integers is not rounded up.
  remPow2: (x) => remainder(x, (a) => `Math.trunc(${a} * ${1 / x.number(1)}) / ${1 / x.number(1)}`),
  remInt: (x) => remainder(x, (a, b) => `Math.trunc(${a} / ${b}) * ${b}`),
  fround: call('Math.fround', 0),

  pow2: (x) => atom(power(x.text(0, LEVEL.bitOr))),
  scalb: (x) => {
    const p = x.text(0, LEVEL.product)
    const n = x.atom(1)
    const half = x.temporary(`${n} * 0.5 + 6755399441055744 - 6755399441055744`) // rounds it to the nearest integer
    return { text: `${p} * ${power(half)} * ${power(`${n} - ${half}`)}`, level: LEVEL.product }
  },
  exponent: (x) => atom(x.exponent()),
  mantissa: (x) => ({ text: `${x.atom(0)} * powers[1074 - ${x.exponent()}]`, level: LEVEL.product }),
  signbit: (x) => {
    const a = x.atom(0)
    return { text: `${a} < 0 || ${a} === 0 && 1 / ${a} < 0`, level: LEVEL.or }
  },
  bit: (x) => ({ text: `(${x.text(0, LEVEL.bitAnd)} & ${1 << x.number(1)}) !== 0`, level: LEVEL.equality }),

  eq: infix('===', LEVEL.equality),
  ne: infix('!==', LEVEL.equality),
  lt: infix('<', LEVEL.relation),
  le: infix('<=', LEVEL.relation),
  gt: infix('>', LEVEL.relation),
  ge: infix('>=', LEVEL.relation),

  and: infix('&&', LEVEL.and),
  or: infix('||', LEVEL.or),
  xor: infix('!==', LEVEL.equality),
  not: prefix('!'),
  select: (x) => ({
    text: `${x.text(0, LEVEL.or)} ? ${x.text(1, LEVEL.conditional)} : ${x.text(2, LEVEL.conditional)}`,
    level: LEVEL.conditional,
  }),

  addI32: infixI32('+', LEVEL.sum),
  subI32: infixI32('-', LEVEL.sum),
  mulI32: call('Math.imul', 0, 1),
  divI32: infixI32('/', LEVEL.product),
  remI32: infixI32('%', LEVEL.product),
  andI32: infix('&', LEVEL.bitAnd),
  orI32: infix('|', LEVEL.bitOr),
  xorI32: infix('^', LEVEL.bitXor),
  notI32: prefix('~'),
  shl: infix('<<', LEVEL.shift),
  sar: infix('>>', LEVEL.shift),
  shr: infixI32('>>>', LEVEL.shift),
  clz32: call('Math.clz32', 0),
  eqI32: infix('===', LEVEL.equality),
  neI32: infix('!==', LEVEL.equality),
  ltI32: infix('<', LEVEL.relation),
  leI32: infix('<=', LEVEL.relation),
  gtI32: infix('>', LEVEL.relation),
  geI32: infix('>=', LEVEL.relation),

  toI32: (x) => ({ text: `${x.text(0, LEVEL.bitOr)} | 0`, level: LEVEL.bitOr }),
  i32ToF64: same,
  u32ToF64: (x) => ({ text: `${x.text(0, LEVEL.shift)} >>> 0`, level: LEVEL.shift }),
  maskToF64: oneOrZero,
  maskToI32: oneOrZero,

  gather: (x) => {
    const [index, { name, length }] = [x.atom(0), x.table()]
    // The plus, since the array may have become shorter, and what is not there is undefined.
    const entry = `+${name}[${index} >>> 0]`
    return { text: `${index} >>> 0 === ${index} && ${index} < ${length} ? ${entry} : NaN`, level: LEVEL.conditional }
  },
}

function choice(condition: string, x: Operands): Expression {
  return { text: `${condition} ? ${x.atom(0)} : ${x.atom(1)}`, level: LEVEL.conditional }
}
