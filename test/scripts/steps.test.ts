import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StepRecord } from '../../scripts/setup/steps.mjs'

describe('a step of the set-up', () => {
  const step = {
    name: 'capitals',
    command: ['build.mjs'],
    inputs: ['build.mjs', 'src'],
    outputs: ['out', 'src/generated/list.txt'],
  }
  let root: string

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'lanewise-steps-'))
    put('src/a.txt', 'one')
    put(
      'build.mjs',
      `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
       mkdirSync('out', { recursive: true })
       mkdirSync('src/generated', { recursive: true })
       const text = readFileSync('src/a.txt', 'utf8')
       if (text === 'broken') throw new Error('cannot read this')
       writeFileSync('out/a.txt', text.toUpperCase())
       if (text !== 'silent') writeFileSync('src/generated/list.txt', text)`,
    )
  })
  afterEach(() => rmSync(root, { recursive: true }))

  it('is to be done at first, and is current once it has run, for later processes too', () => {
    expect(open().isCurrent(step)).toBe(false)
    expect(open().run(step)).toEqual({ ok: true, output: '' })
    expect(read('out/a.txt')).toBe('ONE')
    expect(open().isCurrent(step)).toBe(true)
  })

  it('stays current whatever the dates of the files are', () => {
    open().run(step)
    utimesSync(join(root, 'src/a.txt'), new Date(), new Date(Date.now() + 3_600_000))
    utimesSync(join(root, 'out/a.txt'), new Date(0), new Date(0))
    expect(open().isCurrent(step)).toBe(true)
  })

  it.each([
    ['an input changes', () => put('src/a.txt', 'two')],
    ['an input is added', () => put('src/deep/b.txt', '')],
    ['an input is removed', () => rmSync(join(root, 'src/a.txt'))],
    ['an input is renamed', () => renameSync(join(root, 'src/a.txt'), join(root, 'src/b.txt'))],
    ['an output changes', () => put('out/a.txt', 'ONe')],
    ['an output is removed', () => rmSync(join(root, 'out'), { recursive: true })],
    ['the record is damaged', () => put('state.json', '{"capitals":')],
  ])('is to be done again when %s', (_, change) => {
    open().run(step)
    change()
    expect(open().isCurrent(step)).toBe(false)
  })

  it('is to be done again when its command changes', () => {
    open().run(step)
    expect(open().isCurrent({ ...step, command: ['build.mjs', '--other'] })).toBe(false)
  })

  it('does not count what it writes among its own inputs', () => {
    open().run(step)
    expect(read('src/generated/list.txt')).toBe('one')
    expect(open().isCurrent(step)).toBe(true)
  })

  it('empties the folders that it writes, so that nothing of an older source is left', () => {
    put('out/stale.txt', 'stale')
    open().run(step)
    expect(existsSync(join(root, 'out/stale.txt'))).toBe(false)
  })

  it('says what its program printed when that fails, and is not done', () => {
    open().run(step)
    put('src/a.txt', 'broken')
    const { ok, output } = open().run(step)
    expect(ok).toBe(false)
    expect(output).toContain('cannot read this')
    put('src/a.txt', 'one')
    expect(open().isCurrent(step)).toBe(false)
  })

  it('has failed when its program ends well without having written an output', () => {
    put('src/a.txt', 'silent')
    expect(open().run(step)).toEqual({
      ok: false,
      output: 'it ended well and yet there is no src/generated/list.txt\n',
    })
    expect(open().isCurrent(step)).toBe(false)
  })

  it('takes its own outputs away when it is discarded, and leaves alone what came from elsewhere', () => {
    put('out/a.txt', 'downloaded')
    open().discard(step)
    expect(read('out/a.txt')).toBe('downloaded')
    open().run(step)
    open().discard(step)
    expect(existsSync(join(root, 'out'))).toBe(false)
    expect(open().isCurrent(step)).toBe(false)
  })

  function open(): StepRecord {
    return new StepRecord(root, join(root, 'state.json'))
  }
  function put(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  function read(path: string): string {
    return readFileSync(join(root, path), 'utf8')
  }
})
