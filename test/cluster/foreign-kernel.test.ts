import { describe, expect, it } from 'vitest'
import { foreignKernel, unbounded } from '../../src/cluster/foreign-kernel.ts'
import type { KernelManifest } from '../../src/cluster/manifest.ts'
import { kernel, ThreadPoolExecutor } from '../../src/index.ts'
import { isBounded } from '../../src/kernel/ir/cost.ts'
import { kernelParts } from '../../src/kernel/parts.ts'
import { decode } from '../../src/kernel/print/binary.ts'

const table = Float64Array.of(3, 1, 2)
const offset = 0.5
const looping = kernel(
  (x: number) => {
    let sum = 0
    for (let i = 0; i < 3; i++) sum += Math.hypot(x, table[i]!) ** 1.5
    return sum + offset
  },
  { with: { table, offset } },
)

function manifestOf(): KernelManifest {
  const { code, uniforms, tables } = kernelParts(looping)!
  return { kind: 'kernel', name: code.name, program: code.portable!(), uniforms, tables, engine: 'auto' }
}

describe('a kernel from elsewhere', () => {
  it('gives the bits that it gives at home', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    const xs = Float64Array.from({ length: 1000 }, (_, i) => (i - 500) / 3)
    for (const engine of ['js', 'wasm'] as const) {
      expect(await pool.map(foreignKernel(manifestOf()), xs, { engine })).toEqual(xs.map((x) => looping(x)))
    }
  })

  it('is taken for one that may never end, whatever its bytes say of rounds', () => {
    const program = decode(manifestOf().program)
    expect(isBounded(program)).toBe(true)
    expect(isBounded(unbounded(program))).toBe(false)
    expect(kernelParts(foreignKernel(manifestOf()))?.code.isBounded).toBe(false)
  })

  it('is refused where it is no program, or its captures do not fit', () => {
    const good = manifestOf()
    expect(() => foreignKernel({ ...good, program: good.program.slice(0, -5) })).toThrow(
      expect.objectContaining({ code: 'ERR_LANEWISE_IR' }),
    )
    expect(() => foreignKernel({ ...good, tables: [] })).toThrow('captures 1 numbers and 1 arrays, got 1 and 0')
  })
})
