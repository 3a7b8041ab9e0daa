import {
  alike,
  any,
  around,
  EIGHTH_TURNS,
  either,
  gammaZero,
  hardest,
  integer,
  LN2_STEPS,
  linear,
  nearOne,
  noPole,
  one,
  type Points,
  positive,
  power,
  quarterTurns,
  ROOT_STEPS,
  sizes,
  subnormal,
  two,
} from './draws.ts'
import { decompose } from './fixed.ts'

export interface Range {
  readonly name: string
  readonly range: string
  readonly points: Points
  /** An error up to this counts as none. */
  readonly absolute?: number
  /** All there are, in place of random ones. */
  readonly all?: readonly number[]
}

function belowZero(text: string, points: Points): Range {
  return { name: 'lgamma', range: text, points, absolute: 1e-15 }
}

function range(name: string, text: string, points: Points): Range {
  return { name, range: text, points }
}

function trigonometry(name: string): Range[] {
  return [
    range(name, '±π', one(linear(-3.15, 3.15))),
    range(name, '±1e6', one(linear(-1e6, 1e6))),
    range(name, '±2^(-60 … 1024)', one(either(sizes(-60, 1023.999)))),
    range(name, 'next to quarter turns', one(quarterTurns)),
    range(name, 'around odd eighths of a turn', one(EIGHTH_TURNS)),
  ]
}

function logarithm(name: string): Range[] {
  return [
    range(name, 'any positive', one(positive)),
    range(name, '½ … 2', one(linear(0.5, 2))),
    range(name, '1 ± 2^(-52 … -1)', one(nearOne(-52, -1))),
    range(name, 'subnormal', one(subnormal)),
    range(name, 'around √2 · 2^k', one(ROOT_STEPS)),
  ]
}

function arc(name: string): Range[] {
  return [
    range(name, '±1', one(linear(-1, 1))),
    range(name, '±2^(-60 … 0)', one(either(sizes(-60, 0)))),
    range(name, '±(1 - 2^(-52 … -1))', one(either((random) => 1 - sizes(-52, -1)(random)))),
    range(name, 'around ½', one(either(around(() => 0.5)))),
  ]
}

