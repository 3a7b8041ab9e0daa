import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { describe, expect, it, vi } from 'vitest'
import { isOnPath } from '../../scripts/setup/programs.mjs'
import { usableCores } from '../../src/executors/cores.ts'
import { range, ThreadPoolExecutor } from '../../src/index.ts'
import { loadNative } from '../../src/native/load.ts'
import { nativeKernel } from '../support/native-kernel.ts'
import { withoutNative } from './support/native.ts'

const load = loadNative()
const binding = 'binding' in load ? load.binding : undefined

const isLinux = process.platform === 'linux'

describe.skipIf(withoutNative)('the threads of the native engine', () => {
  it('start with the first map, as many as the largest maxWorkers, and stay', async () => {
    expect(binding?.poolInfo()).toMatchObject({ threads: 0, idle: 0, jobs: 0 })
    for (const [maxWorkers, threads] of [
      [1, 1],
      [3, 3],
      [2, 3],
    ] as const) {
      await using pool = new ThreadPoolExecutor({ maxWorkers, engine: 'native' })
      await pool.map(nativeKernel, range(1000), range(1000))
      expect(binding?.poolInfo().threads).toBe(threads)
    }
  })

  it.skipIf(!isLinux)('are named for who looks from outside', async () => {
    const names = (): string[] =>
      readdirSync('/proc/self/task')
        .map((id) => readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim())
        .filter((name) => name.startsWith('lanewise'))
    // One that has just been started has yet to take its name.
    await vi.waitFor(() => expect(names().sort()).toEqual(['lanewise-0', 'lanewise-1', 'lanewise-2']), 10_000)
  })

  it('are counted by the processors that the process may use: its affinity, and the quota of its control group', () => {
    expect(binding?.availableParallelism()).toBeLessThanOrEqual(availableParallelism())
    expect(binding?.availableParallelism()).toBe(usableCores())
  })

  it.skipIf(!isLinux || !isOnPath('taskset'))('are one where the process is bound to one processor', () => {
    const first = /\d+/.exec(/Cpus_allowed_list:.*/.exec(readFileSync('/proc/self/status', 'utf8'))?.[0] ?? '')?.[0]
    const program = `console.log(require(${JSON.stringify('from' in load ? load.from : '')}).availableParallelism())`
    const args = ['-c', first ?? '0', process.execPath, '-e', program]
    expect(spawnSync('taskset', args, { encoding: 'utf8' }).stdout.trim()).toBe('1')
  })
})
