import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { describe, expectTypeOf, it } from 'vitest'
import {
  type Executor,
  type Future,
  type Input,
  LanewiseError,
  type MapResult,
  type Range,
  type Repeat,
  range,
  registerError,
  repeat,
  sharedArray,
  TimeoutError,
  task,
  tasks,
  transfer,
  WorkerDiedError,
} from '../../src/index.ts'

declare const executor: Executor

/** What `import('./geo.ts')` would give. */
interface Geo {
  distance: (from: number, to: number) => number
  look: (name: string) => Promise<Date>
  earthRadius: number
}

describe('task', () => {
  it('leaves the type of the function as it is', () => {
    const double = task(import.meta, (n: number) => n * 2)
    expectTypeOf(double).toEqualTypeOf<(n: number) => number>()
    expectTypeOf(executor.map(double, [1, 2])).toEqualTypeOf<MapResult<number>>()
    // @ts-expect-error the module's meta, not its URL
    task(import.meta.url, (n: number) => n * 2)
    // @ts-expect-error no function
    task(import.meta, 5)
  })
})

describe('tasks', () => {
  const geo = tasks<Geo>(new URL('./geo.ts', import.meta.url))

  it('has the functions of the module, asynchronous where they are called', () => {
    expectTypeOf(geo.distance).toEqualTypeOf<(from: number, to: number) => Promise<number>>()
    expectTypeOf(geo.look).toEqualTypeOf<(name: string) => Promise<Date>>()
    // @ts-expect-error what is no function stays there
    geo.earthRadius satisfies number
    // @ts-expect-error no such export
    geo.area satisfies unknown
  })

  it('gives functions to submit and to map', () => {
    expectTypeOf(executor.submit(geo.look, 'home')).toEqualTypeOf<Future<Date>>()
    expectTypeOf(executor.map(geo.distance, [1], [2])).toEqualTypeOf<MapResult<number>>()
    // @ts-expect-error an argument of another type
    executor.submit(geo.distance, 1, 'far')
  })

  it('takes the type of a module, by its import', () => {
    const path = tasks<typeof import('node:path')>('node:path')
    expectTypeOf(executor.map(path.basename, ['/a/b'])).toEqualTypeOf<MapResult<string>>()
  })
})

describe('inputs', () => {
  it('of numbers and of one value know what they yield', () => {
    expectTypeOf(range(3)).toEqualTypeOf<Range>()
    expectTypeOf(range(0, 1, 0.25)).toExtend<Iterable<number>>()
    expectTypeOf(repeat('x')).toEqualTypeOf<Repeat<string>>()
    expectTypeOf(repeat({ n: 1 }, 3)).toExtend<Input<{ n: number }>>()
    // @ts-expect-error no numbers without an end
    range()
    // @ts-expect-error a number of times
    repeat('x', '3')
  })

  it('of shared memory keep the type of their elements', () => {
    expectTypeOf(sharedArray(Float64Array, 3)).toEqualTypeOf<Float64Array<SharedArrayBuffer>>()
    expectTypeOf(sharedArray(Uint8Array, [1, 2])).toEqualTypeOf<Uint8Array<SharedArrayBuffer>>()
    expectTypeOf(sharedArray(BigInt64Array, new Set([1n]))).toEqualTypeOf<BigInt64Array<SharedArrayBuffer>>()
    expectTypeOf(executor.map((x) => x, sharedArray(Int32Array, 3))).toEqualTypeOf<MapResult<number>>()
    // @ts-expect-error no constructor of typed arrays
    sharedArray(Array, 3)
    // @ts-expect-error strings are no elements
    sharedArray(Float64Array, ['a'])
  })

  it('that move keep their type', () => {
    expectTypeOf(transfer(new Uint8Array(4))).toEqualTypeOf<Uint8Array<ArrayBuffer>>()
    const { port1 } = new MessageChannel()
    expectTypeOf(transfer({ port1 }, [port1])).toEqualTypeOf<{ port1: MessagePort }>()
    // @ts-expect-error the list names what moves
    transfer(new Uint8Array(4), new ArrayBuffer(4))
  })
})

describe('errors', () => {
  it('have their code, and the index of their item where there is one', () => {
    const error = new TimeoutError()
    expectTypeOf(error).toExtend<LanewiseError>()
    expectTypeOf(error.code).toEqualTypeOf<string>()
    expectTypeOf(error.index).toEqualTypeOf<number | undefined>()
    expectTypeOf(new WorkerDiedError('gone').signal).toEqualTypeOf<NodeJS.Signals | null>()
  })

  it('of the user are registered by their class, however it is constructed', () => {
    class QuotaError extends LanewiseError {
      readonly left: number
      constructor(left: number) {
        super('no quota')
        this.left = left
      }
    }
    registerError(QuotaError)
    registerError(RangeError)
    // @ts-expect-error not a class of errors
    registerError(Map)
    // @ts-expect-error the class, not an instance
    registerError(new QuotaError(1))
  })
})
