import { describe, expect, it } from 'vitest'
import { KernelArrays } from '../../src/engines/arrays.ts'
import type { NumberArray } from '../../src/inputs/number-array.ts'
import { range } from '../../src/inputs/range.ts'
import { repeat } from '../../src/inputs/repeat.ts'
import { collectRows } from '../../src/inputs/rows.ts'
import { type KernelParts, kernelParts } from '../../src/kernel/parts.ts'
import { sharedArray } from '../../src/memory/shared-array.ts'
import { axpy } from './support/axpy.ts'

const { code } = kernelParts(axpy(2)) as KernelParts

function arraysOf(inputs: unknown[], out?: NumberArray, borrow = false): KernelArrays {
  const rows = collectRows(inputs, { borrow: true })
  const columns = Array.from({ length: rows.columns }, (_, i) => rows.column(i))
  return new KernelArrays(code, columns, rows.length, out, { borrow })
}

/** A view of column `i`. */
function viewOf(arrays: KernelArrays, i: number): NumberArray {
  const column = arrays.columns[i]
  if (column?.kind !== 'array') throw new Error(`column ${i} is ${column?.kind}`)
  return column.view
}

describe('the inputs of a kernel map', () => {
  it('on shared memory are used where they lie', () => {
    const x = sharedArray(Float32Array, [1, 2, 3])
    const arrays = arraysOf([x, x.subarray(1)])
    expect(arrays.rows).toBe(2)
    expect(viewOf(arrays, 0)).toBe(x)
    expect(viewOf(arrays, 1).buffer).toBe(x.buffer)
    expect(arrays.bytesCopied).toBe(0)
  })

  it('on plain memory are copied to shared memory, in their own type', () => {
    const x = Uint16Array.of(7, 8, 9)
    const arrays = arraysOf([x, [0.5, true, 3]])
    const [first, second] = [viewOf(arrays, 0), viewOf(arrays, 1)]
    x.fill(0)
    expect(first).toEqual(new Uint16Array([7, 8, 9]))
    expect(first.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect([...second]).toEqual([0.5, 1, 3])
    expect(arrays.bytesCopied).toBe(6 + 24)
  })

  it('are borrowed for a caller that blocks', () => {
    const x = Float64Array.of(1, 2)
    expect(viewOf(arraysOf([x, x], undefined, true), 1)).toBe(x)
  })

  it('that can be resized are copied, those that grow too', () => {
    const resizable = new Float64Array(new ArrayBuffer(16, { maxByteLength: 64 }))
    const growable = new Float64Array(new SharedArrayBuffer(16, { maxByteLength: 64 }))
    growable.set([3, 4])
    const arrays = arraysOf([resizable, growable], undefined, true)
    ;(resizable.buffer as ArrayBuffer & { resize(n: number): void }).resize(0)
    expect([...viewOf(arrays, 0)]).toEqual([0, 0])
    expect(viewOf(arrays, 1).buffer).not.toBe(growable.buffer)
    expect([...viewOf(arrays, 1)]).toEqual([3, 4])
  })

  it('that are counted or repeated take no memory', () => {
    expect(arraysOf([range(1, 7, 2), repeat(false)]).columns).toEqual([
      { kind: 'range', start: 1, step: 2 },
      { kind: 'repeat', value: 0 },
    ])
  })

  it('beyond the parameters shorten the map only', () => {
    const arrays = arraysOf([range(9), range(9), ['these', 'are', 'not read']])
    expect(arrays.rows).toBe(3)
    expect(arrays.columns).toHaveLength(2)
  })

  it.each([
    [[[1, 2, '3'], range(9)], "got '3' as item 2 of input 1"],
    [[range(9), [null]], 'got null as item 0 of input 2'],
    [[range(2), [1, 2n]], 'got 2n as item 1 of input 2'],
    [[range(3), new BigInt64Array(3)], 'got 0n as item 0 of input 2'],
    [[new Array(3), range(3)], 'got undefined as item 0 of input 1'], // holes
    [[range(3), repeat('7')], "got '7' as the value of input 2"],
  ])('are refused where an item is no number: %o', (inputs, text) => {
    expect(() => arraysOf(inputs)).toThrow(TypeError)
    expect(() => arraysOf(inputs)).toThrow(text)
  })

  it('must be there for each parameter', () => {
    expect(() => arraysOf([range(3)])).toThrow('axpy takes 2 inputs, got 1: there is none for y')
  })

  it('that are detached are refused', () => {
    const gone = Float64Array.of(1, 2)
    structuredClone(gone, { transfer: [gone.buffer] })
    expect(() => arraysOf([gone, range(2)])).toThrow(TypeError)
  })
})

describe('the output of a kernel map', () => {
  it('may be an input itself', () => {
    const plain = Float64Array.of(1, 2)
    const shared = sharedArray(Float64Array, 2)
    expect(arraysOf([plain, range(2)], plain).isInPlace).toBe(false) // its values were copied
    expect(arraysOf([range(2), shared], shared).isInPlace).toBe(true)
    expect(arraysOf([plain, range(2)], plain, true).isInPlace).toBe(true)
    expect(arraysOf([shared, range(2)], shared.subarray(0)).isInPlace).toBe(true)
  })

  it('may share its buffer with an input, apart from it', () => {
    const memory = sharedArray(Float64Array, 10)
    const arrays = arraysOf([memory.subarray(0, 5), range(5)], memory.subarray(5))
    expect(arrays.isInPlace).toBe(false)
    // Only what the map uses counts.
    expect(() => arraysOf([memory, range(3)], memory.subarray(3))).not.toThrow()
  })

  it.each([
    ['one row behind', (memory: Float64Array) => [memory, memory.subarray(1)]],
    ['one row before', (memory: Float64Array) => [memory.subarray(1), memory]],
    ['of another type at the same start', (memory: Float64Array) => [memory, new Float32Array(memory.buffer)]],
    ['of another type inside', (memory: Float64Array) => [memory, new Uint8Array(memory.buffer, 39)]],
  ])('must not overlap an input otherwise: %s', (_, views) => {
    for (const memory of [new Float64Array(8), sharedArray(Float64Array, 8)]) {
      const [input, out] = views(memory) as [NumberArray, NumberArray]
      expect(() => arraysOf([range(5), input], out)).toThrow(RangeError)
      expect(() => arraysOf([range(5), input], out)).toThrow('it overlaps input 2')
    }
  })

  it('must hold all rows', () => {
    expect(() => arraysOf([range(5), range(5)], new Int8Array(4))).toThrow('got 4 elements for 5 rows')
  })

  it('is written in place where it is shared, and by way of shared memory where it is not', () => {
    const shared = sharedArray(Int16Array, 4)
    expect(arraysOf([range(3), range(3)], shared).results(false)).toBe(shared)
    const plain = new Int16Array(4)
    const arrays = arraysOf([range(3), range(3)], plain)
    const results = arrays.results(true)
    expect(results).toBeInstanceOf(Int16Array)
    expect(results).toHaveLength(3)
    expect(results.buffer).toBeInstanceOf(SharedArrayBuffer)
    results.set([7, 8, 9])
    expect(arrays.give(1)).toEqual({ start: 0, values: Int16Array.of(7) })
    expect(arrays.give(3)).toEqual({ start: 1, values: Int16Array.of(8, 9) })
    expect(plain).toEqual(Int16Array.of(7, 8, 9, 0))
    expect(arrays.whole).toBe(plain)
  })

  it('is written where it lies for a caller that blocks, but not by other threads of JavaScript', () => {
    const plain = new Int16Array(4)
    const arrays = arraysOf([range(3), range(3)], plain, true)
    expect(arrays.results(true)).toBe(plain)
    expect(arrays.give(3).values).toEqual(plain.subarray(0, 3))
    expect(arrays.bytesCopied).toBe(0)
    expect(arrays.results(false).buffer).toBeInstanceOf(SharedArrayBuffer)
  })

  it('is a new array of doubles where none is given, written by its only owner without a copy', () => {
    const arrays = arraysOf([range(3), range(3)])
    expect(arrays.results(true)).toBe(arrays.whole)
    expect(arrays.whole.buffer).toBeInstanceOf(ArrayBuffer)
    expect(arrays.results(false)).not.toBe(arrays.whole)
  })

  it('that is detached meanwhile is told of when it is to be filled', () => {
    const plain = new Float64Array(3)
    const arrays = arraysOf([range(3), range(3)], plain)
    arrays.results(false)
    structuredClone(plain, { transfer: [plain.buffer] })
    expect(() => arrays.give(3)).toThrow(TypeError)
  })
})
