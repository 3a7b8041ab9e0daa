import type { OpName } from '../ir/ops.ts'
import type { Node } from './draft.ts'

/** What may be known of a double, as bits. */
export const NOT_NAN = 1
export const NOT_MINUS_ZERO = 2
/** An integer, an infinity or NaN. */
export const WHOLE = 4
/** Its sign bit is not set, but of a NaN. */
export const UNSIGNED = 8

const COUNT = NOT_NAN | NOT_MINUS_ZERO | WHOLE | UNSIGNED

type Rule = (args: readonly Node[]) => number

const rounding: Rule = ([a]) => WHOLE | (traits(a) & (NOT_NAN | UNSIGNED))

/** Either of two arguments. */
const either: Rule = ([a, b]) => traits(a) & traits(b)

const TRAITS: Partial<Record<OpName, Rule>> = {
  length: () => COUNT,
  // A sum is -0 where both are.
  add: ([a, b]) => ((traits(a) | traits(b)) & NOT_MINUS_ZERO) | (traits(a) & traits(b) & (WHOLE | UNSIGNED)),
  // a - b is -0 where a is, and b is 0.
  sub: ([a, b]) => (traits(a) & NOT_MINUS_ZERO) | (traits(a) & traits(b) & WHOLE),
  mul: ([a, b]) => {
    const isSquare = a === b ? NOT_MINUS_ZERO | UNSIGNED : 0
    return isSquare | (traits(a) & traits(b) & (WHOLE | UNSIGNED))
  },
  neg: ([a]) => traits(a) & (NOT_NAN | WHOLE),
  abs: ([a]) => (traits(a) & (NOT_NAN | WHOLE)) | NOT_MINUS_ZERO | UNSIGNED,
  sqrt: ([a]) => (traits(a) & UNSIGNED ? NOT_MINUS_ZERO | UNSIGNED : 0),
  floor: rounding,
  ceil: rounding,
  trunc: rounding,
  round: rounding,
  min: either,
  max: either,
  lesser: either,
  greater: either,
  select: ([, a, b]) => traits(a) & traits(b),
  fround: ([a]) => traits(a) & (NOT_NAN | WHOLE | UNSIGNED),
  exponent: () => WHOLE,
  i32ToF64: () => NOT_NAN | NOT_MINUS_ZERO | WHOLE,
  u32ToF64: () => COUNT,
  maskToF64: () => COUNT,
}

/** What is known of the result of an operation. */
export function traitsOf(op: OpName, args: readonly Node[], imm: number): number {
  if (op === 'const') return traitsOfNumber(imm)
  const found = TRAITS[op]?.(args) ?? 0
  // Unsigned is 0 or above, where 0 is not -0.
  return found & UNSIGNED ? found | NOT_MINUS_ZERO : found
}

function traitsOfNumber(x: number): number {
  const isSigned = x < 0 || Object.is(x, -0)
  return (
    (Number.isNaN(x) ? 0 : NOT_NAN) |
    (Object.is(x, -0) ? 0 : NOT_MINUS_ZERO) |
    (Math.trunc(x) === x || Number.isNaN(x) ? WHOLE : 0) |
    (isSigned ? 0 : UNSIGNED)
  )
}

function traits(node: Node | undefined): number {
  return (node as Node).traits
}
