import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withLock } from '../../scripts/setup/lock.mjs'

const lockUrl = new URL('../../scripts/setup/lock.mjs', import.meta.url).href

describe('the lock of the set-up', () => {
  let parent: string
  let lock: string

  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'lanewise-lock-'))
    lock = join(parent, 'lock')
  })
  afterEach(() => rmSync(parent, { recursive: true }))

  it('is held while the work runs, under the id of this process, and given back after it', async () => {
    const owner = await withLock(lock, async () => readFileSync(join(lock, 'owner'), 'utf8'), neverWaits)
    expect(owner).toBe(String(process.pid))
    expect(existsSync(lock)).toBe(false)
  })

  it('is given back when the work fails', async () => {
    const failure = new Error('no compiler')
    const work = () => Promise.reject(failure)
    await expect(withLock(lock, work, neverWaits)).rejects.toBe(failure)
    expect(existsSync(lock)).toBe(false)
  })

  it('makes the folders above it', async () => {
    lock = join(parent, 'not', 'yet', 'lock')
    expect(await withLock(lock, async () => readFileSync(join(lock, 'owner'), 'utf8'), neverWaits)).toBe(
      String(process.pid),
    )
  })

  it('changes hands where its owner is dead', async () => {
    leaveLockOf(deadPid())
    expect(await withLock(lock, async () => 'done', neverWaits)).toBe('done')
    expect(existsSync(lock)).toBe(false)
  })

  it('changes hands where its owner had our own number, as the processes of containers do', async () => {
    leaveLockOf(process.pid)
    expect(await withLock(lock, async () => 'done', neverWaits)).toBe('done')
  })

  it('changes hands where its owner is dead and somebody died in taking it over', async () => {
    leaveLockOf(deadPid())
    mkdirSync(join(lock, 'takeover'))
    utimesSync(join(lock, 'takeover'), new Date(0), new Date(0))
    expect(
      await withLock(
        lock,
        async () => 'done',
        () => {},
      ),
    ).toBe('done')
  })

  it('is waited for, and said once whose it is, while its owner lives', async () => {
    const owner = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'inherit'] })
    leaveLockOf(owner.pid)
    const waitedFor: unknown[] = []
    const done = withLock(
      lock,
      async () => owner.exitCode,
      (pid) => {
        waitedFor.push(pid)
        owner.stdin.end()
      },
    )
    await once(owner, 'exit')
    expect(await done).toBe(0) // so the work ran after the owner had ended
    expect(waitedFor).toEqual([owner.pid])
  })

  it('lets one process in at a time, also when several find a dead owner', async () => {
    leaveLockOf(deadPid())
    const tally = join(parent, 'tally')
    writeFileSync(tally, '0')
    // Each reads, lets the others run, and writes: two inside at once would lose a turn.
    const program = `
      import { readFileSync, writeFileSync } from 'node:fs'
      import { setImmediate as turn } from 'node:timers/promises'
      import { withLock } from ${JSON.stringify(lockUrl)}
      for (let i = 0; i < 5; i++) {
        await withLock(${JSON.stringify(lock)}, async () => {
          const count = Number(readFileSync(${JSON.stringify(tally)}, 'utf8'))
          for (let j = 0; j < 100; j++) await turn()
          writeFileSync(${JSON.stringify(tally)}, String(count + 1))
        }, () => {})
      }`
    const processes = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'ignore', 'inherit'] }),
    )
    const ends = await Promise.all(processes.map((each) => once(each, 'exit')))
    expect(ends.map(([code]) => code)).toEqual([0, 0, 0, 0])
    expect(readFileSync(tally, 'utf8')).toBe('20')
  })

  function leaveLockOf(pid: number | undefined): void {
    mkdirSync(lock)
    writeFileSync(join(lock, 'owner'), String(pid))
  }
})

function neverWaits(owner: number | undefined): void {
  throw new Error(`waits for ${owner}`)
}

function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid
}
