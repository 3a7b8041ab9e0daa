import type { KernelEnd } from '../../../src/engines/engine.ts'
import { NativeMap } from '../../../src/engines/native.ts'
import type { Program } from '../../../src/kernel/ir/ir.ts'
import { codeOf } from '../../../src/kernel/program-code.ts'
import { isasOf, type NativeCode } from '../../../src/native/machine-code.ts'
import { native } from '../../engines/support/native.ts'

/** What machine code can be made for here. */
export const ISAS: readonly string[] = native === undefined ? [] : isasOf(native.binding)

/** The machine code of a program as it is. Errors: where it is refused. */
function machineCode(program: Program, isa: string): NativeCode {
  const { binding } = native as NativeCode
  return { binding, code: binding.compile(codeOf(program).native!(), isa) }
}

/** What machine code computes of rows, on the caller's own thread and those of the pool. */
export function runNative(
  program: Program,
  isa: string,
  uniforms: Float64Array,
  tables: readonly Float64Array[],
  rows: readonly ArrayLike<number>[],
): Float64Array {
  const out = new Float64Array(rows.length)
  if (rows.length === 0) return out
  let end: KernelEnd | undefined
  const map = new NativeMap(
    machineCode(program, isa),
    {
      code: { ...codeOf(program), isBounded: true }, // so that this thread takes part
      captures: { uniforms, tables },
      columns: program.inputs.map((_, i) => {
        return { kind: 'array', view: Float64Array.from(rows, (row) => row[i] as number) }
      }),
      out,
      rows: rows.length,
      chunksize: undefined,
      workers: 1,
      timeoutMs: 20_000,
      isInPlace: false,
      isBlocking: true,
    },
    (ended) => {
      end = ended
    },
  )
  map.start()
  map.block(Number.POSITIVE_INFINITY)
  if (end?.kind === 'failed') throw end.reason
  if (end?.kind !== 'done') throw new Error(`machine code for ${isa} did not end: ${JSON.stringify(end)}`)
  return out
}
