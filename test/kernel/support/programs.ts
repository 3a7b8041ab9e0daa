import { Builder } from '../../../src/kernel/ir/build.ts'
import type { Program, Statement, Subroutine, Type, Value, Variable } from '../../../src/kernel/ir/ir.ts'
import { LEAVES, OPS, type OpName } from '../../../src/kernel/ir/ops.ts'

/** Programs written by hand, for what prints or reads them. */

/** Every operation that a `let` may compute. */
export const COMPUTED: readonly OpName[] = (Object.keys(OPS) as OpName[]).filter((op) => !LEAVES.has(op))

/** A program whose result is that of one operation, on its inputs as they are converted to the types it takes; `select` comes in three. */
export function programsOf(op: OpName): Program[] {
  if (op === 'select') return (['f64', 'i32', 'mask'] as const).map((type) => programOf(op, ['mask', type, type], type))
  if (op === 'exponent' || op === 'mantissa') {
    return [0x3ff00000, 0x3fe6a09e].map((split) => programOf(op, ['f64'], `split${split}`, split))
  }
  if (op === 'bit') return [0, 1].map((k) => programOf(op, ['f64', k], `bit${k}`))
  if (op === 'remPow2') return [0, 1, 5, 31, 52, 1000].map((k) => programOf(op, ['f64', 2 ** k], `pow${k}`))
  return [programOf(op, op === 'get' ? ['f64'] : OPS[op].args)]
}

/** An argument that is a number is that constant. */
function programOf(op: OpName, args: readonly (Type | number)[], suffix = '', imm = 0): Program {
  const b = new Builder()
  const inputs = args.filter((arg) => typeof arg !== 'number').map((_, i) => ({ name: `x${i}` }))
  const result: Variable = { name: 'result', type: 'f64' }
  const body = b.body(() => {
    let at = 0
    const values = args.map((arg) => (typeof arg === 'number' ? b.const(arg) : fromF64(b, b.input(at++), arg)))
    let value: Value
    if (op === 'get') {
      b.set(result, values[0]!)
      value = b.get(result)
    } else if (op === 'gather') value = b.gather(0, values[0]!)
    else value = b.op(op, values, imm)
    b.set(result, toF64(b, value))
  })
  const tables = op === 'gather' ? ['table'] : []
  return { name: `${op}${suffix}`, inputs, uniforms: [], tables, body, result, subroutines: [] }
}

function fromF64(b: Builder, x: Value, type: Type): Value {
  if (type === 'f64') return x
  return type === 'i32' ? b.op('toI32', [x]) : b.op('ne', [x, b.const(0)])
}

function toF64(b: Builder, value: Value): Value {
  if (value.type === 'f64') return value
  return b.op(value.type === 'i32' ? 'i32ToF64' : 'maskToF64', [value])
}

/** Uses everything that a program may have: defaults, uniforms, tables, each kind of statement and leaf, a subroutine of all types. */
export function everything(): Program {
  const b = new Builder()
  const [result, count, isOdd, sum] = [f64('result'), i32('count'), mask('isOdd'), f64('sum')]
  const twice = divider()
  const body = b.body(() => {
    const x = b.input(0)
    b.set(result, b.const(0))
    b.set(count, b.constI32(-3))
    b.block('return', (outermost) => {
      const isSmall = b.op('lt', [b.op('abs', [x]), b.uniform(0)])
      b.if(isSmall, () => {
        b.set(result, b.gather(0, b.op('floor', [b.input(1)])))
        b.leave(outermost)
      })
      b.loop(
        'rounds',
        (rounds) => {
          b.block('continue', (next) => {
            const before = b.get(count)
            b.set(count, b.op('addI32', [before, b.constI32(1)]))
            b.if(
              b.op('gtI32', [b.get(count), b.constI32(9)]),
              () => b.leave(rounds),
              () => b.if(b.op('ltI32', [before, b.constI32(0)]), () => b.leave(next)),
            )
            b.call(twice, [x, before, b.constMask(true)], [sum, isOdd])
            b.set(result, b.op('add', [b.get(result), b.op('select', [b.get(isOdd), b.get(sum), b.const(-0)])]))
            b.if(b.op('gt', [b.get(result), b.length(1)]), () => b.leave(outermost))
          })
        },
        13,
      )
      b.set(result, b.op('mul', [b.get(result), b.gather(1, b.op('i32ToF64', [b.get(count)]))]))
    })
  })
  return {
    name: 'everything',
    inputs: [{ name: 'x' }, { name: 'at', default: 1 }, { name: 'unused', default: Number.NaN }],
    uniforms: ['limit', 'öde'],
    tables: ['first', 'second'],
    body,
    result,
    subroutines: [twice],
  }
}

function divider(): Subroutine {
  const b = new Builder()
  const [quotient, odd] = [f64('quotient'), mask('odd')]
  const body = b.body(() => {
    const [x, n, asked] = [b.input(0), b.input(1, 'i32'), b.input(2, 'mask')]
    b.set(quotient, b.op('div', [x, b.op('i32ToF64', [n])]))
    b.set(odd, b.op('and', [asked, b.op('eqI32', [b.op('andI32', [n, b.constI32(1)]), b.constI32(1)])]))
  })
  return { name: 'divider', inputs: ['f64', 'i32', 'mask'], body, results: [quotient, odd] }
}

/** `depth` bodies, of blocks and ifs, in one another, and in the middle something that uses what was computed around it. */
export function nested(depth: number): Program {
  const b = new Builder()
  const result = f64('result')
  const write = (level: number, around: Value): void => {
    if (level === depth) {
      b.set(result, around)
      return
    }
    const value = b.op('add', [around, b.const(level)])
    if (level % 2 === 0) b.if(b.op('ne', [value, around]), () => write(level + 1, value))
    else b.block(`block${level}`, () => write(level + 1, value))
  }
  const body: Statement[] = b.body(() => write(1, b.input(0)))
  return { name: 'nested', inputs: [{ name: 'x' }], uniforms: [], tables: [], body, result, subroutines: [] }
}

function f64(name: string): Variable {
  return { name, type: 'f64' }
}

function i32(name: string): Variable {
  return { name, type: 'i32' }
}

function mask(name: string): Variable {
  return { name, type: 'mask' }
}
