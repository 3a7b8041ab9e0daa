import type { OpName } from '../../ir/ops.ts'

/** What one operation is in AssemblyScript: an expression of operands that need no brackets. */
type Row = (args: readonly string[], imm: number) => string

function infix(sign: string): Row {
  return (args) => args.join(` ${sign} `)
}

function call(name: string): Row {
  return (args) => `${name}(${args.join(', ')})`
}

/** `exponent` and `mantissa`, with their word c. */
function split(name: string): Row {
  return ([x], c) => `${name}(${x}, 0x${c.toString(16)})`
}

/**
 * Each operation that is an expression of its operands. Builtins are named with their type, since a kernel may bear the name of any that has none.
 * None traps: what would is a function of `HELPERS`.
 */
const ROWS: Readonly<Record<Exclude<OpName, Outside>, Row>> = {
  add: infix('+'),
  sub: infix('-'),
  mul: infix('*'),
  div: infix('/'),
  neg: ([a]) => `-${a}`,
  abs: call('f64.abs'),
  sqrt: call('f64.sqrt'),
  floor: call('f64.floor'),
  ceil: call('f64.ceil'),
  trunc: call('f64.trunc'),
  round: call('round'),
  min: call('f64.min'),
  max: call('f64.max'),
  lesser: ([a, b]) => `${a} < ${b} ? ${a} : ${b}`,
  greater: ([a, b]) => `${a} > ${b} ? ${a} : ${b}`,
  rem: infix('%'),
  remPow2: call('remExact'),
  remInt: call('remExact'),
  fround: ([a]) => `<f64><f32>${a}`,
  pow2: call('pow2'),
  scalb: call('scalb'),
  exponent: split('exponent'),
  mantissa: split('mantissa'),
  signbit: ([a]) => `i64.reinterpret_f64(${a}) < 0`,
  bit: call('bit'),
  eq: infix('=='),
  ne: infix('!='),
  lt: infix('<'),
  le: infix('<='),
  gt: infix('>'),
  ge: infix('>='),
  and: infix('&'),
  or: infix('|'),
  xor: infix('!='),
  not: ([a]) => `!${a}`,
  select: ([m, a, b]) => `${m} ? ${a} : ${b}`,
  addI32: infix('+'),
  subI32: infix('-'),
  mulI32: infix('*'),
  divI32: call('divI32'),
  remI32: call('remI32'),
  andI32: infix('&'),
  orI32: infix('|'),
  xorI32: infix('^'),
  notI32: ([a]) => `~${a}`,
  shl: infix('<<'),
  sar: infix('>>'),
  shr: infix('>>>'),
  clz32: call('i32.clz'),
  eqI32: infix('=='),
  neI32: infix('!='),
  ltI32: infix('<'),
  leI32: infix('<='),
  gtI32: infix('>'),
  geI32: infix('>='),
  toI32: call('toI32'),
  i32ToF64: ([a]) => `<f64>${a}`,
  u32ToF64: ([a]) => `<f64><u32>${a}`,
  maskToF64: ([a]) => `<f64>${a}`,
  maskToI32: ([a]) => `<i32>${a}`,
}

/** What stands for something outside. */
type Outside = 'const' | 'constI32' | 'constMask' | 'input' | 'uniform' | 'length' | 'get' | 'gather'

/** The expression of an operation on these operands. */
export function printOp(op: Exclude<OpName, Outside>, args: readonly string[], imm: number): string {
  return ROWS[op](args, imm)
}
