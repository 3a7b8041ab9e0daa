import { expect } from 'vitest'
import { interpret } from '../../../src/kernel/ir/interpret.ts'
import type { Program } from '../../../src/kernel/ir/ir.ts'
import type { Form } from '../../../src/kernel/print/binary/format.ts'
import { decode, encode, encodeLanes } from '../../../src/kernel/print/binary.ts'
import { mutate } from './mutate.ts'
import { COMPUTED, everything, programsOf } from './programs.ts'
import { drawsFrom } from './random-number.ts'
import { randomProgram } from './random-program.ts'

/**
 * Decodes mutated binary programs of a form and answers how many of them are programs still.
 *
 * Each of these must have the very bytes that it was decoded from, and must run: what a value or a label wants is there. The others must be refused
 * by an error of their own, whatever the bytes are.
 */
export function fuzz(firstSeed: number, count: number, form: Form): number {
  const random = Array.from({ length: 200 }, (_, seed) => randomProgram(drawsFrom(seed)))
  const sources = [everything(), ...COMPUTED.flatMap(programsOf), ...random].map((program) =>
    form === 'item' ? encode(program) : encodeLanes(program),
  )
  let programs = 0
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const bytes = mutate(seed, sources)
    const program = decodeOrRefuse(bytes, seed, form)
    if (program === undefined) continue
    programs++
    if (!Buffer.from(encode(program, form)).equals(bytes)) expect.fail(`seed ${seed} is encoded otherwise`)
    run(program)
  }
  return programs
}

function decodeOrRefuse(bytes: Uint8Array, seed: number, form: Form): Program | undefined {
  try {
    return decode(bytes, form)
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_LANEWISE_IR') expect.fail(`seed ${seed} throws ${String(error)}`)
    return undefined
  }
}

/** A loop may have lost its end: that is no fault of the form. */
function run(program: Program): void {
  const tables = program.tables.map((_, i) => Float64Array.of(1, i, -0))
  const one = (names: readonly unknown[]): Float64Array => new Float64Array(names.length).fill(1.5)
  try {
    interpret(program, one(program.inputs), one(program.uniforms), tables, 100)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
}
