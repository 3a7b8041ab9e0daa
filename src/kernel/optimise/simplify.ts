import { OPS, type OpName } from '../ir/ops.ts'
import { choice } from './choice.ts'
import { DOUBLES } from './doubles.ts'
import type { Node } from './draft.ts'
import { INTEGERS } from './integers.ts'
import { isConstant, type Maker, type Rules } from './rule.ts'
import { TRUTH } from './truth.ts'

const RULES: Rules = { ...DOUBLES, ...INTEGERS, ...TRUTH, select: choice }

/** The value of an operation on these arguments, where it is a constant or a simpler one; undefined: it is not. */
export function simplify(make: Maker, op: OpName, args: readonly Node[], imm: number): Node | undefined {
  return fold(make, op, args, imm) ?? RULES[op]?.(make, args[0] as Node, args[1] as Node, args[2] as Node)
}

/** Of constants, by the operation's own meaning. */
function fold(make: Maker, op: OpName, args: readonly Node[], imm: number): Node | undefined {
  for (const arg of args) if (!isConstant(arg)) return undefined
  const { evaluate, result } = OPS[op]
  if (evaluate === undefined) return undefined
  const [a, b, c] = args as [Node, Node, Node]
  const word = op === 'exponent' || op === 'mantissa'
  const x = evaluate(a.imm, word ? imm : b?.imm, c?.imm)
  switch (result === 'args' ? (args[args.length - 1] as Node).type : result) {
    case 'i32':
      return make.constI32(x | 0)
    case 'mask':
      return make.constMask(x === 1)
    default:
      return make.const(x)
  }
}
