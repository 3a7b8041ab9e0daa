import { hypotParts } from '../generated/math-ir.ts'
import type { Placed } from './front/core.ts'
import { inlineProgram } from './front/inline.ts'
import { Builder } from './ir/build.ts'
import type { Program, Value, Variable } from './ir/ir.ts'
import { decode } from './print/binary.ts'

type Part = keyof typeof hypotParts
type Parts = Readonly<Record<Part, Placed>>

/** `Math.hypot` of `count` numbers: the squares, scaled so that none overflows or loses bits, are added in two parts. */
export function hypotOf(count: number): Program {
  const builder = new Builder()
  const parts = readParts()
  const part = (name: Part, ...args: Value[]) => inlineProgram(builder, parts[name], args)
  const op = builder.op.bind(builder)
  const result: Variable = { name: 'result', type: 'f64' }
  const body = builder.body(() => {
    const sizes = Array.from({ length: count }, (_, i) => op('abs', [builder.input(i)]))
    const largest = sizes.reduce((most, size) => op('greater', [size, most]))
    const scale = part('hypotScale', largest)
    const scaled = sizes.map((size) => op('mul', [size, scale]))
    const squares = scaled.map((size) => op('mul', [size, size]))
    let rest = scaled.map((size) => part('squareRest', size)).reduce((a, b) => op('add', [a, b]))
    const sum = squares.reduce((sum, square) => {
      rest = op('add', [rest, part('sumRest', sum, square)])
      return op('add', [sum, square])
    })
    const root = op('mul', [part('rootOfPair', sum, rest), part('hypotUnscale', largest)])
    const infinity = builder.const(Number.POSITIVE_INFINITY)
    // An infinity counts even beside NaN.
    const isInfinite = sizes.map((size) => op('eq', [size, infinity])).reduce((a, b) => op('or', [a, b]))
    builder.set(result, op('select', [isInfinite, infinity, root]))
  })
  const inputs = Array.from({ length: count }, (_, i) => ({ name: `x${i}` }))
  return { name: `hypot${count}`, inputs, uniforms: [], tables: [], body, result, subroutines: [] }
}

let read: Parts | undefined

function readParts(): Parts {
  read ??= {
    hypotScale: readPart('hypotScale'),
    hypotUnscale: readPart('hypotUnscale'),
    rootOfPair: readPart('rootOfPair'),
    squareRest: readPart('squareRest'),
    sumRest: readPart('sumRest'),
  }
  return read
}

function readPart(name: Part): Placed {
  return { program: decode(Buffer.from(hypotParts[name], 'base64')), uniforms: [], tables: [] }
}
