import type { Node } from './draft.ts'
import { isConst, isI32, type Maker, of, type Rule } from './rule.ts'

/** Rules for `select`. */
export const choice: Rule = (make, condition, yes, no) => {
  if (condition.op === 'constMask') return condition.imm === 1 ? yes : no
  if (yes === no) return yes
  if (condition.op === 'not') return make.op('select', [of(condition), no, yes])
  // Of two forms one, so that what is the same is found to be the same.
  if (condition.op === 'ne' || condition.op === 'neI32') {
    return make.op('select', [make.op(condition.op === 'ne' ? 'eq' : 'eqI32', condition.args), no, yes])
  }
  if (yes.op === 'select' && of(yes) === condition) return make.op('select', [condition, yes.args[1] as Node, no])
  if (no.op === 'select' && of(no) === condition) return make.op('select', [condition, yes, no.args[2] as Node])
  if (yes.type === 'mask') return ofMasks(make, condition, yes, no)
  return ofOneAndZero(make, condition, yes, no) ?? ofCompared(make, condition, yes, no)
}

function ofMasks(make: Maker, condition: Node, yes: Node, no: Node): Node | undefined {
  if (yes.op === 'constMask' || yes === condition) {
    if (yes === condition || yes.imm === 1) return make.op('or', [condition, no])
    return make.op('and', [make.op('not', [condition]), no])
  }
  if (no.op === 'constMask' || no === condition) {
    if (no === condition || no.imm === 0) return make.op('and', [condition, yes])
    return make.op('or', [make.op('not', [condition]), yes])
  }
  return undefined
}

function ofOneAndZero(make: Maker, condition: Node, yes: Node, no: Node): Node | undefined {
  const op = yes.type === 'f64' ? 'maskToF64' : 'maskToI32'
  const is = yes.type === 'f64' ? isConst : isI32
  if (is(yes, 1) && is(no, 0)) return make.op(op, [condition])
  return is(yes, 0) && is(no, 1) ? make.op(op, [make.op('not', [condition])]) : undefined
}

/** a < b ? a : b, and the like: of equal zeros, and where one is NaN, it is the second. */
function ofCompared(make: Maker, { op, args }: Node, yes: Node, no: Node): Node | undefined {
  if (op !== 'lt' && op !== 'gt') return undefined
  const [a, b] = args as [Node, Node]
  const isLess = op === 'lt'
  if (a === yes && b === no) return make.op(isLess ? 'lesser' : 'greater', [a, b])
  return a === no && b === yes ? make.op(isLess ? 'greater' : 'lesser', [b, a]) : undefined
}
