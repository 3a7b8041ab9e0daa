import fc from 'fast-check'
import { Builder } from '../../../src/kernel/ir/build.ts'
import type { Label, Program, Subroutine, Type, Value, Variable } from '../../../src/kernel/ir/ir.ts'
import { OPS, type OpName } from '../../../src/kernel/ir/ops.ts'
import { type Draws, drawsOf, EDGES, EDGES_I32, randomNumber } from './random-number.ts'

/** Left out of a program: operations, and two kinds of statements. */
export type Omitted = ReadonlySet<OpName | 'loop' | 'call'>

/** A program, and what to run it on. */
export interface Case {
  readonly program: Program
  readonly uniforms: Float64Array
  readonly tables: readonly Float64Array[]
  /** One item each: as many numbers as the program has inputs. */
  readonly rows: readonly Float64Array[]
}

const TYPES: readonly Type[] = ['f64', 'i32', 'mask']

/** Loops inside one another; each takes at most 7 rounds. */
const DEEPEST = 3

/**
 * A well-typed program that ends, whatever its inputs: its draws decide on everything, and none are left means the simplest choice. Where an
 * operation is defined for some operands only, its operands are brought there.
 */
export function randomProgram(draws: Draws, omit: Omitted = new Set()): Program {
  const subroutines: Subroutine[] = []
  for (let count = omit.has('call') ? 0 : draws.below(3); count > 0; count--) {
    const inputs = some(draws, 1, 3, () => draws.of(TYPES))
    const generator = new Generator(draws, omit, { inputs, uniforms: 0, tables: 0, subroutines: [] })
    const { body, variables } = generator.body()
    const results = variables.slice(0, 1 + draws.below(variables.length))
    subroutines.push({ name: `rare${subroutines.length}`, inputs, body, results })
  }

  const inputs = some(draws, 1, 3, (i) => ({ name: `x${i}` }))
  const uniforms = some(draws, 0, 2, (i) => `a${i}`)
  const tables = omit.has('gather') ? [] : some(draws, 0, 2, (i) => `t${i}`)
  const types = inputs.map((): Type => 'f64')
  const around = { inputs: types, uniforms: uniforms.length, tables: tables.length, subroutines }
  const { body, variables } = new Generator(draws, omit, around).body()
  return { name: 'random', inputs, uniforms, tables, body, result: variables[0] as Variable, subroutines }
}

/** A random program with uniforms, tables and rows of edge values and others. */
export function randomCase(draws: Draws, rows: number, omit?: Omitted): Case {
  const program = randomProgram(draws, omit)
  const numbers = (length: number) => Float64Array.from({ length }, () => randomNumber(draws))
  return {
    program,
    uniforms: numbers(program.uniforms.length),
    tables: program.tables.map(() => numbers(draws.below(9))),
    rows: Array.from({ length: rows }, () => numbers(program.inputs.length)),
  }
}

/** Random programs that shrink. */
export function cases(rows: number, omit?: Omitted): fc.Arbitrary<Case> {
  return fc.array(fc.nat(0xffff), { maxLength: 600 }).map((numbers) => randomCase(drawsOf(numbers), rows, omit))
}

interface Around {
  readonly inputs: readonly Type[]
  readonly uniforms: number
  readonly tables: number
  readonly subroutines: readonly Subroutine[]
}

/** Writes the statements of a program or of a subroutine. */
class Generator {
  readonly #draws: Draws
  readonly #omit: Omitted
  readonly #around: Around
  readonly #build = new Builder()
  /** What may be used here, by type. */
  readonly #values: Record<Type, Value[]> = { f64: [], i32: [], mask: [] }
  /** Set before anything else, so that each may be read everywhere. */
  readonly #variables: Variable[] = [{ name: 'v0', type: 'f64' }]
  /** Of the loops around: to be read only. */
  readonly #counters: Variable[] = []
  readonly #labels: Label[] = []
  readonly #ops: Record<Type, OpName[]>
  #depth = 0

  constructor(draws: Draws, omit: Omitted, around: Around) {
    this.#draws = draws
    this.#omit = omit
    this.#around = around
    this.#variables.push(...some(draws, 0, 5, (i): Variable => ({ name: `v${i + 1}`, type: draws.of(TYPES) })))
    this.#ops = { f64: this.#opsOf('f64'), i32: this.#opsOf('i32'), mask: this.#opsOf('mask') }
  }

  /** The body, and the variables that hold something at its end, the first of type f64. */
  body(): { body: Program['body']; variables: readonly Variable[] } {
    const body = this.#build.body(() => {
      for (const variable of this.#variables) this.#build.set(variable, this.#value(variable.type, 1))
      this.#statements()
      const [first] = this.#variables as [Variable]
      this.#build.set(first, this.#draws.below(3) === 0 ? this.#value('f64', 2) : this.#digest())
    })
    return { body, variables: this.#variables }
  }

