import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Choice, type Chosen, chooseEngine, NO_COPIES } from '../../src/engines/choose.ts'
import { kernel } from '../../src/kernel/kernel.ts'
import { type KernelParts, kernelParts } from '../../src/kernel/parts.ts'
import type { MachineCode, NativeBinding } from '../../src/native/load.ts'
import type { NativeCode, NoNativeCode } from '../../src/native/machine-code.ts'
import { axpy } from './support/axpy.ts'

const { code } = kernelParts(axpy(1)) as KernelParts
/** It is no program, which the addon could run. */
const dear = { ...code, rowNs: 100, whyPlain: undefined, native: undefined }
const there: NativeCode = { binding: {} as NativeBinding, code: {} as MachineCode }
const missing: NoNativeCode = { isMissing: true, error: new Error('it is not there') }
const refused: NoNativeCode = { isMissing: false, error: new Error('it is too deep') }

function chosen(choice: Partial<Choice>): Chosen {
  return chooseEngine({
    asked: 'auto',
    code,
    rows: 1e6,
    tableBytes: 0,
    copies: NO_COPIES,
    native: () => there,
    ...choice,
  })
}

function choose(choice: Partial<Choice>): string {
  const { engine, place } = chosen(choice)
  return place === 'behind' ? engine : `${engine}, ${place}`
}

beforeEach(() => vi.stubEnv('LANEWISE_ENGINE', ''))
afterEach(() => vi.unstubAllEnvs())

