import { describe, expect, it } from 'vitest'
import { optimise } from '../../../src/kernel/optimise/optimise.ts'
import { printText } from '../../../src/kernel/print/text.ts'
import { compile } from '../support/compiled.ts'

/** What is computed of a kernel `(x, y) => …`, one operation after the other, and the result. */
function computed(expression: string): string {
  const text = printText(optimise(compile(`(x, y) => Number(${expression})`).program))
  return text
    .split('\n')
    .slice(1, -2)
    .map((line) => line.trim().replace('result := ', ''))
    .join('; ')
}

type Rules = readonly (readonly [expression: string, computed: string])[]

const zeros: Rules = [
  ['x - 0', 'x'],
  ['x + -0', 'x'],
  ['x + 0', '%0 = add x, 0; %0'],
  ['x - -0', '%0 = sub x, -0; %0'],
  ['x * x + 0', '%0 = mul x, x; %0'],
  ['x - Math.abs(y) + 0', '%0 = abs y; %1 = sub x, %0; %2 = add %1, 0; %2'],
  ['Math.abs(x) - y + 0', '%0 = abs x; %1 = sub %0, y; %1'],
  ['x + Math.abs(y) + 0', '%0 = abs y; %1 = add x, %0; %1'],
  ['x * Math.abs(y) + 0', '%0 = abs y; %1 = mul x, %0; %2 = add %1, 0; %2'],
  ['Math.trunc(x) + 0', '%0 = trunc x; %1 = add %0, 0; %1'],
  ['Math.sqrt(x) + 0', '%0 = sqrt x; %1 = add %0, 0; %1'],
  ['Math.sqrt(Math.abs(x)) + 0', '%0 = abs x; %1 = sqrt %0; %1'],
  ['0 - x', '%0 = sub 0, x; %0'],
  ['-0 - x', '%0 = neg x; %0'],
  ['x * 0', '%0 = mul x, 0; %0'],
  ['Math.abs(x + 0)', '%0 = abs x; %0'],
  ['x + 0 < y', '%0 = lt x, y; %1 = maskToF64 %0; %1'],
]

const signs: Rules = [
  ['-(-x)', 'x'],
  ['x + -y', '%0 = sub x, y; %0'],
  ['-x + y', '%0 = sub y, x; %0'],
  ['x - -y', '%0 = add x, y; %0'],
  ['x * -1', '%0 = neg x; %0'],
  ['-x * y', '%0 = mul x, y; %1 = neg %0; %1'],
  ['-x * -y', '%0 = mul y, x; %0'],
  ['-x * y + 1', '%0 = mul x, y; %1 = sub 1, %0; %1'],
  ['-(x * 3)', '%0 = mul x, -3; %0'],
  ['1 / -x', '%0 = div -1, x; %0'],
  ['-x / y', '%0 = div x, y; %1 = neg %0; %1'],
  ['Math.abs(-x)', '%0 = abs x; %0'],
  ['Math.abs(x * x)', '%0 = mul x, x; %0'],
  ['-x < 3', '%0 = gt x, -3; %1 = maskToF64 %0; %1'],
]

const arithmetic: Rules = [
  ['Math.sqrt(2) * x', '%0 = mul x, 1.4142135623730951; %0'],
  ['x * 1', 'x'],
  ['x / 8', '%0 = mul x, 0.125; %0'],
  ['x / -0.25', '%0 = mul x, -4; %0'],
  ['x / 3', '%0 = div x, 3; %0'],
  [`x / ${2 ** 1023}`, `%0 = div x, ${2 ** 1023}; %0`],
  [`x / ${2 ** -1022}`, `%0 = mul x, ${2 ** 1022}; %0`],
  ['x / x', '%0 = div x, x; %0'],
  ['Math.trunc(Math.floor(x))', '%0 = floor x; %0'],
  ['Math.min(x, x)', 'x'],
  ['Math.min(x, y)', '%0 = min x, y; %0'],
  ['Math.fround(Math.fround(x))', '%0 = fround x; %0'],
  ['(x + y) * (y + x)', '%0 = add x, y; %1 = mul %0, %0; %1'],
]

const remainders: Rules = [
  ['x % -16', '%0 = remPow2 x, 16; %0'],
  [
    'x % 4 === 0',
    '%0 = mul x, 0.25; %1 = trunc %0; %2 = mul %1, 4; %3 = sub x, %2; %4 = eq %3, 0; %5 = maskToF64 %4; %5',
  ],
  ['(x | 0) % 8 === 0', '%0 = toI32 x; %1 = andI32 %0, 7i; %2 = eqI32 %1, 0i; %3 = maskToF64 %2; %3'],
  ['(x | 0) % 8', '%0 = toI32 x; %1 = i32ToF64 %0; %2 = remPow2 %1, 8; %2'],
  ['(x & 1023) % 16', '%0 = toI32 x; %1 = andI32 %0, 15i; %2 = i32ToF64 %1; %2'],
  ['x % y === 0', '%0 = rem x, y; %1 = eq %0, 0; %2 = maskToF64 %1; %2'],
]

