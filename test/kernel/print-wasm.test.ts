import { describe, expect, it } from 'vitest'
import { Builder } from '../../src/kernel/ir/build.ts'
import { interpret } from '../../src/kernel/ir/interpret.ts'
import type { Program, Type, Value, Variable } from '../../src/kernel/ir/ir.ts'
import { LEAVES, OPS, type OpName } from '../../src/kernel/ir/ops.ts'
import { library } from '../../src/kernel/library.ts'
import { optimise } from '../../src/kernel/optimise/optimise.ts'
import { schedule } from '../../src/kernel/optimise/schedule.ts'
import { printText } from '../../src/kernel/print/text.ts'
import { printWasm, type WasmOptions } from '../../src/kernel/print/wasm.ts'
import { LARGEST_BLOCK } from '../../src/memory/control.ts'
import { compile } from './support/compiled.ts'
import { drawsFrom, EDGES, EDGES_I32 } from './support/random-number.ts'
import { randomCase } from './support/random-program.ts'
import { wasmModule } from './support/wasm-module.ts'

const COPIES = [1, 2, 4, 8] as const
const NUMBERS = [...EDGES, ...EDGES_I32.slice(4)]

describe('the WASM printer', () => {
  it.each((Object.keys(OPS) as OpName[]).filter((name) => !LEAVES.has(name) && name !== 'get'))(
    'gives the bits of %s, for arguments that vary and for those that do not',
    (name) => {
      const { args } = OPS[name]
      for (let varying = 0; varying < 2 ** args.length; varying++) {
        for (const imm of immediates(name)) expect(differenceOf(name, imm, varying)).toBeUndefined()
      }
    },
  )

  it.each(Array.from({ length: 71 }, (_, rows) => rows))(
    'computes %i rows, with any number of vectors in flight',
    (rows) => {
      for (const copies of COPIES) expect(differenceAt(1000 * rows + copies, rows, { copies })).toBeUndefined()
    },
  )

  it('gives the bits of the interpreter for random programs', () => {
    for (let seed = 0; seed < 400; seed++) expect(differenceAt(100_000 + seed, 9)).toBeUndefined()
  }, 60_000)

  it.each(COPIES)(
    'gives the bits of the interpreter for random programs, with %i vectors in flight',
    (copies) => {
      for (let seed = 0; seed < 150; seed++) expect(differenceAt(200_000 + seed, 19, { copies })).toBeUndefined()
    },
    60_000,
  )

  it.each(COPIES)(
    'gives the bits of the interpreter in parts that hand on what they computed, with %i vectors in flight',
    (copies) => {
      for (let seed = 0; seed < 100; seed++) {
        const rows = seed === 0 ? 300 : 19
        const lengths = { segment: 1 + (seed % 13), part: 1 + (seed % 5) }
        expect(differenceAt(300_000 + seed, rows, { copies, lengths })).toBeUndefined()
        expect(differenceAt(400_000 + seed, rows, { copies, lengths: { part: 1 + (seed % 13) } })).toBeUndefined()
      }
    },
    60_000,
  )

  it.each<[vectors: number, what: string, fn: (...x: number[]) => number]>([
    [1, 'little that waits for memory', (x, y) => 2.5 * x + y],
    [2, 'much straight code', (x) => Math.exp(x) * Math.sin(x)],
    [
      8,
      'a loop of a few values',
      (x) => {
        for (let i = 0; i < 100; i++) x = 3.7 * x * (1 - x)
        return x
      },
    ],
    [
      2,
      'such a loop beside much straight code',
      (x) => {
        let y = Math.exp(x)
        for (let i = 0; i < 100; i++) y = 3.7 * y * (1 - y)
        return y
      },
    ],
    [
      1,
      'a loop that searches by remainders',
      (n) => {
        for (let d = 2; d * d <= n; d++) if (n % d === 0) return 0
        return 1
      },
    ],
  ])('has %i vectors in flight for %s', (vectors, _, fn) => {
    const { program } = compile(fn, {}, library)
    expect(printWasm(schedule(optimise(program))).vectors).toBe(vectors)
  })

  it('gives exact remainders where integers cease to be short, in any company', () => {
    const { program } = compile((x: number, y: number) => x % y)
    const ends = [2 ** 31, 2 ** 51, 2 ** 52, 2 ** 53].flatMap((power) =>
      [-1, -0.5, 0, 0.5, 1].map((step) => power + step),
    )
    const numbers = [...ends, 0, 1, 3, 7, 10, 0.5, 1e15 + 0.3, 1e300, 5e-324, Number.POSITIVE_INFINITY, Number.NaN]
    const pairs = numbers.flatMap((x) => numbers.flatMap((y) => [Float64Array.of(x, y), Float64Array.of(-x, y)]))
    const shuffled = pairs.toSorted((a, b) => Math.sin(a[0]! * 7 + a[1]!) - Math.sin(b[0]! * 7 + b[1]!))
    for (const rows of [pairs, shuffled]) expect(difference(program, new Float64Array(), [], rows)).toBeUndefined()
    expect(pairs.map(([x, y]) => interpret(program, [x!, y!], new Float64Array(), []))).toEqual(
      pairs.map(([x, y]) => x! % y!),
    )
  })

  it('looks up entries of empty tables and of none', () => {
    const b = new Builder()
    const result: Variable = { name: 'r', type: 'f64' }
    const body = b.body(() =>
      b.set(result, b.op('add', [b.op('abs', [b.gather(0, b.input(0))]), b.gather(1, b.input(0))])),
    )
    const program = { ...empty, tables: ['none', 'some'], body, result }
    expect(wasmModule(program, undefined, [new Float64Array(), Float64Array.of(1)]).row(Float64Array.of(0))).toBeNaN()
  })

  it('keeps what a lane that has left had, through all rounds of the loops that others are still in', () => {
    const { program } = compile(`(n) => {
      search: for (let a = 0; a < 3; a++) {
        for (let b = a; b < 3; b++) {
          const sum = a + b
          if (sum > n) continue search
          if (sum === n) return a * 100 + b + 7
        }
      }
      return -1
    }`)
    const rows = [0, 1, 2, 3, 4, 5].map((n) => Float64Array.of(n))
    for (const copies of COPIES) expect(difference(program, new Float64Array(), [], rows, { copies })).toBeUndefined()
  })

  it('chooses by lane what nobody reads', () => {
    const { program } = compile('(x) => { let unread; if (x > 1) unread = 3; else unread = 4; return x }')
    expect(difference(program, new Float64Array(), [], [Float64Array.of(1), Float64Array.of(2)])).toBeUndefined()
  })

  it('flips signs by masks, and clears by them', () => {
    const masks: ((b: Builder, x: Value, k: Value) => Value)[] = [
      (b, x) => b.op('signbit', [x]),
      (b, _, k) => b.op('bit', [k, b.const(0)]),
      (b, _, k) => b.op('bit', [k, b.const(1)]),
      (b, x) => b.op('gt', [x, b.const(1)]),
    ]
    const choices: ((b: Builder, mask: Value, x: Value) => Value)[] = [
      (b, mask, x) => b.op('select', [mask, b.op('neg', [x]), x]),
      (b, mask, x) => b.op('select', [mask, x, b.op('neg', [x])]),
      (b, mask, x) => b.op('select', [mask, x, b.const(0)]),
      (b, mask, x) => b.op('select', [mask, b.const(0), x]),
      (b, mask, x) => b.op('select', [mask, x, b.const(-0)]),
      (b, mask, x) => b.op('select', [mask, b.const(-0), x]),
    ]
    const whole = [-5, -2, -1, -0, 0, 1, 2, 3, 4, 2 ** 31 - 1]
    const rows = NUMBERS.filter((x) => !Number.isNaN(x)).flatMap((x) => whole.map((k) => Float64Array.of(x, k)))
    for (const maskOf of masks) {
      for (const choose of choices) {
        const b = new Builder()
        const result: Variable = { name: 'r', type: 'f64' }
        const k: Variable = { name: 'k', type: 'f64' }
        const body = b.body(() => {
          const [x, given] = [b.input(0), b.input(1)]
          b.set(k, given)
          // What the mask is made of is gone when it is used.
          const mask = maskOf(b, x, b.get(k))
          const y = b.op('mul', [x, x])
          b.set(k, x)
          b.set(result, b.op('add', [choose(b, mask, x), choose(b, mask, b.op('sub', [y, given]))]))
        })
        const program: Program = { ...empty, inputs: [{ name: 'x' }, { name: 'k' }], body, result }
        for (const options of [{ copies: 2 }, { copies: 1, lengths: { segment: 1, part: 1 } }] as const) {
          expect(difference(program, new Float64Array(), [], rows, options)).toBeUndefined()
        }
      }
    }
  })

  it('prints expressions and loops of any depth', () => {
    const b = new Builder()
    const result: Variable = { name: 'r', type: 'f64' }
    const nest = (depth: number): void => {
      b.set(result, b.op('add', [b.get(result), b.const(1)]))
      if (depth > 0) b.block('b', () => nest(depth - 1))
    }
    const body = b.body(() => {
      let sum = b.input(0)
      for (let i = 0; i < 5000; i++) sum = b.op('add', [sum, b.const(1)])
      b.set(result, sum)
      nest(200)
    })
    expect(wasmModule({ ...empty, body, result }).row(Float64Array.of(1))).toBe(5202)
  })
})

