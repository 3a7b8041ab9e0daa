import { asCompleted, type Executor, Future, InlineExecutor, type MapResult, range, repeat, type Settled, task, tasks, wait, ThreadPoolExecutor, sharedArray, transfer, type Input, type MapOptions, type CallOptions } from '../../src/index.ts'
declare const executor: Executor
declare const pool: ThreadPoolExecutor
declare const words: string[]
declare const lines: AsyncIterable<string>
declare const signal: AbortSignal
type T<X> = X extends MapResult<infer R, infer A> ? [R, A] : 'no'
// class methods: ThreadPoolExecutor.map is typed?
const a1 = pool.map((x) => x * 2, [1, 2, 3])
const a1t: MapResult<number> = a1
const a2: MapResult<number> = executor.map(() => 1, words)
const a3: MapResult<number> = executor.map(() => 1, range(3), repeat('x'))
const a4: MapResult<number> = executor.map((x) => x, new Float32Array(3))
const a5: MapResult<bigint> = executor.map((x) => x, new BigInt64Array(3))
const a6: MapResult<number> = executor.map(async (x) => x, new Set([1]))
const a7: MapResult<number[]> = executor.map((...xs: number[]) => xs, [1], [2], [3])
const a8: MapResult<number> = executor.map(Math.hypot, [3], [4])
const a9: MapResult<number> = executor.map(Math.max, [3], [4], [5], [6], [7])
const b1: MapResult<string> = executor.map((x: string, y = 1) => x + y, words)
const b2: MapResult<string> = executor.map((x: string, y = 1) => x + y, words, [1])
const b3: MapResult<number> = executor.map(parseInt, words)
const b3b: MapResult<number> = executor.map(Number.parseInt, words, repeat(10))
const b4: MapResult<number> = executor.map((x) => x, [1] as const)
const b5: MapResult<Settled<number>> = executor.map((x) => x, [1], { errors: 'settle' })
const b6: MapResult<number> = executor.map((x) => x, [1], { errors: 'continue' })
const b7 = executor.map((x: number) => x, [1], { errors: 'settle' as 'settle' | 'raise' })
const b8 = executor.map((a: number, b: number, c: number, d: number) => a, [1], [1], [1], [1], { errors: 'settle' })
const b8t: MapResult<Settled<number>> = b8
const b9 = executor.map((a: number, b: number, c: number, d: number) => a, [1], [1], [1], [1], { chunksize: 3 })
const b9t: MapResult<number> = b9
const b10 = executor.map((a, b, c, d) => a + b + c + d, [1], [1], [1], [1])
const b10t: MapResult<number> = b10
const b11 = executor.map((a, b, c, d, e) => [a,b,c,d,e] as const, [1], ['x'], [true], [1n], [null], { chunksize: 4 })
const c1 = executor.map((x) => x, words, undefined)
const c2 = executor.map((x, y) => x + y, words, words, undefined)
declare const maybe: MapOptions | undefined
const c3: MapResult<string> = executor.map((x) => x, words, maybe)
const c4: MapResult<string> = executor.map((x, y) => x + y, words, words, maybe)
const c5: MapResult<string> = executor.map((x, y, z) => x + y + z, words, words, words, maybe)
const c6 = executor.map((x: string, y: string, z: string, w: string) => x + y + z + w, words, words, words, words, maybe)
const d1: MapResult<string> = executor.map(<T>(x: T) => x, words)
const d2 = executor.map(<T, U>(x: T, y: U): [T, U] => [x, y], words, [1])
const d2t: MapResult<[string, number]> = d2
const e1: Promise<number[]> = executor.map((x) => x, [1]).then((x) => x)
async function f() {
  const all: number[] = await executor.map((x) => x * 2, [1, 2])
  for await (const x of executor.map((x) => x * 2, [1])) { const n: number = x }
  for await (const [i, x] of executor.map((x) => String(x), [1]).entries()) { const n: number = i; const s: string = x }
  const { done, notDone } = await wait([executor.submit(() => 1)], { returnWhen: 'FIRST_COMPLETED' })
  for (const d of done) { const n: number = await d }
  for await (const d of asCompleted([executor.submit(() => 'a'), executor.submit(() => 1)])) { const n: string | number = await d }
  const g = executor.submit(async (x: number) => x, 1)
  const h: number = await g
  const [p, q]: [number, string] = await Promise.all([executor.submit(() => 1), executor.submit(() => 'a')])
}
const s1: Future<number> = executor.submit((x) => x, 1)
const s2: Future<number> = executor.submit((x: number, y?: number) => x, 1)
const s3: Future<number> = executor.submit((x: number, y?: number) => x, 1, 2)
const s4: Future<string> = executor.submit(<T>(x: T) => x, 'a')
const s5: Future<number> = executor.submit(Math.max, 1, 2, 3)
const s6: Future<number> = executor.schedule((x, y) => x + y, [1, 2])
const s7: Future<number> = executor.schedule((x, y) => x + y, [1, 2], undefined)
const s8 = executor.schedule((x: number, y: string) => x + y, [1, 'a'], { itemTimeout: 1 })
const fu: Future<unknown> = new Future<number>()
const st1: MapResult<number> = executor.starmap((a, b) => a + b, [[1, 2], [3, 4]])
const st2: MapResult<string> = executor.starmap((w: string, n: number) => w.repeat(n), [['a', 1], ['b', 2]])
const st3: MapResult<string> = executor.starmap((w, n) => w.repeat(n), new Map([['a', 1]]))
const st4 = executor.starmap((w, n) => w.repeat(n), Object.entries({ a: 1 }), { errors: 'settle' })
const st5: MapResult<number> = executor.starmap(Math.max, [[1, 2, 3], [4]])
const ms1: number[] = executor.mapSync((x) => x, [1])
const ms2: number[] = executor.mapSync((a, b, c) => a + b + c, [1], [2], [3])
const ms3: Settled<number>[] = executor.mapSync((a, b, c) => a + b + c, [1], [2], [3], { errors: 'settle' })
const ms4: number[] = executor.mapSync((x) => x, [1], undefined)
const ms5: number[] = executor.mapSync(() => 1)
const ms6: Settled<number>[] = executor.mapSync((a: number, b: number, c: number, d: number) => a, [1], [2], [3], [4], { errors: 'settle' })
const sh: Float64Array<SharedArrayBuffer> = sharedArray(Float64Array, 4)
const tr: Uint8Array = transfer(new Uint8Array(4))
const geo = tasks<typeof import('../functions/fixtures/geo.mjs')>(new URL('./x', import.meta.url))
