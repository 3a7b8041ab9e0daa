import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kernel } from '../../src/kernel/kernel.ts'
import { kernelParts } from '../../src/kernel/parts.ts'
import { loadNative, type NativeBinding } from '../../src/native/load.ts'
import type { NativeCode } from '../../src/native/machine-code.ts'
import { native, withoutNative } from '../engines/support/native.ts'
import { ISAS } from '../kernel/support/native-rows.ts'

const bytesOf = (fn: unknown) => kernelParts(fn)?.code.native?.() ?? new Uint8Array()

describe.skipIf(withoutNative)('the addon', () => {
  const isa = ISAS[0] as string
  const compile: NativeBinding['compile'] = (bytes, isa) => (native as NativeCode).binding.compile(bytes, isa)

  it('says what became of a kernel', () => {
    for (const each of ISAS) {
      const { shape } = compile(bytesOf(kernel((x: number) => Math.exp(x))), each)
      expect(shape).toEqual({
        isa: each,
        lanes: each === 'avx2' ? 4 : 8,
        vectors: expect.any(Number),
        spills: expect.any(Number),
        codeBytes: expect.any(Number),
      })
      expect(shape.vectors).toBeGreaterThan(0)
      expect(shape.codeBytes).toBeGreaterThan(100)
    }
  })

  it('takes bytes at any offset', () => {
    const bytes = bytesOf(kernel((x: number) => x + 1))
    const within = new Uint8Array(bytes.length + 3)
    within.set(bytes, 3)
    expect(compile(within.subarray(3), isa).shape).toEqual(compile(bytes, isa).shape)
  })

  it('refuses bytes that are no program, and goes on', () => {
    const bytes = bytesOf(kernel((x: number) => x + 1))
    for (const bad of [
      new Uint8Array(),
      bytes.subarray(0, -1 - 'kernel x'.length),
      bytes.with(0, 1),
      bytes.with(30, 77),
    ]) {
      expect(() => compile(bad, isa)).toThrow(expect.objectContaining({ code: 'ERR_LANEWISE_NO_CODE' }))
    }
    expect(compile(bytes, isa).shape.isa).toBe(isa)
  })

  it.each([
    ['an array of another kind', () => compile(new Int8Array(40) as never, isa)],
    ['no array', () => compile('LWIR' as never, isa)],
    ['instructions that are none', () => compile(bytesOf(kernel((x: number) => x)), 'avx3')],
  ])('refuses %s', (_, call) => {
    expect(call).toThrow(Error)
  })
})

describe.skipIf(withoutNative)('a process', () => {
  let folder: string
  let program: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lanewise-'))
    program = join(folder, 'program.mjs')
    await build({
      entryPoints: ['test/native/support/code-program.ts'],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: program,
    })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function runProgram(how: string): unknown {
    const load = loadNative()
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', program, how], {
      encoding: 'utf8',
      env: { ...process.env, LANEWISE_NATIVE: 'from' in load ? load.from : '' },
    })
    return { status, stdout, stderr }
  }

  it('keeps the code of a map in flight, though nobody has its kernel any more', () => {
    expect(runProgram('in flight')).toEqual({ status: 0, stdout: 'as wanted\n', stderr: '' })
  })

  it('gives back the code of kernels that nobody has', () => {
    expect(runProgram('dropped')).toEqual({ status: 0, stdout: 'given back\n', stderr: '' })
  })

  it('compiles a kernel once for all its threads', () => {
    expect(runProgram('threads')).toEqual({ status: 0, stdout: 'one\n', stderr: '' })
  })
})
