import { mathIr } from '../generated/math-ir.ts'
import { MOST_HYPOT } from './front/math-names.ts'
import { hypotOf } from './hypot.ts'
import type { Program, Statement, Subroutine } from './ir/ir.ts'
import { decode } from './print/binary.ts'

/**
 * The functions of src/math by their names, as they were compiled when the package was built; each is read when it is first asked for.
 *
 * `hypot` of more than two numbers is hypot3, hypot4, … to hypot64: they are made when asked for, and not listed.
 */
class Library implements ReadonlyMap<string, Program> {
  readonly #read = new Map<string, Program>()
  /** Cold functions by their names: sine and cosine have one in common, which a kernel of both is to hold once. */
  readonly #cold = new Map<string, Subroutine>()

  get size(): number {
    return Object.keys(mathIr).length
  }

  has(name: string): boolean {
    return Object.hasOwn(mathIr, name) || numbersOfHypot(name) !== undefined
  }

  get(name: string): Program | undefined {
    const known = this.#read.get(name)
    if (known || !this.has(name)) return known
    const numbers = numbersOfHypot(name)
    const program = numbers ? hypotOf(numbers) : this.#share(decode(Buffer.from(mathIr[name] as string, 'base64')))
    this.#read.set(name, program)
    return program
  }

  #share(program: Program): Program {
    if (program.subroutines.length === 0) return program
    const subroutines = program.subroutines.map((own) => {
      const known = this.#cold.get(own.name) ?? own
      this.#cold.set(own.name, known)
      return known
    })
    return { ...program, subroutines, body: callOthers(program.body, program.subroutines, subroutines) }
  }

  keys(): MapIterator<string> {
    return Object.keys(mathIr).values()
  }

  *values(): Generator<Program, undefined> {
    for (const name of this.keys()) yield this.get(name) as Program
  }

  *entries(): Generator<[string, Program], undefined> {
    for (const name of this.keys()) yield [name, this.get(name) as Program]
  }

  [Symbol.iterator](): Generator<[string, Program], undefined> {
    return this.entries()
  }

  forEach(visit: (program: Program, name: string, library: ReadonlyMap<string, Program>) => void): void {
    for (const [name, program] of this) visit(program, name, this)
  }
}

/** Of `hypot5`: 5. */
function numbersOfHypot(name: string): number | undefined {
  const numbers = Number(/^hypot([1-9]\d*)$/.exec(name)?.[1])
  return numbers > 2 && numbers <= MOST_HYPOT ? numbers : undefined
}

/** The statements with calls of `to` in place of those of `from`. */
function callOthers(
  statements: readonly Statement[],
  from: readonly Subroutine[],
  to: readonly Subroutine[],
): Statement[] {
  const inner = (body: readonly Statement[]) => callOthers(body, from, to)
  return statements.map((statement) => {
    switch (statement.kind) {
      case 'call':
        return { ...statement, subroutine: to[from.indexOf(statement.subroutine)] as Subroutine }
      case 'if':
        return { ...statement, yes: inner(statement.yes), no: inner(statement.no) }
      case 'block':
      case 'loop':
        return { ...statement, body: inner(statement.body) }
      default:
        return statement
    }
  })
}

export const library: ReadonlyMap<string, Program> = new Library()
