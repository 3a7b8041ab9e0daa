import type { OpName } from '../../../src/kernel/ir/ops.ts'

/** Where an operation means something; elsewhere it gives whatever it likes, but does not trap. */
export const DOMAINS: Partial<Record<OpName, (a: number, b: number) => boolean>> = {
  remInt: (a, b) => [a, b].every((x) => Number.isInteger(x) && Math.abs(x) < 2 ** 52) && b !== 0,
  pow2: (n) => Number.isInteger(n) && n >= -1022 && n <= 1023,
  scalb: (p, n) =>
    Number.isNaN(p)
      ? Math.abs(n) !== Number.POSITIVE_INFINITY
      : Math.abs(p) >= 0.5 && Math.abs(p) < 4 && Number.isInteger(n) && n >= -1080 && n <= 1030,
  exponent: isNormal,
  mantissa: isNormal,
  signbit: (a) => !Number.isNaN(a),
  bit: (a) => Number.isInteger(a) && Math.abs(a) < 2 ** 31,
  remI32: (a, b) => (a | 0) >= 0 && (b | 0) !== 0,
}

function isNormal(x: number): boolean {
  return x >= 2 ** -1022 && x < Number.POSITIVE_INFINITY
}
