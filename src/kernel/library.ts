import { mathIr } from '../generated/math-ir.ts'
import type { Program } from './ir.ts'
import { decode } from './print/binary.ts'

/** The functions of src/math by their names, as they were compiled when the package was built; each is read when it is first asked for. */
class Library implements ReadonlyMap<string, Program> {
  readonly #read = new Map<string, Program>()

  get size(): number {
    return Object.keys(mathIr).length
  }

  has(name: string): boolean {
    return Object.hasOwn(mathIr, name)
  }

  get(name: string): Program | undefined {
    const known = this.#read.get(name)
    if (known || !this.has(name)) return known
    const program = decode(Buffer.from(mathIr[name] as string, 'base64'))
    this.#read.set(name, program)
    return program
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

export const library: ReadonlyMap<string, Program> = new Library()
