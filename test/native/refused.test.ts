import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanewise-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What there is in place of the addon, and what is said of it. */
const ADDONS = [
  { what: 'not there', contents: undefined, said: 'Cannot find module', code: 'MODULE_NOT_FOUND' },
  {
    what: 'of another version',
    contents: 'exports.abiVersion = () => 2',
    said: 'has the version 2, this lanewise needs',
  },
  { what: 'no library', contents: '\x7fELF and no more', said: 'Invalid or unexpected token' },
  { what: 'in pieces', contents: 'throw new Error("a piece is missing")', said: 'a piece is missing' },
] as const

describe.each(ADDONS)('a program whose addon is $what', ({ what, contents, said }) => {
  beforeEach(() => {
    const path = join(folder, `${what.replaceAll(' ', '-')}.cjs`)
    if (contents !== undefined) writeFileSync(path, contents)
    vi.stubEnv('LANEWISE_NATIVE', path)
    vi.stubEnv('LANEWISE_ENGINE', '')
    vi.resetModules() // each program looks for the addon once
  })
  afterEach(() => vi.unstubAllEnvs())

  const halved = (x: number) => {
    while (x > 1) x /= 2
    return x
  }

  it('runs kernels by another engine', async () => {
    const { kernel, range, ThreadPoolExecutor } = await import('../../src/index.ts')
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    const fn = kernel(halved)
    const map = pool.map(fn, range(5000))
    expect([...(await map)]).toEqual(Array.from(range(5000), halved))
    expect(['js', 'wasm']).toContain(map.stats.engine)
    expect(map.stats.why ?? '').not.toContain('machine code')
    expect(fn.explain()).toContain('the addon is not here')
  })

  it('hears of it where the native engine was asked for by name, down to the cause', async () => {
    const { InlineExecutor, kernel, range } = await import('../../src/index.ts')
    const pool = new InlineExecutor()
    const error = await Promise.resolve()
      .then(() => pool.map(kernel(halved), range(5000), { engine: 'native' }))
      .catch((error: unknown) => error)
    expect(error).toMatchObject({
      code: 'ERR_LANEWISE_NATIVE_UNAVAILABLE',
      message: 'the native engine was asked for, and is not there; npx lanewise doctor says why, or leave engine out',
      cause: { message: expect.stringContaining(said) },
    })
    expect(String((error as { cause?: unknown }).cause)).toContain(what.replaceAll(' ', '-'))
  })
})
