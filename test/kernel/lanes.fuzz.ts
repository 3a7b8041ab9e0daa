import { describe, expect, it } from 'vitest'
import { decode, encodeLanes } from '../../src/kernel/print/binary.ts'
import { hasCargo, runExample } from './support/cargo.ts'
import { caseText } from './support/case-text.ts'
import { programCase } from './support/fuzz-kernel.ts'
import { mutate } from './support/mutate.ts'
import { operationCases } from './support/operation-cases.ts'
import { everything } from './support/programs.ts'
import { drawsFrom } from './support/random-number.ts'
import { type Case, randomCase, randomProgram } from './support/random-program.ts'

const AT_ONCE = 1000

// `LANEWISE_FUZZ_SEED=200000 npm run test:fuzz` runs others.
const first = Number(process.env.LANEWISE_FUZZ_SEED ?? 0)

describe.skipIf(!hasCargo)('crates/jit', () => {
  it('has the bits of each operation, on all edges', () => {
    expect(complaintsOf(operationCases())).toEqual([])
  })

  it.each(seeds(40_000))(`has the bits of random programs, ${AT_ONCE} from seed %i`, (from) => {
    const cases = Array.from({ length: AT_ONCE }, (_, i) => randomCase(drawsFrom(from + i), 1 + (i % 9)))
    expect(complaintsOf(cases)).toEqual([])
  })

  it.each(seeds(10_000))(`has the bits of random kernels, ${AT_ONCE} from seed %i`, (from) => {
    const cases = Array.from({ length: AT_ONCE }, (_, i) => programCase(from + i, 20)).filter(
      (each) => each !== undefined,
    )
    expect(cases.length).toBeGreaterThan(0.9 * AT_ONCE)
    expect(complaintsOf(cases)).toEqual([])
  })

  it.each(seeds(100_000))(`reads what decode() reads, and refuses the same, ${AT_ONCE} from seed %i`, (from) => {
    const sources = [everything(), ...Array.from({ length: 200 }, (_, seed) => randomProgram(drawsFrom(seed)))]
    const encoded = sources.map((program) => encodeLanes(program))
    const mutated = Array.from({ length: AT_ONCE }, (_, i) => mutate(from + i, encoded))
    const answers = runExample('read', mutated.map((bytes) => `${Buffer.from(bytes).toString('hex')}\n`).join(''))
    const differing = mutated.flatMap((bytes, i) => {
      const [here, there] = [answerOf(bytes), answers[i]]
      return (here === 'read') === (there === 'read') ? [] : [{ seed: from + i, here, there }]
    })
    expect(differing).toEqual([])
  })
})

function seeds(count: number): number[] {
  return Array.from({ length: count / AT_ONCE }, (_, i) => first + i * AT_ONCE)
}

/** What `crates/jit/examples/run.rs` says of cases: nothing, if all have the bits of interpret(). */
function complaintsOf(cases: readonly Case[]): string[] {
  const lines = runExample('run', cases.map(caseText).join(''))
  return lines.filter((line) => line !== `${cases.length} cases, 0 differ`)
}

function answerOf(bytes: Uint8Array): string {
  try {
    decode(bytes, 'lanes')
    return 'read'
  } catch (error) {
    return (error as Error).message
  }
}
