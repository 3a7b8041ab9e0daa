import type { Set as SetStatement, Statement, Value, Variable } from '../ir/ir.ts'
import { everyStatement } from '../ir/places.ts'

/** A variable that is only ever given a start, and moved by one constant, or more of the same sign. */
export interface Counter {
  /** The smallest of its steps. */
  readonly step: number
  /** The start that is farthest back. */
  readonly first: number
  /** It is never NaN. */
  readonly isNumber: boolean
  /** What moves it. */
  readonly steps: ReadonlySet<Statement>
}

/** What values are at least and at most, where they are numbers at all; infinite where that is not known. */
export class Extremes {
  readonly #sets = new Map<Variable, SetStatement[]>()
  readonly #most = new Map<Value, number>()
  readonly #least = new Map<Value, number>()
  /** Set by calls, or asked for just now. */
  readonly #unknown = new Set<Variable>()

  constructor(body: readonly Statement[]) {
    for (const statement of everyStatement(body)) {
      if (statement.kind === 'set') {
        const sets = this.#sets.get(statement.variable)
        if (sets) sets.push(statement)
        else this.#sets.set(statement.variable, [statement])
      } else if (statement.kind === 'call') for (const variable of statement.results) this.#unknown.add(variable)
    }
  }

  most(value: Value): number {
    return this.#extreme(value, 1)
  }

  least(value: Value): number {
    return -this.#extreme(value, -1)
  }

  /** Of a read of one, or of what it was just moved to. */
  counterOf(value: Value): Counter | undefined {
    const variable = value.variable ?? moved(value)?.variable
    const sets = variable && !this.#unknown.has(variable) ? this.#sets.get(variable) : undefined
    if (!variable || !sets) return undefined
    const steps = sets.filter((each) => moved(each.value)?.variable === variable)
    const amounts = steps.map((each) => moved(each.value)?.by as number)
    const isUp = amounts.every((by) => by > 0)
    if (steps.length === 0 || !(isUp || amounts.every((by) => by < 0)) || !amounts.every(Number.isInteger))
      return undefined
    const sign = isUp ? 1 : -1
    // A test of i - 5 sees less than i.
    if (!value.variable && (moved(value)?.by as number) * sign < 0) return undefined
    const step = amounts.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a))
    // The farthest back a start may be, and all else that is assigned to it is a step.
    const starts = sets.filter((each) => !steps.includes(each))
    const first = -this.#outermost(variable, starts, -sign) * sign
    const isNumber = starts.every(({ value }) => isNumberConstant(value))
    return { step, first, isNumber, steps: new Set(steps) }
  }

  /** The most that any of the values is, times the sign. */
  #outermost(variable: Variable, sets: readonly SetStatement[], sign: number): number {
    this.#unknown.add(variable)
    const found = sets.map((each) => this.#extreme(each.value, sign))
    this.#unknown.delete(variable)
    return Math.max(...found)
  }

  /** The most that `sign * value` is. */
  #extreme(value: Value, sign: number): number {
    const known = (sign > 0 ? this.#most : this.#least).get(value)
    if (known !== undefined) return known
    const found = this.#find(value, sign)
    ;(sign > 0 ? this.#most : this.#least).set(value, found)
    return found
  }

  #find({ op, args, imm, variable }: Value, sign: number): number {
    const [a, b] = args as [Value, Value]
    const of = (inner: Value) => this.#extreme(inner, sign)
    switch (op) {
      case 'const':
      case 'constI32':
        return Number.isNaN(imm) ? Number.NEGATIVE_INFINITY : imm * sign
      case 'min':
      case 'max':
        return (op === 'min') === sign > 0 ? Math.min(of(a), of(b)) : Math.max(of(a), of(b))
      // Where a is NaN it is b.
      case 'lesser':
      case 'greater':
        return (op === 'lesser') === sign > 0 ? of(b) : Math.max(of(a), of(b))
      case 'select':
        return Math.max(of(b), of(args[2] as Value))
      case 'floor':
      case 'ceil':
      case 'trunc':
        return Math.ceil(of(a))
      case 'maskToF64':
      case 'maskToI32':
        return sign > 0 ? 1 : 0
      case 'andI32':
        return b.op === 'constI32' && b.imm >= 0 ? (sign > 0 ? b.imm : 0) : Number.POSITIVE_INFINITY
      case 'i32ToF64':
        return of(a)
      case 'neg':
        return this.#extreme(a, -sign)
      case 'get':
        return this.#ofVariable(variable as Variable, sign)
      default:
        return Number.POSITIVE_INFINITY
    }
  }

  #ofVariable(variable: Variable, sign: number): number {
    const sets = this.#sets.get(variable)
    if (!sets || this.#unknown.has(variable)) return Number.POSITIVE_INFINITY
    // What moves it the other way is no more than it was.
    const others = sets.filter((each) => {
      const step = moved(each.value)
      return !(step?.variable === variable && step.by * sign < 0)
    })
    return others.length === 0 ? Number.POSITIVE_INFINITY : this.#outermost(variable, others, sign)
  }
}

export function isNumberConstant({ op, imm }: Value): boolean {
  return op === 'constI32' || (op === 'const' && !Number.isNaN(imm))
}

/** A variable and a constant: their sum. */
function moved({ op, args }: Value): { readonly variable: Variable; readonly by: number } | undefined {
  const [a, b] = args
  if (!a?.variable || !b || !(b.op === 'const' || b.op === 'constI32')) return undefined
  if (op === 'add' || op === 'addI32') return { variable: a.variable, by: b.imm }
  return op === 'sub' || op === 'subI32' ? { variable: a.variable, by: -b.imm } : undefined
}
