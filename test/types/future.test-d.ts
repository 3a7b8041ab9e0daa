import { describe, expectTypeOf, it } from 'vitest'
import { asCompleted, type Executor, Future, type FutureState, type ReturnWhen, wait } from '../../src/index.ts'

declare const executor: Executor
declare const signal: AbortSignal

describe('submit', () => {
  it('takes the arguments of the function and promises its result, awaited', () => {
    expectTypeOf(executor.submit((n: number) => `${n}`, 1)).toEqualTypeOf<Future<string>>()
    expectTypeOf(executor.submit((a, b) => a + b, 1, 2)).toEqualTypeOf<Future<number>>()
    expectTypeOf(executor.submit(async () => 1)).toEqualTypeOf<Future<number>>()
    expectTypeOf(executor.submit(<T>(value: T) => [value], 'a')).toEqualTypeOf<Future<string[]>>()
    expectTypeOf(executor.submit(Math.max, 1, 2, 3)).toEqualTypeOf<Future<number>>()
  })

  it('knows parameters that may be left out', () => {
    const shorten = (text: string, length?: number): string => text.slice(0, length)
    expectTypeOf(executor.submit(shorten, 'text')).toEqualTypeOf<Future<string>>()
    expectTypeOf(executor.submit(shorten, 'text', 2)).toEqualTypeOf<Future<string>>()
  })

  it('refuses other arguments, too few and too many', () => {
    // @ts-expect-error a string is no number
    executor.submit((n: number) => n, 'one')
    // @ts-expect-error an argument is missing
    executor.submit((n: number) => n)
    // @ts-expect-error one too many
    executor.submit((n: number) => n, 1, 2)
    // @ts-expect-error a call, not a function
    executor.submit(Math.sqrt(2))
  })
})

describe('schedule', () => {
  it('takes the arguments as an array, and options', () => {
    expectTypeOf(executor.schedule((n: number) => n > 0, [1], { retries: 1, signal })).toEqualTypeOf<Future<boolean>>()
    expectTypeOf(executor.schedule((a, b) => a + b, [1, 2])).toEqualTypeOf<Future<number>>()
    expectTypeOf(executor.schedule(async (text: string) => text, ['a'], { itemTimeout: 50 })).toEqualTypeOf<
      Future<string>
    >()
    // @ts-expect-error misspelt
    executor.schedule((n: number) => n, [1], { retry: 1 })
    // @ts-expect-error an option of map
    executor.schedule((n: number) => n, [1], { chunksize: 1 })
    // @ts-expect-error the arguments stand in an array
    executor.schedule((n: number) => n, 1)
    // @ts-expect-error an argument of another type
    executor.schedule((n: number) => n, ['one'])
  })
})

describe('a future', () => {
  it('is awaited for its value', async () => {
    const future = executor.submit((n: number) => `${n}`, 1)
    expectTypeOf(await future).toEqualTypeOf<string>()
    expectTypeOf(future.result(100)).toEqualTypeOf<Promise<string>>()
    expectTypeOf(future.exception()).toEqualTypeOf<Promise<unknown>>()
    expectTypeOf(future.resultSync()).toEqualTypeOf<string>()
    expectTypeOf(future.then((text) => text.length)).toEqualTypeOf<Promise<number>>()
    expectTypeOf(await Promise.all([future, executor.submit(() => 1)])).toEqualTypeOf<[string, number]>()
    expectTypeOf(future).toExtend<PromiseLike<string>>()
  })

  it('says where it stands, and tells who wants to know', () => {
    const future = executor.submit(() => 1)
    expectTypeOf(future.cancel()).toEqualTypeOf<boolean>()
    expectTypeOf(future.done() || future.running() || future.cancelled()).toEqualTypeOf<boolean>()
    future.addDoneCallback((done) => expectTypeOf(done).toEqualTypeOf<Future<number>>())
    expectTypeOf<FutureState>().toEqualTypeOf<'pending' | 'running' | 'cancelled' | 'done' | 'failed'>()
  })

  it('can be made by hand', () => {
    const future = new Future<Date>()
    if (future.setRunningOrNotifyCancel()) future.setResult(new Date())
    future.setException(new Error('no date'))
    // @ts-expect-error a number is no Date
    future.setResult(0)
  })

  it('stands where a future of anything is wanted, and not where one of another value is', () => {
    expectTypeOf<Future<number>>().toExtend<Future<unknown>>()
    expectTypeOf<Future<number>>().not.toExtend<Future<string>>()
  })
})

describe('wait and asCompleted', () => {
  it('keep the type of the futures', async () => {
    const futures = [executor.submit(() => 1), executor.submit(() => 2)]
    const { done, notDone } = await wait(futures, { returnWhen: 'FIRST_COMPLETED', timeout: 10 })
    expectTypeOf(done).toEqualTypeOf<Set<Future<number>>>()
    expectTypeOf(notDone).toEqualTypeOf<Set<Future<number>>>()
    expectTypeOf(await asCompleted(futures, { timeout: 10 }).next()).toEqualTypeOf<IteratorResult<Future<number>>>()
  })

  it('take futures of several types together, out of any iterable', async () => {
    const mixed = [executor.submit(() => 1), executor.submit(() => 'a')]
    expectTypeOf(asCompleted(new Set(mixed))).toEqualTypeOf<AsyncIterableIterator<Future<number> | Future<string>>>()
    expectTypeOf(await wait(mixed)).toExtend<{ done: Set<Future<number> | Future<string>> }>()
  })

  it('give a loop futures, which TypeScript takes for awaited already', async () => {
    for await (const future of asCompleted([executor.submit(() => 1)])) expectTypeOf(future).toEqualTypeOf<number>()
  })

  it('refuse what is no future, and an unknown condition', () => {
    // @ts-expect-error a promise is no future
    void wait([Promise.resolve(1)])
    // @ts-expect-error one future is no iterable of them
    asCompleted(executor.submit(() => 1))
    // @ts-expect-error Python's constant is a string here, of this spelling
    void wait([], { returnWhen: 'ALL' })
    // @ts-expect-error asCompleted yields each: there is nothing to return early for
    asCompleted([], { returnWhen: 'FIRST_COMPLETED' })
    expectTypeOf<ReturnWhen>().toEqualTypeOf<'ALL_COMPLETED' | 'FIRST_COMPLETED' | 'FIRST_EXCEPTION'>()
  })
})
