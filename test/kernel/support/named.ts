import { Builder } from '../../../src/kernel/ir/build.ts'
import type { Program, Value, Variable } from '../../../src/kernel/ir/ir.ts'

/** Names that mean something to JavaScript, to AssemblyScript, or to a printer. */
export const WORDS: readonly string[] = [
  'f64',
  'bool',
  'break',
  'default',
  'NaN',
  'remExact',
  'splitBits',
  't0',
  'main',
  'constructor',
  '__proto__',
]

/** Names that would end what they stand in, were they pasted: a program that was read from bytes may have any. */
export const NO_WORDS: readonly string[] = [
  '',
  '1x',
  'a b',
  'öde',
  'x\n} escape() {',
  '// \r escape()',
  '*/ escape() /*',
  '`',
  '$'.concat('{escape()}'),
  "'; escape(); '",
  '"; escape(); "',
  '\\',
  '\u2028escape()',
  'a.b',
  'x'.repeat(1000),
]

/** `x < 0 ? 1 : x` + 0.5, with everything in it called `name`. */
export function named(name: string): Program {
  const b = new Builder()
  const result: Variable = { name, type: 'f64' }
  const half: Variable = { name, type: 'f64' }
  const subroutine = { name, inputs: [], body: b.body(() => b.set(half, b.const(0.5))), results: [half] }
  const body = b.body(() => {
    b.call(subroutine, [], [result])
    b.block(name, (label) => {
      b.loop(name, () => {
        const add = (x: Value): void => b.set(result, b.op('add', [b.get(result), x]))
        const isBelow = b.op('lt', [b.input(0), b.gather(0, b.uniform(0))])
        b.if(
          isBelow,
          () => add(b.const(1)),
          () => add(b.input(0)),
        )
        b.leave(label)
      })
    })
  })
  return { name, inputs: [{ name }], uniforms: [name], tables: [name], body, result, subroutines: [subroutine] }
}
