import type { FunctionWriter } from './function-writer.ts'
import type { Rule } from './rule.ts'

/** Pushes the arguments in order, then runs the operations. */
export function plain(...codes: number[]): Rule {
  return (w, operands) => {
    for (let i = 0; i < operands.value.args.length; i++) operands.push(i)
    for (const code of codes) w.simd(code)
  }
}

export function shiftLanes(w: FunctionWriter, code: number, count: number): void {
  w.i32(count)
  w.simd(code)
}