export const RANGES: readonly Range[] = [
  range('exp', '-745 … 710', one(linear(-745.2, 709.8))),
  range('exp', '±1', one(linear(-1, 1))),
  range('exp', '±2^(-60 … 9)', one(either(sizes(-60, 9.47)))),
  range('exp', 'subnormal results', one(linear(-745.2, -708))),
  range('exp', 'around (k + ½) log 2', one(LN2_STEPS)),
  ...logarithm('log'),
  ...trigonometry('sin'),
  ...trigonometry('cos'),
  ...trigonometry('tan'),
  ...arc('asin'),
  ...arc('acos'),
  range('atan', '±4', one(linear(-4, 4))),
  range('atan', '±2^(-60 … 1000)', one(either(sizes(-60, 1000)))),
  range('atan', '±2^(-1074 … -60)', one(either(sizes(-1074, -60)))),
  range(
    'atan',
    'around its steps',
    one(either(around((random) => [0.4375, 0.6875, 1.1875, 2.4375][integer(random, 0, 3)]!))),
  ),
  range('atan2', 'unit box', two(linear(-1, 1), linear(-1, 1))),
  range('atan2', '±2^±40', two(either(sizes(-40, 40)), either(sizes(-40, 40)))),
  range('atan2', 'any', two(any, any)),
  range('atan2', 'subnormal', two(either(sizes(-1074, -1020)), either(sizes(-1074, -1020)))),
  range('expm1', '-40 … 710', one(linear(-40, 709.8))),
  range('expm1', '±1', one(linear(-1, 1))),
  range('expm1', '±2^(-60 … 5)', one(either(sizes(-60, 5)))),
  range('expm1', 'around (k + ½) log 2', one(LN2_STEPS)),
  range('sinh', '±710', one(linear(-710.4, 710.4))),
  range('sinh', '±2^(-60 … 3)', one(either(sizes(-60, 3)))),
  range('sinh', '±2', one(linear(-2, 2))),
  range('sinh', 'around (k + ½) log 2', one(LN2_STEPS)),
  range('cosh', '±710', one(linear(-710.4, 710.4))),
  range('cosh', '±2', one(linear(-2, 2))),
  range('cosh', 'around (k + ½) log 2', one(LN2_STEPS)),
  range('tanh', '±20', one(linear(-20, 20))),
  range('tanh', '±2^(-60 … 4)', one(either(sizes(-60, 4)))),
  range('tanh', '±1', one(linear(-1, 1))),
  range('tanh', 'around (k + ½) log 2', one(around((random) => (integer(random, -30, 30) + 0.5) * Math.LN2))),
  range('asinh', '±4', one(linear(-4, 4))),
  range('asinh', '±2^(-60 … 1023)', one(either(sizes(-60, 1023.999)))),
  range('asinh', '±2^(-30 … 4)', one(either(sizes(-30, 4)))),
  range(
    'asinh',
    'around sinh log √2 · 2^k',
    one(either(around((random) => Math.sinh((integer(random, 0, 30) + 0.5) * Math.LN2)))),
  ),
  range('acosh', '1 … 8', one(linear(1, 8))),
  range(
    'acosh',
    '1 + 2^(-52 … 3)',
    one((random) => 1 + sizes(-52, 3)(random)),
  ),
  range('acosh', '2^(0 … 1023)', one(sizes(0, 1023.999))),
  range(
    'acosh',
    'around cosh log √2 · 2^k',
    one(around((random) => Math.cosh((integer(random, 0, 30) + 0.5) * Math.LN2))),
  ),
  range('atanh', '±1', one(linear(-1, 1))),
  range('atanh', '±2^(-60 … 0)', one(either(sizes(-60, -1e-9)))),
  range('atanh', '±(1 - 2^(-53 … -1))', one(either((random) => 1 - sizes(-53, -1)(random)))),
  range(
    'atanh',
    'around tanh log √2 · 2^k',
    one(either(around((random) => Math.tanh(((integer(random, 0, 4) + 0.5) * Math.LN2) / 2)))),
  ),
  range('erf', '±6', one(linear(-6, 6))),
  range('erf', '±1', one(linear(-1, 1))),
  range('erf', '±2^(-1074 … 3)', one(either(sizes(-1074, 3)))),
  range('erf', 'around 1', one(either(around(() => 1)))),
  range('erfc', '-6 … 26.5', one(linear(-6, 26.5))),
  range('erfc', '±1', one(linear(-1, 1))),
  range('erfc', '±2^(-60 … 2)', one(either(sizes(-60, 2)))),
  range('normcdf', '-37.5 … 9', one(linear(-37.5, 9))),
  range('normcdf', '±1', one(linear(-1, 1))),
  range('normcdf', '±2^(-60 … 3)', one(either(sizes(-60, 3)))),
  range('lgamma', '0 … 3', one(linear(5e-324, 3))),
  range('lgamma', '0 … 40', one(linear(5e-324, 40))),
  range('lgamma', '2^(-1074 … 1014)', one(sizes(-1074, 1014))),
  range('lgamma', '1 ± 2^(-52 … -1)', one(nearOne(-52, -1))),
  range(
    'lgamma',
    '2 ± 2^(-51 … -1)',
    one((random) => 1 + nearOne(-51, -1)(random)),
  ),
  belowZero('-¼ … 0', one(linear(-0.25, -5e-324))),
  belowZero('-30 … 0', one(noPole(linear(-30, -5e-324)))),
  belowZero('-6.25 … 0', one(noPole(linear(-6.25, -5e-324)))),
  belowZero('-2^(-1074 … 50)', one(noPole((random) => -sizes(-1074, 50)(random)))),
  belowZero('around its zeros', one(noPole(around(gammaZero)))),
  range('lgamma', 'around its steps', one(around((random) => integer(random, 0, 6) + 0.25))),
  ...logarithm('log2'),
  ...logarithm('log10'),
  range('log1p', '2^(-60 … 1000)', one(sizes(-60, 1000))),
  range('log1p', '±1', one(linear(-1, 1))),
  range('log1p', '±2^(-60 … 0)', one(either(sizes(-60, -0.0001)))),
  range('log1p', 'around √2 · 2^k - 1', one(around((random) => Math.SQRT1_2 * 2 ** integer(random, 0, 60) - 1))),
  range('cbrt', 'any', one(any)),
  range('cbrt', '1 … 8', one(linear(1, 8))),
  range('cbrt', 'subnormal', one(subnormal)),
  range('cbrt', 'around powers of 2', one(around((random) => 2 ** integer(random, -1020, 1020)))),
  range('hypot', 'unit box', two(linear(-1, 1), linear(-1, 1))),
  range('hypot', '±2^±20', two(either(sizes(-20, 20)), either(sizes(-20, 20)))),
  range('hypot', '2^(-1074 … 1022), alike', alike(either(sizes(-1074, 1022)), 30)),
  range('pow', 'x 2^±4, y ±32', two(sizes(-4, 4), linear(-32, 32))),
  range('pow', 'any x', power(positive)),
  range('pow', 'x near 1', power(nearOne(-52, -3))),
  range(
    'pow',
    'x^2.3',
    two(sizes(-400, 400), () => 2.3),
  ),
]

/** RANGES, and the hard ones of the waves, their doubles too. */
export function allRanges(): Range[] {
  const all = hardest()
    .flatMap((x) => [x, -x, 2 * x])
    .filter((x) => Number.isFinite(x) && decompose(x).significand !== 0n)
  const waves = ['sin', 'cos', 'tan']
  return [
    ...RANGES,
    ...waves.map((name) => ({ name, range: 'nearest to quarter turns', points: () => [0] as const, all })),
  ]
}
