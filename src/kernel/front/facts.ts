import { type Expr, HEADER_ASSIGNMENTS, type Local, type Operator, partsOf, type Range, type Step } from './core.ts'
import * as ranges from './range.ts'

/**
 * What is known of a value.
 *
 *   repr   none    nothing was assigned yet
 *          mask    a truth value
 *          small   a constant that i32 or u32 could hold: it takes the form of what it meets
 *          i32     made by bit operations, never −0
 *          u32     the same by >>>
 *          f64     any other number
 */
export interface Fact {
  /** Of JavaScript: 'mixed' is boolean on one path and number on another. */
  readonly kind: 'boolean' | 'number' | 'mixed'
  readonly repr: 'none' | 'mask' | 'small' | 'i32' | 'u32' | 'f64'
  /** Undefined: any number. */
  readonly range?: Range | undefined
}

const NOTHING: Fact = { kind: 'number', repr: 'none' }
const TRUTH: Fact = { kind: 'boolean', repr: 'mask', range: ranges.TRUTH_RANGE }
const ANY: Fact = { kind: 'number', repr: 'f64' }

// A range that grew so often is widened: larger takes more rounds of inference, smaller loses the ends of short chains.
const GROWTHS = 3

/** Facts of every variable, and by them of every expression. */
export class Facts {
  readonly #locals = new Map<Local, Fact>()
  readonly #growths = new Map<Local, number>()
  /** Filled once the facts of variables stand still. */
  #known: Map<Expr, Fact> | undefined

  /** Infers them: the least that all assignments agree with. Cost: O(assignments × rounds), rounds being a few. */
  constructor(steps: readonly Step[]) {
    const assignments: { local: Local; value: Expr | undefined }[] = []
    collect(steps, assignments)
    for (let changed = true; changed; ) {
      changed = false
      for (const { local, value } of assignments) changed = this.#join(local, value ? this.of(value) : ANY) || changed
    }
    this.#known = new Map()
  }

  local(local: Local): Fact {
    return this.#locals.get(local) ?? NOTHING
  }

  of(expr: Expr): Fact {
    const known = this.#known?.get(expr)
    if (known) return known
    const fact = this.#infer(expr)
    this.#known?.set(expr, fact)
    return fact
  }

  #join(local: Local, fact: Fact): boolean {
    const before = this.local(local)
    let after = join(before, fact)
    // Only now is it known that nothing behind the loop assigns it as well.
    const counted = local.assignments === HEADER_ASSIGNMENTS ? local.counted : undefined
    if (counted && after.kind === 'number') after = { ...after, range: ranges.meetRanges(after.range, counted) }
    if (isSame(before, after)) return false
    if (before.range && after.range) {
      const growths = (this.#growths.get(local) ?? 0) + 1
      this.#growths.set(local, growths)
      if (growths > GROWTHS) {
        const range = ranges.widen(before.range, after.range)
        after = settle({ ...after, range: counted ? ranges.meetRanges(range, counted) : range })
      }
    }
    this.#locals.set(local, after)
    return true
  }

  #infer(expr: Expr): Fact {
    switch (expr.kind) {
      case 'number':
        return constant(expr.value)
      case 'boolean':
        return { ...TRUTH, range: ranges.rangeOf(Number(expr.value)) }
      case 'uniform':
        return expr.isBoolean ? TRUTH : ANY
      case 'length':
        return { kind: 'number', repr: 'f64', range: { low: 0, high: 2 ** 53, minusZero: false } }
      case 'input':
      case 'gather':
      case 'program':
        return ANY
      case 'read':
      case 'assign':
        return this.local(expr.local)
      case 'after':
        return this.of(expr.value)
      case 'choose':
        return join(this.of(expr.yes), this.of(expr.no))
      case 'logic':
        return join(this.of(expr.left), this.of(expr.right))
      case 'operation': {
        const args = expr.args.map((arg) => this.of(arg))
        if (args.some(({ repr }) => repr === 'none')) return NOTHING
        return result(expr.operator, args[0] as Fact, args[1] as Fact)
      }
    }
  }
}

/** As an i32 lane may hold it: what was made by bit operations, and small constants beside. */
export function fitsI32({ repr, range }: Fact): boolean {
  return repr === 'i32' || (repr === 'small' && ranges.isWithin(range, ranges.I32_RANGE))
}

function fitsU32({ repr, range }: Fact): boolean {
  return repr === 'u32' || (repr === 'small' && ranges.isWithin(range, ranges.U32_RANGE))
}

function constant(value: number): Fact {
  const range = ranges.rangeOf(value)
  const isSmall = range && !range.minusZero && range.low >= -(2 ** 31) && range.high < 2 ** 32
  return { kind: 'number', repr: isSmall ? 'small' : 'f64', range }
}

