import { afterAll, describe, expect, it } from 'vitest'
import { killChild } from '../../src/executors/exit.ts'
import { Programs } from '../upstream/program.ts'

const programs = new Programs()
afterAll(() => programs[Symbol.dispose]())

describe('ending a worker process', () => {
  it.each([
    { state: 'one that runs', pid: 7, signals: ['SIGTERM'] },
    { state: 'one that could not be spawned, and has no id', pid: undefined, signals: [] },
  ])('signals $state only where there is one', ({ pid, signals }) => {
    const got: unknown[] = []
    const kill = (signal?: unknown): boolean => got.push(signal) > 0
    killChild({ pid, kill }, 'SIGTERM')
    expect(got).toEqual(signals)
  })
})

describe('a call at the very exit of its program', () => {
  it.each([
    { of: 'that has a worker', before: 'await pool.submit(Math.abs, -1)' },
    { of: 'that has none', before: '' },
  ])('begins on no process of a pool $of, nor starts one', async ({ before }) => {
    const ended = await programs.run(`
      import { subscribe } from 'node:diagnostics_channel'
      let pool
      process.on('exit', () => {
        subscribe('child_process', () => console.log('a child'))
        pool.submit(() => console.log('the call'))
      })
      pool = new lanewise.ProcessPoolExecutor()
      ${before}
    `)
    expect(ended).toEqual({ out: '', err: '', code: 0 })
  })

  it('runs on a thread, where the program blocks on it', async () => {
    const ended = await programs.run(`
      const pool = new lanewise.ThreadPoolExecutor()
      process.on('exit', () => console.log(pool.submit((n) => n + 1, 1).resultSync()))
    `)
    expect(ended).toEqual({ out: '2\n', err: '', code: 0 })
  })
})