const empty: Omit<Program, 'body' | 'result'> = {
  name: 'f',
  inputs: [{ name: 'x' }],
  uniforms: [],
  tables: [],
  subroutines: [],
}

/** Of a random program. */
function differenceAt(seed: number, rows: number, options?: WasmOptions): string | undefined {
  const { program, uniforms, tables, rows: inputs } = randomCase(drawsFrom(seed), rows)
  return difference(program, uniforms, tables, inputs, options)
}

/** What run() or row() gives that is not, bit for bit, what the interpreter does; undefined: nothing. */
function difference(
  program: Program,
  uniforms: Float64Array,
  tables: readonly Float64Array[],
  rows: readonly Float64Array[],
  options?: WasmOptions,
): string | undefined {
  const module = wasmModule(program, uniforms, tables, options)
  const wanted = Float64Array.from(rows, (row) => interpret(program, row, uniforms, tables))
  const blocks = Array.from({ length: Math.ceil(rows.length / LARGEST_BLOCK) }, (_, i) =>
    module.run(rows.slice(i * LARGEST_BLOCK, (i + 1) * LARGEST_BLOCK)),
  )
  const results = { run: blocks.flatMap((block) => [...block]), row: Float64Array.from(rows, (row) => module.row(row)) }
  for (const [name, got] of Object.entries(results)) {
    const wrong = wanted.findIndex((x, i) => !Object.is(x, got[i]))
    if (wrong === -1) continue
    const where = `${name} of ${printText(program)}row ${wrong}: ${rows[wrong]}, uniforms ${uniforms}`
    return `${got[wrong]}, not ${wanted[wrong]}: ${where}`
  }
  return undefined
}

