import { describe, expect, it } from 'vitest'
import { ProcessPoolExecutor, ThreadPoolExecutor } from '../../src/index.ts'
import { pools } from '../support/executors.ts'

describe.each(pools)('the workers of a $name', ({ open, kind }) => {
  it('have a copy of the environment as it is when they start', async () => {
    process.env.LANEWISE_TEST_OPTION = 'before'
    try {
      await using pool = open({ maxWorkers: 1 })
      const set = (value: string): string | undefined => {
        const before = process.env.LANEWISE_TEST_OPTION
        process.env.LANEWISE_TEST_OPTION = value
        return before
      }
      expect(await pool.submit(set, 'inside')).toBe('before')
      expect(await pool.submit(set, 'again')).toBe('inside')
      expect(process.env.LANEWISE_TEST_OPTION).toBe('before')
    } finally {
      delete process.env.LANEWISE_TEST_OPTION
    }
  })

  it('have the env that was given, and nothing else', async () => {
    await using pool = open({ maxWorkers: 1, env: { LANEWISE_TEST_OPTION: 'given' } })
    const look = (): unknown => [process.env.LANEWISE_TEST_OPTION, process.env.PATH]
    expect(await pool.submit(look)).toEqual(['given', undefined])
  })

  it('have the execArgv that were given, instead of ours', async () => {
    await using pool = open({ maxWorkers: 1, execArgv: ['--no-warnings', '--conditions=lanewise-test'] })
    expect(await pool.submit(() => process.execArgv)).toEqual(
      expect.arrayContaining(['--no-warnings', '--conditions=lanewise-test']),
    )
  })

  it('may be as many as were asked for, and one to begin with', async () => {
    await using pool = open({ maxWorkers: 3 })
    const name = (): string => `${process.pid} ${process.getBuiltinModule('node:worker_threads').threadId}`
    expect(pool.maxWorkers).toBe(3)
    const first = await pool.submit(name)
    for (let i = 0; i < 4; i++) expect(await pool.submit(name)).toBe(first)
    const refuse = (): never => {
      throw new Error('no')
    }
    const error = (await pool.submit(refuse).exception()) as Error
    expect(error.stack).toContain(`in worker ${kind === 'thread' ? 'Thread' : 'Process'}PoolExecutor-`)
    expect(error.stack).toContain('_0 —')
  })
})

describe('a ThreadPoolExecutor', () => {
  it('gives resourceLimits to its threads', async () => {
    await using pool = new ThreadPoolExecutor({
      maxWorkers: 1,
      resourceLimits: { maxOldGenerationSizeMb: 64, stackSizeMb: 2 },
    })
    const limits = await pool.submit(() => process.getBuiltinModule('node:worker_threads').resourceLimits)
    expect(limits).toMatchObject({ maxOldGenerationSizeMb: 64, stackSizeMb: 2 })
  })

  it('names its threads by threadNamePrefix', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1, threadNamePrefix: 'digest' })
    const refuse = (): never => {
      throw new Error('no')
    }
    expect(await pool.submit(refuse).exception()).toMatchObject({
      stack: expect.stringContaining('in worker digest_0'),
    })
    await expect(pool.submit(() => process.exit(2))).rejects.toThrow('digest_0 exited with code 2')
  })

  it('says why, where no thread can be started', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1, execArgv: ['--no-such-flag-of-node'] })
    const future = pool.submit((x: number) => x, 1)
    await expect(future).rejects.toThrow('was terminated abruptly')
    expect(await future.exception()).toMatchObject({ cause: { code: 'ERR_WORKER_INVALID_EXEC_ARGV' } })
  })
})

describe('a ProcessPoolExecutor', () => {
  it('runs each worker in a process of its own, with Node as we are', async () => {
    await using pool = new ProcessPoolExecutor({ maxWorkers: 1 })
    const { pid, version } = await pool.submit(() => ({ pid: process.pid, version: process.version }))
    expect(pid).not.toBe(process.pid)
    expect(version).toBe(process.version)
  })

  it('says why, where no process can be started', async () => {
    await using pool = new ProcessPoolExecutor({ maxWorkers: 1, execArgv: ['--no-such-flag-of-node'] })
    const future = pool.submit((x: number) => x, 1)
    await expect(future).rejects.toThrow('was terminated abruptly')
    expect(await future.exception()).toMatchObject({ cause: { name: 'WorkerDiedError', exitCode: 9 } })
    expect(() => pool.submit((x: number) => x, 1)).toThrow('is not usable anymore')
  })
})
