import { Builder } from '../../../src/kernel/ir/build.ts'
import type { Type, Value, Variable } from '../../../src/kernel/ir/ir.ts'
import { OPS, type OpName } from '../../../src/kernel/ir/ops.ts'
import { EDGES, EDGES_I32 } from './random-number.ts'
import type { Case } from './random-program.ts'

const isBetween = (x: number, low: number, high: number) => Number.isInteger(x) && x >= low && x <= high

/** Operands for which an operation means something, where it does not for all. */
const DOMAINS: Partial<Record<OpName, (a: number, b: number) => boolean>> = {
  remInt: (a, b) => isBetween(a, 1 - 2 ** 52, 2 ** 52 - 1) && isBetween(b, 1 - 2 ** 52, 2 ** 52 - 1) && b !== 0,
  pow2: (n) => isBetween(n, -1022, 1023),
  scalb: (p, n) =>
    Number.isNaN(p)
      ? Math.abs(n) !== Number.POSITIVE_INFINITY
      : Math.abs(p) >= 0.5 && Math.abs(p) < 4 && isBetween(n, -1080, 1030),
  exponent: (x) => x >= 2 ** -1022 && x < Number.POSITIVE_INFINITY,
  mantissa: (x) => x >= 2 ** -1022 && x < Number.POSITIVE_INFINITY,
  signbit: (x) => !Number.isNaN(x),
  bit: (n) => isBetween(n, 1 - 2 ** 31, 2 ** 31 - 1),
  remI32: (a, b) => a >= 0 && b !== 0,
}

/** Beside the edges: where recipes for the operations above turn. */
const DOUBLES: readonly number[] = [
  ...EDGES,
  ...[
    -1080, -1075, -1074, -1073, -1023, -1022, -1021, -541, -540, -53, -52, -2, 2, 52, 971, 1022, 1023, 1024, 1025, 1030,
  ],
  ...[Math.SQRT2, Math.SQRT1_2, 1.4142135623730947, 1.4142135623730954, 1.9999999999999998, 3.9999999999999996],
  ...[-1.9999999999999998, -3.9999999999999996, 0.3333333333333333, 1e-310, 12_345_678_901],
]

/** Operands that have to be constants, of the second argument; words of the others. */
const CONSTANTS: Partial<Record<OpName, readonly number[]>> = {
  remPow2: [0, 1, 2, 3, 31, 32, 53, 300, 1000].map((k) => 2 ** k),
  bit: [0, 1],
  exponent: [0x3ff00000, 0x3fe6a09e],
  mantissa: [0x3ff00000, 0x3fe6a09e],
}

/** Each operation by itself, on all combinations of edge values that it is defined for. */
export function operationCases(): Case[] {
  return (Object.keys(OPS) as OpName[])
    .filter((op) => OPS[op].args.length > 0)
    .flatMap((op) =>
      (CONSTANTS[op] ?? [0]).flatMap((constant) => typesOf(op).map((types) => operationCase(op, types, constant))),
    )
}

function typesOf(op: OpName): (readonly Type[])[] {
  const { args } = OPS[op]
  if (op === 'select') return (['f64', 'i32', 'mask'] as const).map((type) => ['mask', type, type])
  return op === 'remPow2' || op === 'bit' ? [['f64']] : [args]
}

function operationCase(op: OpName, types: readonly Type[], constant: number): Case {
  const b = new Builder()
  const result: Variable = { name: 'result', type: 'f64' }
  const body = b.body(() => b.set(result, toF64(b, write(b, op, types, constant))))
  const operands = types.map((type): readonly number[] => ({ f64: DOUBLES, i32: EDGES_I32, mask: [0, 1] })[type])
  const rows = operands.reduce<number[][]>((rows, some) => rows.flatMap((row) => some.map((x) => [...row, x])), [[]])
  const isDefined = DOMAINS[op] ?? (() => true)
  return {
    program: {
      name: op,
      inputs: types.map((_, i) => ({ name: `x${i}` })),
      uniforms: [],
      tables: op === 'gather' ? ['t'] : [],
      body,
      result,
      subroutines: [],
    },
    uniforms: new Float64Array(),
    tables: op === 'gather' ? [Float64Array.from(EDGES)] : [],
    rows: rows.filter(([a, b]) => isDefined(a as number, b as number)).map((row) => Float64Array.from(row)),
  }
}

function write(b: Builder, op: OpName, types: readonly Type[], constant: number): Value {
  const args = types.map((type, i) => {
    const x = b.input(i)
    if (type === 'i32') return b.op('toI32', [x])
    return type === 'mask' ? b.op('ne', [x, b.const(0)]) : x
  })
  if (op === 'gather') return b.gather(0, args[0] as Value)
  if (op === 'remPow2' || op === 'bit') return b.op(op, [...args, b.const(constant)])
  return b.op(op, args, constant)
}

function toF64(b: Builder, value: Value): Value {
  if (value.type === 'f64') return value
  return b.op(value.type === 'i32' ? 'i32ToF64' : 'maskToF64', [value])
}