/** Of one operation on pairs of edge numbers; bit i of `varying`: its argument i is an input, else a uniform. */
function differenceOf(name: OpName, imm: number, varying: number): string | undefined {
  const { args } = OPS[name]
  const b = new Builder()
  const result: Variable = { name: 'r', type: 'f64' }
  const body = b.body(() => {
    const given = args.map((type, i) => {
      const x = (varying >> i) & 1 ? b.input(i) : b.uniform(i)
      return isImmediate(name, i) ? b.const(imm) : convert(b, x, name === 'select' && i > 0 ? 'f64' : type)
    })
    const value = name === 'gather' ? b.gather(0, given[0] as Value) : b.op(name, given, imm)
    b.set(result, toF64(b, value))
  })
  const names = ['a', 'b', 'c']
  const program: Program = {
    ...empty,
    name,
    inputs: names.map((input) => ({ name: input })),
    uniforms: names,
    tables: ['t'],
    body,
    result,
  }
  const table = Float64Array.from({ length: 101 }, (_, i) => 1 / i)
  const pairs = NUMBERS.flatMap((x) => NUMBERS.map((y) => Float64Array.of(x, y, y + 1)))
  const valid = pairs.filter(([x, y]) => isDefined(name, x as number, y as number))
  // What does not vary takes one pair at a time: some of them, for some rows.
  const isVarying = varying === 2 ** args.length - 1
  const uniforms = isVarying ? valid.slice(0, 1) : valid.filter((_, i) => i % 433 === 0)
  const inputs = isVarying ? valid : valid.filter((_, i) => i % 53 === 0)
  for (const uniform of uniforms) {
    const rows = inputs.filter(([x, y]) => {
      const [u, v] = uniform
      return isDefined(name, (varying & 1 ? x : u) as number, (varying & 2 ? y : v) as number)
    })
    const found = difference(program, uniform, [table], rows)
    if (found) return found
  }
  return undefined
}

function isImmediate(name: OpName, i: number): boolean {
  return i === 1 && (name === 'remPow2' || name === 'bit')
}

function immediates(name: OpName): number[] {
  if (name === 'remPow2') return [1, 2, 2 ** 31, 2 ** 1000]
  if (name === 'bit') return [0, 1]
  if (name === 'exponent' || name === 'mantissa') return [0x3ff00000, 0x3fe6a09e]
  return [0]
}

/** Whether ops.ts says what the operation gives. */
function isDefined(name: OpName, a: number, b: number): boolean {
  const isInteger = (x: number, low: number, high: number) => Number.isInteger(x) && x >= low && x <= high
  const size = Math.abs(a)
  switch (name) {
    case 'remInt':
      return isInteger(a, -(2 ** 52), 2 ** 52) && isInteger(b, -(2 ** 52), 2 ** 52) && b !== 0
    case 'remI32':
      return (a | 0) >= 0 && (b | 0) !== 0
    case 'pow2':
      return isInteger(a, -1022, 1023)
    case 'scalb':
      return (Number.isNaN(a) || (size >= 0.5 && size < 4)) && isInteger(b, -1080, 1030)
    case 'exponent':
    case 'mantissa':
      return a >= 2 ** -1022 && a < Number.POSITIVE_INFINITY
    case 'signbit':
      return !Number.isNaN(a)
    case 'bit':
      return isInteger(a, 1 - 2 ** 31, 2 ** 31 - 1)
    default:
      return true
  }
}

function convert(b: Builder, x: Value, type: Type): Value {
  if (type === 'f64') return x
  return type === 'i32' ? b.op('toI32', [x]) : b.op('gt', [x, b.const(0.75)])
}

function toF64(b: Builder, value: Value): Value {
  if (value.type === 'f64') return value
  return b.op(value.type === 'i32' ? 'i32ToF64' : 'maskToF64', [value])
}
