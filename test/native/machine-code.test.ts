import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { InlineExecutor } from '../../src/executors/inline.ts'
import { ThreadPoolExecutor } from '../../src/executors/threads.ts'
import { range } from '../../src/inputs/range.ts'
import { kernel } from '../../src/kernel/kernel.ts'
import { kernelParts } from '../../src/kernel/parts.ts'
import type { NativeBinding, NativeLoad } from '../../src/native/load.ts'
import { machineCodeOf } from '../../src/native/machine-code.ts'

let load: NativeLoad
vi.mock('../../src/native/load.ts', () => ({ loadNative: () => load }))

/** An addon that compiles what it likes: not kernels that are called `refused`. */
function addon(...isas: string[]): { binding: NativeBinding; compile: ReturnType<typeof vi.fn> } {
  const compile = vi.fn((bytes: Uint8Array, isa: string) => {
    if (Buffer.from(bytes).includes('refused')) throw new Error('it is too deep')
    return { shape: { isa, lanes: 4, vectors: 2, spills: 1, codeBytes: 1234 } }
  })
  return { binding: { isas: () => isas, compile } as Partial<NativeBinding> as NativeBinding, compile }
}

/** A kernel of its own. */
const newKernel = (name = 'plus') => kernel((x: number) => x + 1, { name })

function codeOf(fn: unknown): ReturnType<typeof machineCodeOf> {
  const parts = kernelParts(fn)
  if (parts === undefined) throw new Error('it is no kernel')
  return machineCodeOf(parts.code)
}

beforeEach(() => {
  vi.stubEnv('LANEWISE_ISA', '')
  vi.stubEnv('LANEWISE_ENGINE', '')
  load = { binding: addon('avx512', 'avx2').binding, from: 'here' }
})
afterEach(() => vi.unstubAllEnvs())

describe('the machine code of a kernel', () => {
  it('is made once, for the widest vectors', () => {
    const { binding, compile } = addon('avx512', 'avx2')
    load = { binding, from: 'here' }
    const fn = newKernel()
    const code = codeOf(fn)
    expect(code).toMatchObject({ binding, code: { shape: { isa: 'avx512' } } })
    expect(codeOf(fn)).toBe(code)
    expect(codeOf(kernel((x: number) => x + gain, { with: { gain: 1 } }).with({ gain: 2 }))).not.toBe(code)
    expect(compile).toHaveBeenCalledTimes(2)
  })

  it('is that of the code with other captures', () => {
    const fn = kernel((x: number) => x + gain, { with: { gain: 1 } })
    expect(codeOf(fn.with({ gain: 2 }))).toBe(codeOf(fn))
  })

  it('is made for what LANEWISE_ISA names', () => {
    vi.stubEnv('LANEWISE_ISA', 'avx2')
    const fn = newKernel()
    expect(codeOf(fn)).toMatchObject({ code: { shape: { isa: 'avx2' } } })
    vi.stubEnv('LANEWISE_ISA', '')
    expect(codeOf(fn)).toMatchObject({ code: { shape: { isa: 'avx512' } } })
  })

  it('is refused for other values of LANEWISE_ISA, wherever it is wanted', () => {
    vi.stubEnv('LANEWISE_ISA', 'sse2')
    const error = new RangeError('LANEWISE_ISA must be avx2 or avx512, got sse2; set or unset it')
    expect(() => codeOf(newKernel())).toThrow(error)
    expect(() => new InlineExecutor().map(newKernel(), range(1e6))).toThrow(error)
    expect(() => newKernel().explain()).toThrow(error)
  })

  it.each([
    [['avx2'], 'avx512', 'LANEWISE_ISA is avx512, and this processor has avx2; unset it'],
    [[], '', /^(this processor has no AVX2, which machine code needs|there is no machine code for \w+ yet)$/],
  ])('is not there where the processor has %j and LANEWISE_ISA is %j', (isas, asked, message) => {
    load = { binding: addon(...isas).binding, from: 'here' }
    vi.stubEnv('LANEWISE_ISA', asked)
    const code = codeOf(newKernel())
    expect(code).toMatchObject({ isMissing: false, error: { message: expect.stringMatching(message) } })
  })

  it('is not there where there is no addon', () => {
    const error = new Error('no such file')
    load = { errors: [error] }
    expect(codeOf(newKernel())).toEqual({ isMissing: true, error })
    load = { errors: [error, error] }
    expect(codeOf(newKernel())).toMatchObject({ isMissing: true, error: { errors: [error, error] } })
    load = { errors: [] }
    expect(codeOf(newKernel())).toMatchObject({ isMissing: true, error: { errors: [] } })
  })
})

describe('a kernel that the addon refuses', () => {
  it('is asked for once', () => {
    const { binding, compile } = addon('avx2')
    load = { binding, from: 'here' }
    const fn = newKernel('refused')
    for (let i = 0; i < 3; i++) expect(codeOf(fn)).toMatchObject({ isMissing: false })
    expect(compile).toHaveBeenCalledTimes(1)
  })

  it('goes another way, and its map says why', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    const dear = kernel(
      (x: number) => {
        while (x > 1) x /= 2
        return x
      },
      { name: 'refused' },
    )
    const map = pool.map(dear, range(100))
    await map
    expect(map.stats).toMatchObject({ engine: 'wasm', why: 'there is no machine code for it: it is too deep' })
  })

  it('fails with the reason where native was asked for by name', async () => {
    await using pool = new InlineExecutor({ engine: 'native' })
    expect(() => pool.map(newKernel('refused'), range(100))).toThrow(
      expect.objectContaining({
        code: 'ERR_LANEWISE_NATIVE_UNAVAILABLE',
        message:
          'the native engine was asked for, and has no machine code for refused: it is too deep; leave engine out',
        cause: expect.objectContaining({ message: 'it is too deep' }),
      }),
    )
  })
})

describe('explain()', () => {
  const native = (fn: { explain(): string }) => /^ {2}native .*$/m.exec(fn.explain())?.[0]

  it('says what machine code there is', () => {
    expect(native(newKernel())).toBe('  native  1,234 bytes for avx512: 2 vectors of four doubles in flight, 1 spill')
  })

  it('says why there is none', () => {
    expect(native(newKernel('refused'))).toBe('  native  no machine code: it is too deep')
    load = { errors: [new Error('no such file')] }
    expect(native(newKernel())).toBe('  native  the addon is not here')
  })
})

declare const gain: number
