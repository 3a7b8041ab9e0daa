/**
 * As much of the peers as the bench uses, in types of our own: they are installed for the bench alone, and the check of its types, which is one of `npm test`, wants
 * none of them. What a pool answers is whatever its caller says that the function gives.
 */

declare module 'piscina' {
  export class Piscina {
    constructor(options: {
      filename: string
      minThreads: number
      maxThreads: number
      concurrentTasksPerWorker?: number
      recordTiming?: boolean
    })
    run<R>(argument: unknown, options: { name: string }): Promise<R>
    destroy(): Promise<void>
  }
}

declare module 'tinypool' {
  export class Tinypool {
    constructor(options: { filename: string; minThreads: number; maxThreads: number })
    run<R>(argument: unknown, options: { name: string }): Promise<R>
    destroy(): Promise<void>
  }
}

declare module 'workerpool' {
  interface Pool {
    exec<R>(name: string, args: unknown[]): PromiseLike<R>
    terminate(): PromiseLike<unknown>
  }
  const workerpool: {
    pool(script: string, options: { minWorkers: number; maxWorkers: number; workerType: 'thread' }): Pool
    worker(functions: Record<string, (argument: never) => unknown>): void
  }
  export default workerpool
}

declare module 'poolifier' {
  export class FixedThreadPool {
    constructor(workers: number, script: string)
    execute<R>(argument: unknown, name: string): Promise<R>
    destroy(): Promise<void>
  }
  export class ThreadWorker {
    constructor(functions: Record<string, (argument: never) => unknown>)
  }
}

declare module 'gpu.js' {
  interface GpuKernel {
    (...columns: Float64Array[]): ArrayLike<number>
    setOutput(sizes: number[]): void
  }
  export class GPU {
    constructor(options: { mode: 'cpu' })
    addFunction(fn: (...numbers: number[]) => number): void
    createKernel(fn: (...numbers: number[]) => number): GpuKernel
  }
}

declare module 'mathjs' {
  interface ResultSet {
    entries: number[]
  }
  /** Of a block of statements, a set of the results of those without a semicolon. */
  export function compile(expression: string): { evaluate(scope: Record<string, unknown>): number | ResultSet }
}

declare module 'ndarray' {
  interface NdArray {
    readonly data: Float64Array
    get(...indices: number[]): number
    set(index: number, value: number): void
  }
  export default function ndarray(data: Float64Array): NdArray
}

declare module '@stdlib/strided-base-*' {
  export default function apply(
    arrays: readonly Float64Array[],
    shape: readonly number[],
    strides: readonly number[],
    fn: (...numbers: number[]) => number,
  ): void
}

declare module 'bullmq' {
  interface Connected {
    connection: { url: string }
  }
  export class Queue {
    constructor(name: string, options: Connected & { defaultJobOptions: { removeOnComplete: boolean } })
    waitUntilReady(): Promise<unknown>
    add(name: string, data: unknown, options: { jobId: string }): Promise<unknown>
    close(): Promise<void>
  }
  interface Completed {
    jobId: string
    returnvalue: unknown
  }
  export class QueueEvents {
    constructor(name: string, options: Connected)
    waitUntilReady(): Promise<unknown>
    on(event: 'completed', listener: (event: Completed) => void): this
    off(event: 'completed', listener: (event: Completed) => void): this
    close(): Promise<void>
  }
  export class Worker {
    constructor(
      name: string,
      process: (job: { data: unknown }) => Promise<unknown>,
      options: Connected & { concurrency: number },
    )
    waitUntilReady(): Promise<unknown>
  }
}
