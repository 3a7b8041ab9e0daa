import { expect, it } from 'vitest'
import { printText } from '../../../src/kernel/print/text.ts'
import { compile } from '../support/compiled.ts'

// Where inference went through the rounds of each, this took minutes.
it('knows the range of a counter without going through its rounds', () => {
  const loops = Array.from(
    { length: 30 },
    (_, i) => `for (let i${i} = 0; i${i} < 100000; i${i}++) s += (i${i} * 3) | 0`,
  )
  const { program } = compile(`(x) => { let s = x\n${loops.join('\n')}\nreturn s }`)
  expect(printText(program).match(/, 100000 rounds/g)).toHaveLength(30)
})