function join(a: Fact, b: Fact): Fact {
  if (a.repr === 'none') return b
  if (b.repr === 'none') return a
  const range = a.range && b.range && ranges.hull(a.range, b.range)
  if (a.kind !== b.kind) return { kind: 'mixed', repr: 'f64', range }
  if (a.repr === b.repr) return settle({ ...a, range })
  return { kind: a.kind, repr: fitsI32(a) && fitsI32(b) ? 'i32' : fitsU32(a) && fitsU32(b) ? 'u32' : 'f64', range }
}

/** Small constants that together fit neither i32 nor u32 are doubles. */
function settle(fact: Fact): Fact {
  return fact.repr === 'small' && !fitsI32(fact) && !fitsU32(fact) ? { ...fact, repr: 'f64' } : fact
}

function isSame(a: Fact, b: Fact): boolean {
  const [x, y] = [a.range, b.range]
  const sameRange = x?.low === y?.low && x?.high === y?.high && x?.minusZero === y?.minusZero
  return a.kind === b.kind && a.repr === b.repr && sameRange
}

function result(operator: Operator, a: Fact, b: Fact): Fact {
  const [x, y] = [a.range, b?.range]
  switch (operator) {
    case '!':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '==':
    case '!=':
    case '===':
    case '!==':
    case 'isNaN':
    case 'isFinite':
    case 'isInteger':
    case 'isSafeInteger':
    case 'signbit':
    case 'bit':
      return TRUTH
    case '&':
      return i32(ranges.conjunction(asI32(x), asI32(y)))
    case '|':
    case '^':
      return i32(isZero(y) ? asI32(x) : ranges.union(asI32(x), asI32(y)))
    case '>>': {
      const by = y && y.low === y.high ? y.low & 31 : 0
      const from = asI32(x)
      return i32({ low: Math.min(from.low >> by, 0), high: Math.max(from.high >> by, 0), minusZero: false })
    }
    case '>>>': {
      const by = y && y.low === y.high ? y.low & 31 : 0
      return { kind: 'number', repr: 'u32', range: { low: 0, high: 0xffffffff >>> by, minusZero: false } }
    }
    case '<<':
    case '~':
    case 'imul':
      return i32(ranges.I32_RANGE)
    case 'clz32':
      return i32({ low: 0, high: 32, minusZero: false })
    case '+':
      return f64(x && y && ranges.sum(x, y))
    case '-':
      return f64(x && y && ranges.difference(x, y))
    case '*':
      return f64(x && y && ranges.product(x, y))
    case '%': {
      const range = x && y && ranges.remainder(x, y)
      const isInteger = range && (a.repr === 'i32' || b.repr === 'i32') && fitsI32(a) && fitsI32(b)
      return isInteger && x.low >= 0 ? i32(range) : f64(range)
    }
    case 'neg':
      return f64(x && ranges.negated(x))
    case 'number':
      return a.kind === 'number' ? a : f64(x)
    case 'floor':
    case 'ceil':
    case 'trunc':
    case 'round':
      return a.kind === 'number' ? a : f64(x)
    case 'abs':
      return f64(
        x &&
          ranges.range(ranges.holdsZero(x) ? 0 : Math.min(Math.abs(x.low), Math.abs(x.high)), Math.max(-x.low, x.high)),
      )
    case 'min':
      return f64(x && y && { ...ranges.hull(x, y), high: Math.min(x.high, y.high) })
    case 'max':
      return f64(x && y && { ...ranges.hull(x, y), low: Math.max(x.low, y.low) })
    default:
      return ANY
  }
}

function i32(range: Range): Fact {
  return { kind: 'number', repr: 'i32', range: { ...range, minusZero: false } }
}

function f64(range: Range | undefined): Fact {
  return { kind: 'number', repr: 'f64', range }
}

/** After ToInt32. */
function asI32(range: Range | undefined): Range {
  return range && ranges.isWithin(range, ranges.I32_RANGE) ? range : ranges.I32_RANGE
}

function isZero(range: Range | undefined): boolean {
  return range?.low === 0 && range.high === 0
}

function collect(steps: readonly Step[], into: { local: Local; value: Expr | undefined }[]): void {
  for (const step of steps) {
    switch (step.kind) {
      case 'do':
        collectExpr(step.expression, into)
        break
      case 'if':
        collectExpr(step.condition, into)
        collect(step.yes, into)
        collect(step.no, into)
        break
      case 'block':
      case 'loop':
        collect(step.body, into)
        break
      case 'cold':
        for (const arg of step.args) collectExpr(arg, into)
        for (const local of step.targets) if (local) into.push({ local, value: undefined })
        break
      default:
    }
  }
}

function collectExpr(expr: Expr, into: { local: Local; value: Expr | undefined }[]): void {
  if (expr.kind === 'after') collect(expr.steps, into)
  for (const part of partsOf(expr)) collectExpr(part, into)
  if (expr.kind === 'assign') into.push({ local: expr.local, value: expr.value })
}
