import { spawnSync } from 'node:child_process'
import { build } from 'esbuild'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { giveBlockBack, takeBlock } from '../../src/memory/blocks.ts'
import { sharedArray } from '../../src/memory/shared-array.ts'

describe('sharedArray', () => {
  it('makes an array of zeros on shared memory of its own', () => {
    const array = sharedArray(Float64Array, 3)
    expectTypeOf(array).toEqualTypeOf<Float64Array<SharedArrayBuffer>>()
    expect(array).toEqual(new Float64Array(3))
    expect(array.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(array.buffer.byteLength).toBe(24)
    expect(sharedArray(Int8Array, 0)).toHaveLength(0)
  })

  it('takes values from arrays, typed arrays, iterables and what only has a length', () => {
    expect([...sharedArray(Float32Array, [0.1, 2])]).toEqual([Math.fround(0.1), 2])
    expect([...sharedArray(Uint8ClampedArray, Float64Array.of(300, -1, 1.5))]).toEqual([255, 0, 2])
    expect([...sharedArray(Int16Array, new Set([1, 70_000]))]).toEqual([1, 4464])
    expect([...sharedArray(Float64Array, { length: 2, 0: 5, 1: 6 })]).toEqual([5, 6])
    expect([...sharedArray(BigInt64Array, [1n, -1n])]).toEqual([1n, -1n])
    expect(Object.is(sharedArray(Float64Array, [-0])[0], -0)).toBe(true)
  })

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a length of %d', (length) => {
    expect(() => sharedArray(Float64Array, length)).toThrow(RangeError)
  })

  it('says how much memory there is not', () => {
    expect(() => sharedArray(Float64Array, 2 ** 53 - 1)).toThrow(
      /^no memory for a shared array of 72057594037927930 bytes; make it shorter$/,
    )
  })

  it('refuses what is no constructor and what are no values', () => {
    expect(() => sharedArray(Array as never, 3)).toThrow(/constructor of typed arrays, got/)
    expect(() => sharedArray(undefined as never, 3)).toThrow(TypeError)
    expect(() => sharedArray(Float64Array, undefined as never)).toThrow(TypeError)
    expect(() => sharedArray(Float64Array, null as never)).toThrow(TypeError)
    expect(() => sharedArray(Float64Array, [1n])).toThrow(TypeError)
  })

  it('lets dropped arrays go in time: a thousand of 8 MB stay under 600 MB', async () => {
    // The whole process counts, so it is a process of its own. Each array is written, so that its pages are there.
    const { outputFiles } = await build({
      stdin: {
        contents: `
          import { sharedArray } from './src/memory/shared-array.ts'
          let peak = 0
          for (let i = 0; i < 1000; i++) {
            sharedArray(Float64Array, 1e6).fill(i)
            peak = Math.max(peak, process.memoryUsage.rss())
          }
          console.log(peak)`,
        loader: 'ts',
        resolveDir: process.cwd(),
      },
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
    })
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module'], {
      input: outputFiles[0]?.text ?? '',
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(Number(stdout)).toBeGreaterThan(8e6)
    expect(Number(stdout)).toBeLessThan(600e6)
  })
})

describe('reused blocks', () => {
  it('are as long as asked for, and the same one comes back', () => {
    const block = takeBlock(5000)
    expect(block.byteLength).toBeGreaterThanOrEqual(5000)
    giveBlockBack(block)
    expect(takeBlock(8000)).toBe(block)
    expect(takeBlock(8000)).not.toBe(block)
    expect(takeBlock(0).byteLength).toBeGreaterThan(0)
  })

  it('are forgotten where they would fill the memory', () => {
    const big = takeBlock(40 * 2 ** 20)
    giveBlockBack(big)
    expect(takeBlock(40 * 2 ** 20)).not.toBe(big)
    const blocks = Array.from({ length: 3 }, () => takeBlock(30 * 2 ** 20))
    for (const block of blocks) giveBlockBack(block)
    expect(blocks).toContain(takeBlock(30 * 2 ** 20))
    expect(blocks).not.toContain(takeBlock(30 * 2 ** 20))
  })
})
