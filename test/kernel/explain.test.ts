import { describe, expect, it } from 'vitest'
import { kernel } from '../../src/kernel/kernel.ts'

const table = Float64Array.of(1, 2)
const titles = (text: string) => text.split('\n').filter((line) => /^\S/.test(line))

describe('explain()', () => {
  it('shows the source, the IR, what a row costs, and the engines', () => {
    const text = kernel((x: number, y: number) => x * 2.5 + y, { name: 'saxpy' }).explain()
    expect(titles(text)).toEqual(['source', 'IR', 'cost', 'engines'])
    expect(text).toContain('  (x, y) => x * 2.5 + y')
    expect(text).toContain('%0 = mul x, 2.5')
    expect(text).toContain("about 2 additions' worth a row")
    expect(text).toContain('auto    native where there is machine code, else js: a row costs less')
    expect(text).toMatch(/^ {2}wasm {4}\d+ bytes/m)
  })

  it('shows the form for lanes, and says what is slower than plain arithmetic and why', () => {
    const text = kernel(
      (x: number) => {
        let n = 0
        while (x > 1) {
          x /= n % 3 === 0 ? 2 : table[n]! % x
          n++
        }
        return n
      },
      { with: { table } },
    ).explain()
    expect(titles(text)).toEqual([
      'source',
      'IR',
      'for lanes that run in step',
      'cost',
      'engines',
      'slower than plain arithmetic',
    ])
    expect(text).toContain('the loop while: it runs until the last lane of its vectors has left it')
    expect(text).toContain('1 × read of an array: each lane by itself')
    expect(text).toContain('× % by what is no constant power of two')
    expect(text).toContain('a loop without a known bound counts 16 rounds')
    expect(text).toContain('auto    native where there is machine code, else wasm')
  })

  it('is the same for a kernel with other captures', () => {
    const made = kernel((i: number) => table[i]!, { with: { table } })
    expect(made.with({ table: Int8Array.of(1) }).explain()).toBe(made.explain())
  })
})
