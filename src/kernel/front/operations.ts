import type { Builder } from '../ir/build.ts'
import type { Value } from '../ir/ir.ts'
import type { OpName } from '../ir/ops.ts'
import { powerOf2 } from '../ir/power.ts'
import type { Expr, Operator } from './core.ts'
import { type Fact, type Facts, fitsI32 } from './facts.ts'
import { constantOf } from './fold.ts'
import { refuse } from './frame.ts'

/** A value, and how its bits are to be read: a u32 is an i32 whose number is that of the unsigned bits. */
export interface Emitted {
  readonly value: Value
  readonly repr: 'mask' | 'i32' | 'u32' | 'f64'
}

type Operation = Extract<Expr, { kind: 'operation' }>

/** The form that a value of that fact is held in. */
export function form(fact: Fact): Emitted['repr'] {
  return fact.repr === 'none' || fact.repr === 'small' ? 'f64' : fact.repr
}

const F64: Partial<Record<Operator, OpName>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  neg: 'neg',
  abs: 'abs',
  sqrt: 'sqrt',
  floor: 'floor',
  ceil: 'ceil',
  trunc: 'trunc',
  round: 'round',
  fround: 'fround',
  min: 'min',
  max: 'max',
  pow2: 'pow2',
  scalb: 'scalb',
  lesser: 'lesser',
  greater: 'greater',
}

const I32: Partial<Record<Operator, OpName>> = {
  '&': 'andI32',
  '|': 'orI32',
  '^': 'xorI32',
  '~': 'notI32',
  '<<': 'shl',
  '>>': 'sar',
  '>>>': 'shr',
  imul: 'mulI32',
  clz32: 'clz32',
}

const COMPARE: Partial<Record<Operator, readonly [f64: OpName, i32: OpName]>> = {
  '<': ['lt', 'ltI32'],
  '<=': ['le', 'leI32'],
  '>': ['gt', 'gtI32'],
  '>=': ['ge', 'geI32'],
  '==': ['eq', 'eqI32'],
  '===': ['eq', 'eqI32'],
  '!=': ['ne', 'neI32'],
  '!==': ['ne', 'neI32'],
}

/** Sums and products whose low 32 bits are those of the same on int32. */
const RING: Partial<Record<Operator, OpName>> = { '+': 'addI32', '-': 'subI32', '*': 'mulI32' }

/** An operation of which a constant second operand leaves nothing but ToInt32 of the first. */
const CONVERTS: ReadonlySet<Operator> = new Set<Operator>(['|', '^', '<<', '>>', '>>>'])

/** Writes operations, each in the type that its arguments allow, and conversions between them. */
export class Operations {
  readonly #builder: Builder
  readonly #facts: Facts
  readonly #value: (expr: Expr) => Emitted

  constructor(builder: Builder, facts: Facts, value: (expr: Expr) => Emitted) {
    this.#builder = builder
    this.#facts = facts
    this.#value = value
  }

