import { describe, expect, it } from 'vitest'
import { compile, expectSameBits, functionOf, rows } from '../support/compiled.ts'
import { CONSTRUCTS } from '../support/kernels.ts'

describe('a compiled kernel gives the bits of its function', () => {
  it.each(Object.entries(CONSTRUCTS))('%s', (_, text) => {
    const isMethod = text.startsWith('f(')
    const compiled = compile(text)
    expect(compiled.program.inputs.map(({ name }) => name)).toEqual(['x', 'y'])
    expectSameBits(compiled, functionOf(isMethod ? `({ ${text} }).f` : text), rows(2))
  })
})
