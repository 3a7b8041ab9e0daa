import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadNative } from '../../src/native/load.ts'
import { withoutNative } from './support/native.ts'

let folder: string
let program: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lanewise-'))
  program = join(folder, 'program.mjs')
  await build({
    entryPoints: ['test/engines/support/teardown-program.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the program: its exit code, or the signal that ended it, and what it printed. */
function runProgram(how: string): { ended: number | string; printed: string; said: string } {
  const load = loadNative()
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [program, how], {
    encoding: 'utf8',
    env: { ...process.env, LANEWISE_NATIVE: 'from' in load ? load.from : '' },
  })
  return { ended: status ?? signal ?? 'nothing', printed: stdout.trim(), said: stderr }
}

const RESULT = `done ${3 * (1e5 - 1)}`

describe.skipIf(withoutNative)('a process with native maps in flight', () => {
  it('waits for a map that is pending, and for nothing else', () => {
    expect(runProgram('natural')).toEqual({ ended: 0, printed: RESULT, said: '' })
    expect(runProgram('idle')).toEqual({ ended: 0, printed: '', said: '' })
  })

  it('exits when it is told to', () => {
    expect(runProgram('exit')).toEqual({ ended: 7, printed: '', said: '' })
  })

  it('ends by an error that nobody caught', () => {
    expect(runProgram('throw')).toMatchObject({ ended: 1, said: expect.stringContaining('on purpose') })
  })

  it('ends though a worker has maps in flight', () => {
    expect(runProgram('live worker')).toEqual({ ended: 0, printed: '', said: '' })
  })

  it('survives ten workers that are terminated, and its pool serves on', () => {
    expect(runProgram('terminate')).toEqual({ ended: 0, printed: RESULT, said: '' })
  })

  it('ends a worker soon that blocks on a kernel without an end, and its pool serves on', () => {
    expect(runProgram('blocked')).toEqual({ ended: 0, printed: `soon\n${RESULT}`, said: '' })
  })

  it('survives ten workers that exit, and its pool serves on', () => {
    expect(runProgram('worker exits')).toEqual({ ended: 0, printed: RESULT, said: '' })
  })
})