  operation(expr: Operation): Emitted {
    const { operator, args } = expr
    const [a, b] = args as [Expr, Expr]
    const compare = COMPARE[operator]
    if (compare) return this.#compare(expr, a, b, compare)
    const i32 = I32[operator]
    if (i32) return { value: this.#bits(operator, i32, args), repr: operator === '>>>' ? 'u32' : 'i32' }
    switch (operator) {
      case '!':
        return mask(this.#builder.op('not', [this.truth(this.#value(a))]))
      case 'number': {
        const value = this.#value(a)
        return value.repr === 'mask' ? this.f64(value) : value
      }
      case '%':
        return this.#remainder(expr, a, b)
      case 'isNaN':
      case 'isFinite':
      case 'isInteger':
      case 'isSafeInteger':
        return this.#ask(expr, operator, a)
      case 'exponent':
      case 'mantissa':
        return f64(this.#builder.op(operator, [this.#f64(a)], this.#constant(expr, b)))
      case 'signbit':
        return mask(this.#builder.op('signbit', [this.#f64(a)]))
      case 'bit':
        return mask(this.#builder.op('bit', [this.#f64(a), this.#builder.const(this.#constant(expr, b))]))
      case 'floor':
      case 'ceil':
      case 'trunc':
      case 'round': {
        const value = this.#value(a)
        if (value.repr === 'i32' || value.repr === 'u32') return value
        return f64(this.#builder.op(operator, [this.f64(value).value]))
      }
      default:
        return f64(
          this.#builder.op(
            F64[operator] as OpName,
            args.map((arg) => this.#f64(arg)),
          ),
        )
    }
  }

  /** As a double. */
  f64(given: Emitted): Emitted {
    switch (given.repr) {
      case 'f64':
        return given
      case 'mask':
        return f64(this.#constantMask(given.value) ?? this.#builder.op('maskToF64', [given.value]))
      case 'i32':
        return f64(this.#builder.op('i32ToF64', [given.value]))
      case 'u32':
        return f64(this.#builder.op('u32ToF64', [given.value]))
    }
  }

  /** As a truth value. */
  truth(given: Emitted): Value {
    const builder = this.#builder
    switch (given.repr) {
      case 'mask':
        return given.value
      case 'i32':
      case 'u32':
        return builder.op('neI32', [given.value, builder.constI32(0)])
      case 'f64':
        // Neither zero nor NaN.
        return builder.op('gt', [builder.op('abs', [given.value]), builder.const(0)])
    }
  }

  /** In that form, which holds it. */
  as(given: Emitted, repr: Emitted['repr']): Value {
    switch (repr) {
      case 'f64':
        return this.f64(given).value
      case 'mask':
        return given.value
      case 'i32':
      case 'u32':
        return this.#toI32(given)
    }
  }

  #f64(expr: Expr): Value {
    return this.f64(this.#value(expr)).value
  }

  /** ToInt32 of an expression. */
  #int32(expr: Expr): Value {
    if (expr.kind === 'operation') {
      const { operator, args } = expr
      const ring = RING[operator]
      if (ring && this.#isRing(expr))
        return this.#builder.op(
          ring,
          args.map((arg) => this.#int32(arg)),
        )
      if (operator === 'trunc') return this.#int32(args[0] as Expr)
      if (operator === 'neg' && this.#isRing(expr)) {
        return this.#builder.op('subI32', [this.#builder.constI32(0), this.#int32(args[0] as Expr)])
      }
      if (operator === '/' && args.every((arg) => fitsI32(this.#facts.of(arg))) && this.#holdsI32(args)) {
        return this.#builder.op(
          'divI32',
          args.map((arg) => this.#int32(arg)),
        )
      }
    }
    return this.#toI32(this.#value(expr))
  }

  #toI32({ value, repr }: Emitted): Value {
    switch (repr) {
      case 'i32':
      case 'u32':
        return value
      case 'mask':
        return this.#builder.op('maskToI32', [value])
      case 'f64':
        return value.op === 'const' ? this.#builder.constI32(value.imm | 0) : this.#builder.op('toI32', [value])
    }
  }

  /** Its low 32 bits may be computed on int32: everything in it is exact, and none of it is a double that would be converted. */
  #isRing(expr: Operation): boolean {
    return (
      this.#facts.of(expr).range !== undefined &&
      expr.args.every((arg) => {
        const { repr, range } = this.#facts.of(arg)
        if (arg.kind === 'operation' && (RING[arg.operator] || arg.operator === 'neg')) return this.#isRing(arg)
        return (
          range !== undefined && (repr === 'i32' || repr === 'u32' || repr === 'mask' || constantOf(arg) !== undefined)
        )
      })
    )
  }

  /** At least one is no constant. */
  #holdsI32(args: readonly Expr[]): boolean {
    return args.some((arg) => this.#facts.of(arg).repr === 'i32')
  }

  #bits(operator: Operator, name: OpName, args: readonly Expr[]): Value {
    const [a, b] = args
    if (a && b && CONVERTS.has(operator)) {
      const known = constantOf(b)
      if (known !== undefined && (Number(known) | 0) === 0) return this.#int32(a)
    }
    return this.#builder.op(
      name,
      args.map((arg) => this.#int32(arg)),
    )
  }

  #compare(expr: Operation, a: Expr, b: Expr, [ofF64, ofI32]: readonly [OpName, OpName]): Emitted {
    const { operator } = expr
    const [x, y] = [this.#facts.of(a), this.#facts.of(b)]
    const isEquality = ofF64 === 'eq' || ofF64 === 'ne'
    const isStrict = operator === '===' || operator === '!=='
    if (isStrict && (x.kind !== 'number' || y.kind !== 'number') && !(x.kind === 'boolean' && y.kind === 'boolean')) {
      refuse(
        expr.at,
        `${operator} between what is or may be a truth value and what is or may be a number would ask for types`,
        'make numbers of both: Number(a) === Number(b)',
      )
    }
    const [left, right] = [this.#value(a), this.#value(b)]
    if (isEquality && left.repr === 'mask' && right.repr === 'mask') {
      const differ = this.#builder.op('xor', [left.value, right.value])
      return mask(ofF64 === 'ne' ? differ : this.#builder.op('not', [differ]))
    }
    const areI32 = fitsI32(x) && fitsI32(y) && (x.repr === 'i32' || y.repr === 'i32')
    // Unsigned numbers are equal where their bits are.
    const areU32 = isEquality && left.repr === 'u32' && right.repr === 'u32'
    if (areI32 || areU32) return mask(this.#builder.op(ofI32, [this.#toI32(left), this.#toI32(right)]))
    return mask(this.#builder.op(ofF64, [this.f64(left).value, this.f64(right).value]))
  }

  #remainder(expr: Operation, a: Expr, b: Expr): Emitted {
    const builder = this.#builder
    const fact = this.#facts.of(expr)
    if (fact.repr === 'i32') {
      const args = [this.#int32(a), this.#int32(b)]
      return { value: builder.op('remI32', args), repr: 'i32' }
    }
    const [left, right] = [this.#f64(a), this.#f64(b)]
    const by = right.op === 'const' ? Math.abs(right.imm) : 0
    // The sign of b is none of %'s business.
    const power = powerOf2(by)
    if (power !== undefined && power >= 0 && power <= 1000) return f64(builder.op('remPow2', [left, builder.const(by)]))
    const [x, y] = [this.#facts.of(a).range, this.#facts.of(b).range]
    const areShort = [x, y].every((range) => range && range.low > -(2 ** 52) && range.high < 2 ** 52)
    // A remainder has a range only where b is never 0.
    return f64(builder.op(areShort && fact.range ? 'remInt' : 'rem', [left, right]))
  }

  #ask(expr: Operation, operator: 'isNaN' | 'isFinite' | 'isInteger' | 'isSafeInteger', a: Expr): Emitted {
    const builder = this.#builder
    const { kind } = this.#facts.of(a)
    if (kind === 'mixed') {
      refuse(
        expr.at,
        `Number.${operator} of what may be a truth value would ask for its type`,
        'make a number of it: Number(x)',
      )
    }
    const given = this.#value(a)
    if (kind === 'boolean') return mask(builder.constMask(false))
    if (given.repr !== 'f64') return mask(builder.constMask(operator !== 'isNaN'))
    const x = given.value
    if (operator === 'isNaN') return mask(builder.op('ne', [x, x]))
    const size = builder.op('abs', [x])
    if (operator === 'isFinite') return mask(builder.op('lt', [size, builder.const(Number.POSITIVE_INFINITY)]))
    const isBounded =
      operator === 'isSafeInteger'
        ? builder.op('le', [size, builder.const(Number.MAX_SAFE_INTEGER)])
        : builder.op('lt', [size, builder.const(Number.POSITIVE_INFINITY)])
    return mask(builder.op('and', [isBounded, builder.op('eq', [builder.op('trunc', [x]), x])]))
  }

  #constant(expr: Operation, b: Expr): number {
    const known = constantOf(b)
    if (typeof known === 'number') return known
    return refuse(expr.at, `the second argument of ${expr.operator} is no constant`, 'write the number there')
  }

  #constantMask(value: Value): Value | undefined {
    return value.op === 'constMask' ? this.#builder.const(value.imm) : undefined
  }
}

function f64(value: Value): Emitted {
  return { value, repr: 'f64' }
}

function mask(value: Value): Emitted {
  return { value, repr: 'mask' }
}
