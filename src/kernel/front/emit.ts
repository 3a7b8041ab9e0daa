import { invariant } from '../../invariant.ts'
import { Builder } from '../ir/build.ts'
import type { Label, Program, Statement, Subroutine, Type, Value, Variable } from '../ir/ir.ts'
import type { Cold, ColdFunction, Expr, Local, Step } from './core.ts'
import { Facts } from './facts.ts'
import { refuse } from './frame.ts'
import { inlineProgram } from './inline.ts'
import { type Emitted, form, Operations } from './operations.ts'
import { shape } from './shape.ts'

/** What a kernel, or a cold function, became. */
export interface Written {
  readonly body: readonly Statement[]
  readonly results: readonly Variable[]
  readonly subroutines: readonly Subroutine[]
}

/** Writes the IR of a function. Errors: KernelSyntaxError where truth values and numbers are compared. */
export function write(steps: readonly Step[], results: readonly Local[], isCalling = false): Written {
  return new Emitter(steps, isCalling).write(steps, results)
}

const subroutines = new WeakMap<Program, Subroutine>()

/** The same one for every call. */
function subroutineOf(program: Program): Subroutine {
  const { name, inputs, body, result } = program
  const made = subroutines.get(program) ?? { name, inputs: inputs.map(() => 'f64' as const), body, results: [result] }
  subroutines.set(program, made)
  return made
}

class Emitter {
  readonly #builder = new Builder()
  readonly #facts: Facts
  readonly #operations: Operations
  readonly #variables = new Map<Local, Variable>()
  /** Of variables that are assigned once, where they are declared: what was assigned. */
  readonly #bound = new Map<Local, Emitted>()
  readonly #labels = new Map<Label, Label>()
  readonly #subroutines = new Map<ColdFunction, Subroutine>()
  readonly #inlined = new Set<Subroutine>()

  readonly #isCalling: boolean

  /** `isCalling`: compiled functions are called, where they capture nothing, not put in place. */
  constructor(steps: readonly Step[], isCalling: boolean) {
    this.#isCalling = isCalling
    this.#facts = new Facts(steps)
    this.#operations = new Operations(this.#builder, this.#facts, (expr) => this.#value(expr))
  }

