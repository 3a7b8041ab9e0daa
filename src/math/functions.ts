import { acos, asin } from './asin.ts'
import { acosh, asinh, atanh } from './asinh.ts'
import { atan, atan2 } from './atan.ts'
import { cbrt } from './cbrt.ts'
import { erf, erfc, normcdf } from './erf.ts'
import { exp } from './exp.ts'
import { hypot, hypotScale, hypotUnscale, rootOfPair } from './hypot.ts'
import { lgamma } from './lgamma.ts'
import { log } from './log.ts'
import { log1p } from './log1p.ts'
import { log2, log10 } from './log2.ts'
import { pow } from './pow.ts'
import { cos, sin } from './sin.ts'
import { cosh, expm1, sinh, tanh } from './sinh.ts'
import { squareRest, sumRest } from './split.ts'
import { tan } from './tan.ts'

/** By their names in Math, or their own: each is written once, and compiled kernels inline it on every engine. */
export const FUNCTIONS: Readonly<Record<string, (x: number, y: number) => number>> = {
  exp,
  expm1,
  log,
  log1p,
  log2,
  log10,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  atan2,
  sinh,
  cosh,
  tanh,
  asinh,
  acosh,
  atanh,
  erf,
  erfc,
  normcdf,
  lgamma,
  pow,
  cbrt,
  hypot,
}

/** What the compiler makes `hypot` of more than two numbers of. */
export const HYPOT_PARTS: Readonly<Record<string, (x: number, y: number) => number>> = {
  hypotScale,
  hypotUnscale,
  rootOfPair,
  squareRest,
  sumRest,
}