  /** A number that is another one, as a rule, when any variable holds something else. */
  #digest(): Value {
    const b = this.#build
    let digest = b.constI32(1)
    const mix = (x: Value) => {
      digest = b.op('xorI32', [b.op('mulI32', [digest, b.constI32(0x01000193)]), x])
    }
    for (const variable of this.#variables) {
      const v = b.get(variable)
      if (variable.type === 'i32') mix(v)
      else if (variable.type === 'mask') mix(b.op('maskToI32', [v]))
      else {
        mix(b.op('toI32', [b.op('mul', [v, b.const(2 ** 20)])]))
        mix(b.op('maskToI32', [b.op('ge', [b.op('div', [b.const(1), v]), b.const(0)])]))
      }
    }
    return b.op('i32ToF64', [digest])
  }

  #opsOf(type: Type): OpName[] {
    const isOf = ([name, { args, result }]: [OpName, (typeof OPS)[OpName]]) =>
      (name === 'gather' ? this.#around.tables > 0 : args.length > 0) && (result === type || result === 'args')
    return (Object.entries(OPS) as [OpName, (typeof OPS)[OpName]][])
      .filter((entry) => isOf(entry) && !this.#omit.has(entry[0]))
      .map(([name]) => name)
  }

  /** Statements of a body that is open; what they compute is out of reach behind it. */
  #statements(): void {
    const known = TYPES.map((type) => this.#values[type].length)
    for (let count = 1 + this.#draws.below(5); count > 0; count--) this.#statement()
    for (const [i, type] of TYPES.entries()) this.#values[type].length = known[i] as number
  }

  #statement(): void {
    const draws = this.#draws
    switch (draws.below(10)) {
      case 0:
      case 1: {
        const variable = draws.of(this.#variables)
        this.#build.set(variable, this.#value(variable.type, 3))
        return
      }
      case 2:
      case 3: {
        // To be used, perhaps, when the variable holds something else.
        const variable = draws.of([...this.#variables, ...this.#counters])
        this.#values[variable.type].push(this.#build.get(variable))
        return
      }
      case 4:
      case 5: {
        const type = draws.of(TYPES)
        this.#values[type].push(this.#value(type, 3))
        return
      }
      case 6:
        this.#if()
        return
      case 7:
        this.#nested(() => this.#block())
        return
      case 8:
        if (this.#omit.has('loop')) this.#if()
        else this.#nested(() => this.#loop())
        return
      default:
        if (draws.below(2) === 0) this.#call()
        else this.#leave()
    }
  }

  #nested(write: () => void): void {
    if (this.#depth === DEEPEST) return
    this.#depth++
    write()
    this.#depth--
  }

  #if(): void {
    const condition = this.#value('mask', 2)
    this.#nested(() =>
      this.#build.if(
        condition,
        () => this.#statements(),
        () => this.#draws.below(2) === 1 && this.#statements(),
      ),
    )
  }

  #block(): void {
    this.#build.block('block', (label) => this.#inside(label))
  }

  /** The statements of a block or a loop, which may leave it. */
  #inside(label: Label): void {
    this.#labels.push(label)
    this.#statements()
    this.#labels.pop()
  }

  #leave(): void {
    if (this.#labels.length === 0) return
    const label = this.#draws.of(this.#labels)
    if (this.#draws.below(4) === 3) this.#build.leave(label)
    else this.#build.if(this.#value('mask', 2), () => this.#build.leave(label))
  }

  /** A loop of at most 7 rounds: `for` over an i32 or an f64, its bound known or not, counting first or, as `for` does, behind a block that `continue` leaves. */
  #loop(): void {
    const [b, draws] = [this.#build, this.#draws]
    const type = draws.of(['i32', 'f64'] as const)
    const limit = draws.below(8)
    const isKnown = draws.below(2) === 0
    const constant = (x: number) => (type === 'i32' ? b.constI32(x) : b.const(x))
    const bound = isKnown ? constant(limit) : this.#bound(type)
    const counter: Variable = { name: 'i', type }
    const count = () => b.set(counter, b.op(type === 'i32' ? 'addI32' : 'add', [b.get(counter), constant(1)]))
    const countsFirst = draws.below(2) === 0

    b.set(counter, constant(0))
    this.#counters.push(counter)
    b.loop(
      'loop',
      (loop) => {
        b.if(b.op(type === 'i32' ? 'geI32' : 'ge', [b.get(counter), bound]), () => b.leave(loop))
        if (countsFirst) count()
        this.#labels.push(loop)
        b.block('next', (next) => this.#inside(next))
        this.#labels.pop()
        if (!countsFirst) count()
      },
      isKnown ? limit : undefined,
    )
    this.#counters.pop()
  }

  /** From 0 to 7, and different for each item. */
  #bound(type: 'i32' | 'f64'): Value {
    const b = this.#build
    if (type === 'i32') return b.op('andI32', [this.#value('i32', 1), b.constI32(7)])
    return this.#between(this.#value('f64', 1), 0, 7)
  }

  #call(): void {
    const draws = this.#draws
    if (this.#around.subroutines.length === 0) return
    const subroutine = draws.of(this.#around.subroutines)
    const args = subroutine.inputs.map((type) => this.#value(type, 1))
    const free = [...this.#variables]
    const results = subroutine.results.map(({ type }, i): Variable => {
      const fitting = free.findIndex((variable) => variable.type === type)
      if (fitting === -1 || draws.below(2) === 0) return { name: `r${i}`, type }
      return free.splice(fitting, 1)[0] as Variable
    })
    this.#build.call(subroutine, args, results)
    // Later statements read results as values do, which is safe in this body alone.
    for (const variable of results) this.#values[variable.type].push(this.#build.get(variable))
  }

  /** A value of at most `depth` operations above one another. */
  #value(type: Type, depth: number): Value {
    const draws = this.#draws
    const choice = draws.below(8)
    const known = this.#values[type]
    const variables = [...this.#variables, ...this.#counters].filter((variable) => variable.type === type)
    if (choice > 3 && depth > 0) return this.#operation(type, draws.of(this.#ops[type]), depth - 1)
    if (choice === 3 && variables.length > 0) return this.#build.get(draws.of(variables))
    if (choice > 1 && known.length > 0)
      return draws.below(2) === 0 ? draws.of(known) : (known[known.length - 1] as Value)
    return this.#leaf(type)
  }

  #leaf(type: Type): Value {
    const [b, draws] = [this.#build, this.#draws]
    const { inputs, uniforms, tables } = this.#around
    const fitting = [...inputs.keys()].filter((i) => inputs[i] === type)
    const choice = draws.below(8)
    if (choice > 2 && fitting.length > 0) return b.input(draws.of(fitting), type)
    if (type === 'i32') return b.constI32(draws.of(EDGES_I32))
    if (type === 'mask') return b.constMask(draws.below(2) === 1)
    if (choice === 2 && uniforms > 0) return b.uniform(draws.below(uniforms))
    if (choice === 1 && tables > 0) return b.length(draws.below(tables))
    return b.const(draws.of(EDGES))
  }

  #operation(type: Type, name: OpName, depth: number): Value {
    const [b, draws] = [this.#build, this.#draws]
    const f64 = () => this.#value('f64', depth)
    switch (name) {
      case 'gather':
        return b.gather(draws.below(this.#around.tables), draws.below(3) === 2 ? f64() : this.#between(f64(), 0, 7))
      case 'select':
        return b.op(name, [this.#value('mask', depth), this.#value(type, depth), this.#value(type, depth)])
      case 'remPow2':
        return b.op(name, [f64(), b.const(2 ** draws.of([0, 1, 2, 3, 8, 31, 32, 53, 300, 1000]))])
      case 'remInt': {
        const [a, divisor] = [f64(), f64()].map((x) => this.#between(x, 1 - 2 ** 52, 2 ** 52 - 1)) as [Value, Value]
        return b.op(name, [a, this.#notZero(divisor)])
      }
      case 'remI32': {
        const a = b.op('andI32', [this.#value('i32', depth), b.constI32(0x7fffffff)])
        return b.op(name, [a, b.op('orI32', [this.#value('i32', depth), b.constI32(1)])])
      }
      case 'pow2':
        return b.op(name, [this.#between(f64(), -1022, 1023)])
      case 'scalb': {
        const p = f64()
        const size = this.#clamp(b.op('abs', [p]), 0.5, 3.75)
        const signed = b.op('select', [b.op('lt', [p, b.const(0)]), b.op('neg', [size]), size])
        const orNaN = b.op('select', [b.op('ne', [p, p]), p, signed])
        return b.op(name, [orNaN, this.#between(f64(), -1080, 1030)])
      }
      case 'exponent':
      case 'mantissa': {
        const x = this.#clamp(b.op('abs', [f64()]), 2 ** -1022, Number.MAX_VALUE)
        return b.op(name, [x], draws.of([0x3ff00000, 0x3fe6a09e]))
      }
      case 'signbit':
        return b.op(name, [this.#clamp(f64(), Number.NEGATIVE_INFINITY, Number.MAX_VALUE)])
      case 'bit':
        return b.op(name, [this.#between(f64(), 1 - 2 ** 31, 2 ** 31 - 1), b.const(draws.below(2))])
      default:
        return b.op(
          name,
          OPS[name].args.map((of) => this.#value(of, depth)),
        )
    }
  }

  /** An integer of [low, high], NaN among them. */
  #between(x: Value, low: number, high: number): Value {
    return this.#build.op('trunc', [this.#clamp(x, low, high)])
  }

  /** A number of [low, high]: x where it lies there, high for NaN. */
  #clamp(x: Value, low: number, high: number): Value {
    const b = this.#build
    return b.op('greater', [b.op('lesser', [x, b.const(high)]), b.const(low)])
  }

  #notZero(x: Value): Value {
    const b = this.#build
    return b.op('select', [b.op('eq', [x, b.const(0)]), b.const(1), x])
  }
}

/** From `least` to `most` of what `make` makes. */
function some<T>(draws: Draws, least: number, most: number, make: (i: number) => T): T[] {
  return Array.from({ length: least + draws.below(most - least + 1) }, (_, i) => make(i))
}