  write(steps: readonly Step[], results: readonly Local[]): Written {
    const variables = results.map((local): Variable => {
      const own = this.#variable(local)
      return own.type === 'f64' ? own : { name: local.name, type: 'f64' }
    })
    const body = this.#builder.body(() => {
      this.#steps(shape(steps))
      for (const [i, local] of results.entries()) {
        const variable = variables[i] as Variable
        if (variable !== this.#variable(local)) {
          this.#builder.set(variable, this.#operations.f64(this.#read(local)).value)
        }
      }
    })
    return { body, results: variables, subroutines: [...this.#subroutines.values(), ...this.#inlined] }
  }

  #steps(steps: readonly Step[]): void {
    for (const step of steps) this.#step(step)
  }

  #step(step: Step): void {
    switch (step.kind) {
      case 'do':
        this.#effect(step.expression)
        break
      case 'if':
        this.#if(
          step.condition,
          () => this.#steps(step.yes),
          () => this.#steps(step.no),
        )
        break
      case 'block':
        this.#builder.block(step.label.name, (label) => this.#inside(step.label, label, step.body))
        break
      case 'loop':
        this.#builder.loop(step.label.name, (label) => this.#inside(step.label, label, step.body), step.rounds)
        break
      case 'leave':
        this.#builder.leave(this.#labels.get(step.label) as Label)
        break
      case 'cold':
        this.#cold(step)
        break
      case 'declare':
      case 'end':
    }
  }

  #inside(from: Label, to: Label, steps: readonly Step[]): void {
    this.#labels.set(from, to)
    this.#steps(steps)
  }

  #if(condition: Expr, yes: () => void, no: () => void): void {
    if (condition.kind === 'operation' && condition.operator === '!') {
      this.#if(condition.args[0] as Expr, no, yes)
      return
    }
    this.#builder.if(this.#operations.truth(this.#value(condition)), yes, no)
  }

  #cold({ cold, args, targets }: Cold): void {
    let subroutine = this.#subroutines.get(cold)
    if (!subroutine) {
      const { body, results, subroutines } = write(cold.body, cold.results)
      invariant(subroutines.length === 0, `${cold.name} calls no subroutine`)
      subroutine = { name: cold.name, inputs: Array.from({ length: cold.parameters }, () => 'f64'), body, results }
      this.#subroutines.set(cold, subroutine)
    }
    const values = args.map((arg) => this.#operations.f64(this.#value(arg)).value)
    const results = cold.results.map(({ name }, i) => {
      const local = targets[i]
      return local ? this.#variable(local) : { name, type: 'f64' as const }
    })
    this.#builder.call(subroutine, values, results)
  }

  /** A compiled function as a subroutine. */
  #call(program: Program, args: readonly Value[]): Value {
    const subroutine = subroutineOf(program)
    this.#inlined.add(subroutine)
    const result: Variable = { name: program.name, type: 'f64' }
    this.#builder.call(subroutine, args, [result])
    return this.#builder.get(result)
  }

  /** For what it assigns. */
  #effect(expr: Expr): void {
    // A choice goes to the variable from each of its branches.
    if (expr.kind === 'assign' && expr.value.kind === 'choose' && !isBound(expr.local)) {
      const { condition, yes, no } = expr.value
      this.#if(
        condition,
        () => this.#effect({ ...expr, value: yes }),
        () => this.#effect({ ...expr, value: no }),
      )
    } else this.#value(expr)
  }

  #value(expr: Expr): Emitted {
    const builder = this.#builder
    switch (expr.kind) {
      case 'number':
        return { value: builder.const(expr.value), repr: 'f64' }
      case 'boolean':
        return { value: builder.constMask(expr.value), repr: 'mask' }
      case 'input':
        return { value: builder.input(expr.index), repr: 'f64' }
      case 'uniform': {
        const value = builder.uniform(expr.index)
        return expr.isBoolean
          ? { value: builder.op('ne', [value, builder.const(0)]), repr: 'mask' }
          : { value, repr: 'f64' }
      }
      case 'length':
        return { value: builder.length(expr.table), repr: 'f64' }
      case 'gather': {
        if (this.#facts.of(expr.index).kind !== 'number') {
          refuse(expr.at, 'a truth value is no index', 'make a number of it: table[Number(x)]')
        }
        return { value: builder.gather(expr.table, this.#f64(expr.index)), repr: 'f64' }
      }
      case 'read':
        return this.#read(expr.local)
      case 'assign':
        return this.#assign(expr.local, expr.value)
      case 'after':
        this.#steps(shape(expr.steps))
        return this.#value(expr.value)
      case 'program': {
        const { program, uniforms, tables } = expr.program
        for (const subroutine of program.subroutines) this.#inlined.add(subroutine)
        const args = expr.args.map((arg) => this.#f64(arg))
        const isCalled = this.#isCalling && uniforms.length === 0 && tables.length === 0
        return { value: isCalled ? this.#call(program, args) : inlineProgram(builder, expr.program, args), repr: 'f64' }
      }
      case 'operation':
        return this.#operations.operation(expr)
      case 'choose':
        return this.#choose(expr, 'chosen', (side) => this.#value(side), expr.condition, expr.yes, expr.no)
      case 'logic':
        return this.#logic(expr)
    }
  }

  #f64(expr: Expr): Value {
    return this.#operations.f64(this.#value(expr)).value
  }

  #choose(expr: Expr, name: string, side: (expr: Expr) => Emitted, condition: Expr, yes: Expr, no: Expr): Emitted {
    const repr = form(this.#facts.of(expr))
    const variable: Variable = { name, type: typeOf(repr) }
    this.#if(
      condition,
      () => this.#builder.set(variable, this.#operations.as(side(yes), repr)),
      () => this.#builder.set(variable, this.#operations.as(side(no), repr)),
    )
    return { value: this.#builder.get(variable), repr }
  }

  /** The operand that JavaScript gives: the left one where it decides. */
  #logic(expr: Extract<Expr, { kind: 'logic' }>): Emitted {
    const { operator, left, right } = expr
    const repr = form(this.#facts.of(expr))
    const first = this.#value(left)
    const variable: Variable = { name: operator === '&&' ? 'and' : 'or', type: typeOf(repr) }
    const decide = () => this.#builder.set(variable, this.#operations.as(first, repr))
    const goOn = () => this.#builder.set(variable, this.#operations.as(this.#value(right), repr))
    const truth = this.#operations.truth(first)
    if (operator === '&&') this.#builder.if(truth, goOn, decide)
    else this.#builder.if(truth, decide, goOn)
    return { value: this.#builder.get(variable), repr }
  }

  #read(local: Local): Emitted {
    const bound = this.#bound.get(local)
    if (bound) return bound
    return { value: this.#builder.get(this.#variable(local)), repr: form(this.#facts.local(local)) }
  }

  #assign(local: Local, value: Expr): Emitted {
    const repr = form(this.#facts.local(local))
    const given = this.#value(value)
    if (isBound(local)) {
      this.#bound.set(local, given)
      return given
    }
    const converted = this.#operations.as(given, repr)
    this.#builder.set(this.#variable(local), converted)
    return { value: converted, repr }
  }

  #variable(local: Local): Variable {
    const known = this.#variables.get(local)
    if (known) return known
    const variable: Variable = { name: local.name, type: typeOf(form(this.#facts.local(local))) }
    this.#variables.set(local, variable)
    return variable
  }
}

function isBound(local: Local): boolean {
  return local.isScoped && local.assignments === 1
}

function typeOf(repr: Emitted['repr']): Type {
  return repr === 'u32' ? 'i32' : repr
}
