import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { candidates, findNative, loadNative, type NativeLoad } from '../../src/native/load.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanewise-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => vi.unstubAllEnvs())

/** A file of that name with these contents. */
function file(name: string, contents: string): string {
  const path = join(folder, name)
  writeFileSync(path, contents)
  return path
}

function errorsOf(load: NativeLoad): string[] {
  if ('binding' in load) throw new Error(`${load.from} was loaded`)
  return load.errors.map(({ message }) => message)
}

describe('the loader of the addon', () => {
  it('tells where it looked, and never throws', () => {
    const missing = join(folder, 'missing.node')
    const [first, second, ...others] = errorsOf(findNative([missing, 'lanewise-no-such-platform']))
    expect(first).toContain('missing.node')
    expect(second).toContain('lanewise-no-such-platform')
    expect(others).toEqual([])
    expect(errorsOf(findNative([]))).toEqual([])
  })

  it.each([
    ['that is no library', 'corrupt.node', 'not a library'],
    ['that is empty', 'empty.node', ''],
    ['that throws', 'throws.cjs', 'throw new Error("no")'],
    ['that throws no error', 'throws-text.cjs', 'throw "no"'],
    ['that exports nothing', 'nothing.cjs', ''],
    ['that exports null', 'null.cjs', 'module.exports = null'],
    ['whose version throws', 'getter.cjs', 'exports.abiVersion = () => { throw new Error("no") }'],
  ])('refuses a file %s', (_, name, contents) => {
    expect(errorsOf(findNative([file(name, contents)]))).toHaveLength(1)
  })

  it('refuses an addon of another version, and says which one it needs', () => {
    const other = file('other.cjs', 'exports.abiVersion = () => 999')
    expect(errorsOf(findNative([other]))[0]).toMatch(/other\.cjs has the version 999, this lanewise needs \d+/)
  })

  it('goes on behind a file that cannot be loaded', () => {
    const good = file('good.cjs', 'exports.abiVersion = () => 6')
    expect(findNative([file('bad.node', 'bad'), good])).toMatchObject({ from: good })
  })

  it('looks in the folder of the package first, then for the package of the platform', () => {
    vi.stubEnv('LANEWISE_NATIVE', '')
    const places = candidates()
    const packaged = places.findIndex((place) => place.startsWith('lanewise-'))
    expect(packaged).toBeGreaterThan(0)
    expect(places.slice(0, packaged).every((place) => /native.lanewise\..*\.node$/.test(place))).toBe(true)
    expect(places.every((place) => place.includes(`${process.platform}-${process.arch}`))).toBe(true)
  })

  it('looks at LANEWISE_NATIVE alone, if that is set', () => {
    vi.stubEnv('LANEWISE_NATIVE', '/nowhere/addon.node')
    expect(candidates()).toEqual(['/nowhere/addon.node'])
    vi.stubEnv('LANEWISE_NATIVE', '')
    expect(candidates().length).toBeGreaterThan(1)
  })

  it('looks once', () => {
    expect(loadNative()).toBe(loadNative())
  })

  it.skipIf('errors' in loadNative())('finds the addon that was built', () => {
    const load = loadNative()
    if ('errors' in load) throw new AggregateError(load.errors)
    expect(load.binding.abiVersion()).toBe(6)
    expect(load.binding.availableParallelism()).toBeGreaterThan(0)
    expect(load.binding.poolInfo()).toEqual({
      threads: expect.any(Number),
      idle: expect.any(Number),
      jobs: 0,
      kernels: 0,
    })
  })
})