describe('the choice of an engine', () => {
  it('is native where it is there and has the kernel, else wasm', () => {
    expect(chosen({})).toEqual({ engine: 'native', place: 'behind', why: undefined, native: there })
    expect(choose({ code: dear })).toBe('wasm')
    expect(choose({ code: { ...dear, native: code.native }, native: () => missing })).toBe('wasm')
  })

  it('has the caller wait for it where to copy his arrays would keep him as long', () => {
    const rows = 1e6
    const two = { inputs: 16e6, results: 8e6, isOwn: true }
    const why = 'it ran before map returned: to copy its arrays would have taken as long'
    for (const asked of ['auto', 'native'] as const) {
      expect(chosen({ asked, rows, copies: two })).toMatchObject({ engine: 'native', place: 'lent', why })
      // Bytes are sooner copied than read as numbers; and each of these takes longer than two copies.
      expect(chosen({ asked, rows, copies: { ...two, inputs: 2e6 } }).place).toBe('behind')
      expect(chosen({ asked, rows, copies: two, code: { ...code, rowNs: 100 } }).place).toBe('behind')
    }
    // It might never end.
    expect(chosen({ rows, copies: two, code: { ...code, isBounded: false } }).place).toBe('behind')
    expect(chosen({ rows, copies: two, asked: 'wasm' }).place).toBe('behind')
    // Where there is no addon, results are copied too, and only cheap rows are as quick as that.
    const native = (): NoNativeCode => missing
    expect(chosen({ rows, copies: two, native })).toEqual({ engine: 'js', place: 'lent', why })
    expect(choose({ rows, copies: { ...two, inputs: 0 }, native })).toBe('js')
    expect(choose({ rows, copies: two, code: { ...code, whyPlain: undefined, rowNs: 5 }, native })).toBe('wasm')
  })

  it('says why it is not native, unless there is no addon', () => {
    const program = { ...dear, native: code.native }
    expect(chosen({ code: program, native: () => missing }).why).toBeUndefined()
    const why = 'there is no machine code for it: it is too deep'
    expect(chosen({ code: program, native: () => refused })).toEqual({
      engine: 'wasm',
      place: 'behind',
      why,
    })
    expect(
      chosen({ code: { ...program, whyPlain: { why: 'it is cheap', than: 'wasm' } as const }, native: () => refused }),
    ).toEqual({
      engine: 'js',
      place: 'behind',
      why: `${why}; it is cheap`,
    })
    expect(chosen({ rows: 1, native: () => refused }).why).not.toContain(why)
  })

  it('is js where rows cost less than it takes to stage them, or large arrays are captured', () => {
    expect(choose({ native: () => missing })).toBe('js')
    expect(choose({ code: dear, tableBytes: 2 ** 28 })).toBe('wasm')
    expect(choose({ code: dear, tableBytes: 2 ** 28 + 1 })).toBe('js')
    expect(() => choose({ code: dear, tableBytes: 2 ** 28 + 1, asked: 'wasm' })).toThrow(
      'the wasm engine takes captured arrays up to 268435456 bytes as doubles, got 268435457 of axpy; leave engine out',
    )
  })

  it('is js where a loop looks for something by remainders of integers, which lanes leave at different times', () => {
    const isPrime = kernel((n: number) => {
      for (let d = 2; d * d <= n; d++) if (n % d === 0) return 0
      return 1
    })
    const isPrimeInteger = kernel((n: number) => {
      for (let d = 2; d < 1000; d++) if ((n | 0) % d === 0) return 0
      return 1
    })
    const divisor = kernel((a: number, b: number) => {
      while (b !== 0) {
        const rest = a % b
        a = b
        b = rest
      }
      return a
    })
    const codeOf = (fn: unknown) => (kernelParts(fn) as KernelParts).code
    const native = () => missing
    expect(choose({ code: codeOf(isPrime), native })).toBe('wasm')
    expect(choose({ code: codeOf(isPrimeInteger), native })).toBe('js')
    expect(chosen({ code: codeOf(isPrimeInteger) })).toEqual({
      engine: 'js',
      place: 'behind',
      why: 'rows leave its loop after quite different rounds, and would wait there for one another',
    })
    expect(choose({ code: codeOf(isPrime) })).toBe('native')
    expect(choose({ code: codeOf(isPrimeInteger), asked: 'wasm' })).toBe('wasm')
    expect(choose({ code: codeOf(divisor), native })).toBe('wasm')
    expect(isPrimeInteger.explain()).toContain('auto    js: rows leave its loop')
  })

  it('keeps what is over in 20 µs on the calling thread, unless it might not end', () => {
    expect(choose({ rows: 100 })).toBe('js, tiny')
    expect(choose({ rows: 100, code: { ...code, rowNs: 1000 } })).toBe('native')
    expect(choose({ rows: 100, code: { ...code, isBounded: false } })).toBe('native')
  })

  it('is what was asked for, at any size', () => {
    for (const asked of ['js', 'wasm', 'native'] as const) expect(choose({ asked, rows: 1 })).toBe(asked)
  })

  it('is overridden by LANEWISE_ENGINE', () => {
    vi.stubEnv('LANEWISE_ENGINE', 'js')
    expect(choose({ asked: 'native' })).toBe('js')
    vi.stubEnv('LANEWISE_ENGINE', 'auto')
    expect(choose({ asked: 'js' })).toBe('native')
    vi.stubEnv('LANEWISE_ENGINE', 'gpu')
    expect(() => choose({})).toThrow('LANEWISE_ENGINE must be auto, js, wasm or native, got gpu')
  })

  it('fails where native was asked for by name and is not there', () => {
    expect(() => choose({ asked: 'native', native: () => missing })).toThrow(
      expect.objectContaining({
        code: 'ERR_LANEWISE_NATIVE_UNAVAILABLE',
        cause: expect.objectContaining({ message: 'it is not there' }),
      }),
    )
    const unasked = { isMissing: false, error: new Error('it is no program') }
    expect(() => choose({ asked: 'native', code: dear, native: () => unasked })).toThrow(
      'the native engine was asked for, and has no machine code for axpy; leave engine out',
    )
  })

  it('fails with the reason where native was asked for by name and refuses the kernel', () => {
    expect(() => choose({ asked: 'native', native: () => refused })).toThrow(
      expect.objectContaining({
        code: 'ERR_LANEWISE_NATIVE_UNAVAILABLE',
        message: 'the native engine was asked for, and has no machine code for axpy: it is too deep; leave engine out',
        cause: refused.error,
      }),
    )
  })

  it('does not look for the addon where it does not matter', () => {
    const native = () => {
      throw new Error('nobody needs it')
    }
    expect(choose({ rows: 1, native })).toBe('js, tiny')
    expect(choose({ asked: 'wasm', native })).toBe('wasm')
  })
})