const comparisons: Rules = [
  ['5 < x', '%0 = gt x, 5; %1 = maskToF64 %0; %1'],
  ['x < NaN', '0'],
  ['x !== NaN', '1'],
  ['x < x', '0'],
  ['x === x', '%0 = eq x, x; %1 = maskToF64 %0; %1'],
  ['(x | 0) < (y | 0)', '%0 = toI32 x; %1 = toI32 y; %2 = ltI32 %0, %1; %3 = maskToF64 %2; %3'],
  ['Math.abs(x | 0) >= 0.5', '%0 = toI32 x; %1 = i32ToF64 %0; %2 = abs %1; %3 = ge %2, 0.5; %4 = maskToF64 %3; %4'],
  ['(x > 1 ? 3 : 5) === 5', '%0 = gt x, 1; %1 = not %0; %2 = maskToF64 %1; %2'],
  ['(x > y ? 1 : 2) > 0', '1'],
]

const truth: Rules = [
  ['!(x === y)', '%0 = ne x, y; %1 = maskToF64 %0; %1'],
  ['!(x < y)', '%0 = lt x, y; %1 = not %0; %2 = maskToF64 %1; %2'],
  ['!!(x < y)', '%0 = lt x, y; %1 = maskToF64 %0; %1'],
  ['x > 1 && y > 1 && x > 1', '%0 = gt x, 1; %1 = gt y, 1; %2 = and %0, %1; %3 = maskToF64 %2; %3'],
  ['x > 1 || !(x > 1)', '1'],
  ['x < y ? true : x > 7', '%0 = lt x, y; %1 = gt x, 7; %2 = or %0, %1; %3 = maskToF64 %2; %3'],
]

const choices: Rules = [
  ['x < y ? x : y', '%0 = lesser x, y; %0'],
  ['x < y ? y : x', '%0 = greater y, x; %0'],
  ['x <= y ? x : y', '%0 = le x, y; %1 = select %0, x, y; %1'],
  ['x < y ? 1 : 0', '%0 = lt x, y; %1 = maskToF64 %0; %1'],
  ['x < 1 ? x < 1 ? y : 3 : 4', '%0 = lt x, 1; %1 = select %0, y, 4; %1'],
  ['x < 1 ? y : x < 1 ? 3 : 4', '%0 = lt x, 1; %1 = select %0, y, 4; %1'],
  ['x < 1 ? y : y', 'y'],
]

const integers: Rules = [
  ['~~x', '%0 = toI32 x; %1 = i32ToF64 %0; %1'],
  ['Math.trunc(x) | 0', '%0 = toI32 x; %1 = i32ToF64 %0; %1'],
  [
    '((x > 1) + (y > 2)) | 0',
    '%0 = gt x, 1; %1 = maskToI32 %0; %2 = gt y, 2; %3 = maskToI32 %2; %4 = addI32 %1, %3; %5 = i32ToF64 %4; %5',
  ],
  ['(x & 255) & 15', '%0 = toI32 x; %1 = andI32 %0, 15i; %2 = i32ToF64 %1; %2'],
  ['x >> 32', '%0 = toI32 x; %1 = i32ToF64 %0; %1'],
  ['Math.imul(x, 8)', '%0 = toI32 x; %1 = shl %0, 3i; %2 = i32ToF64 %1; %2'],
  [
    '((x | 0) / 8) | 0',
    '%0 = toI32 x; %1 = sar %0, 31i; %2 = shr %1, 29i; %3 = addI32 %0, %2; %4 = sar %3, 3i; %5 = i32ToF64 %4; %5',
  ],
  ['((x | 0) / 7) | 0', '%0 = toI32 x; %1 = divI32 %0, 7i; %2 = i32ToF64 %1; %2'],
]

describe('an optimised value', () => {
  const groups = { zeros, signs, arithmetic, remainders, comparisons, truth, choices, integers }
  describe.each(Object.entries(groups))('of %s', (_, rules) => {
    it.each(rules)('%s is %s', (expression, wanted) => {
      expect(computed(expression)).toBe(wanted)
    })
  })

  it('keeps a remainder whose sign somebody wants, and computes it once', () => {
    const { program } = compile('(x) => { const r = x % 8; return r < 4 ? r : 8 - r }')
    expect(printText(optimise(program))).toContain(`
  %0 = remPow2 x, 8
  %1 = lt %0, 4
`)
  })
})
