import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { runCommand } from '../../src/cli/commands.ts'
import { print } from '../../src/cli/doctor.ts'
import { type Examination, overrideProblems } from '../../src/cli/examine.ts'
import { painter, wrap } from '../../src/cli/style.ts'
import { ownVersion } from '../../src/version.ts'
import { withoutNative } from '../engines/support/native.ts'

/** Runs the command line here: its exit code and what it printed. */
async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const stdout = { write: (text: string) => (out += text) }
  const stderr = { write: (text: string) => (err += text) }
  const code = await runCommand(args, { stdout, stderr })
  return { code, out, err }
}

const FOUND: Examination = {
  schema: 1,
  lanewise: '1.2.3',
  node: '20.19.0',
  platform: 'linux',
  arch: 'x64',
  processors: { available: 8, total: 16, cgroup: 2.5, native: 2 },
  sharedMemory: true,
  simd: { wasm: true, relaxed: false },
  engines: [
    {
      name: 'native',
      works: false,
      isMissing: true,
      reasons: ["Cannot find module '/opt/lanewise.linux-x64-gnu.node'"],
    },
    { name: 'wasm', works: true, isMissing: false, reasons: [] },
    { name: 'js', works: false, isMissing: false, reasons: ['EvalError: code from strings is forbidden'] },
  ],
  engine: 'wasm',
  override: null,
  problems: ['the js engine does not work: EvalError: code from strings is forbidden'],
}

beforeEach(() => {
  vi.stubEnv('FORCE_COLOR', undefined)
  vi.stubEnv('LANEWISE_ENGINE', undefined)
})
afterEach(() => vi.unstubAllEnvs())

describe('lanewise doctor', () => {
  it('finds that all is well here, and exits with 0', async () => {
    const { code, out, err } = await run('doctor')
    expect(err).toBe('')
    expect(out).toContain(`lanewise ${ownVersion()} on Node ${process.versions.node}`)
    expect(out).toMatch(/^ {2}wasm +works$/m)
    expect(out).toMatch(/^ {2}js +works$/m)
    expect(out).toMatch(/^ {2}native +(works|not installed|not for this processor)$/m)
    expect(out).toMatch(/^Kernels run on (native|wasm)\. All is well\.\n$/m)
    expect(code).toBe(0)
  })

  it('gives one object for machines', async () => {
    const { code, out } = await run('doctor', '--json')
    expect(out.indexOf('\n')).toBe(out.length - 1)
    const found = JSON.parse(out) as Examination
    expect(found).toMatchObject({
      schema: 1,
      lanewise: ownVersion(),
      node: process.versions.node,
      platform: process.platform,
      arch: process.arch,
      sharedMemory: true,
      simd: { wasm: true },
      override: null,
      problems: [],
    })
    expect(found.engines.map(({ name }) => name)).toEqual(['native', 'wasm', 'js'])
    expect(found.processors.available).toBeGreaterThan(0)
    expect(found.engine).toBe(withoutNative === false ? 'native' : 'wasm')
    const [native] = found.engines
    if (withoutNative === false) expect(native?.isas).toContain(native?.isa)
    expect(code).toBe(0)
  })

  it('tries each engine though LANEWISE_ENGINE names one, and says so', async () => {
    vi.stubEnv('LANEWISE_ENGINE', 'js')
    const { code, out } = await run('doctor')
    expect(out).toContain('But LANEWISE_ENGINE is js, and overrides all.')
    expect(out).toMatch(/^ {2}wasm +works$/m)
    expect(process.env.LANEWISE_ENGINE).toBe('js')
    expect(code).toBe(0)
  })

  it.each([
    [
      'bogus',
      "LANEWISE_ENGINE must be auto, js, wasm or native, got 'bogus', so that every map of a kernel fails; set or unset it",
    ],
    [
      'WASM',
      "LANEWISE_ENGINE must be auto, js, wasm or native, got 'WASM', so that every map of a kernel fails; set or unset it",
    ],
  ])('exits with 1 where LANEWISE_ENGINE is %s, which no map takes', async (name, problem) => {
    vi.stubEnv('LANEWISE_ENGINE', name)
    const { code, out } = await run('doctor', '--json')
    expect((JSON.parse(out) as Examination).problems).toEqual([problem])
    expect(code).toBe(1)
  })

  it('exits with 1 where LANEWISE_ENGINE names an engine that is not there', () => {
    const engines = [
      { name: 'native' as const, works: false, isMissing: true, reasons: [] },
      { name: 'wasm' as const, works: true, isMissing: false, reasons: [] },
    ]
    expect(overrideProblems('native', engines)).toEqual([
      'LANEWISE_ENGINE is native, which does not run here, so that every map of a kernel fails; set or unset it',
    ])
    for (const fine of [undefined, '', 'auto', 'wasm']) expect(overrideProblems(fine, engines)).toEqual([])
  })

  it('prints what it found, what is wrong last', () => {
    const text = print(FOUND, (_, text) => text, 60)
    expect(text).toBe(`lanewise 1.2.3 on Node 20.19.0, linux x64

  processors      8 of 16, its control group allows 2.5, the addon counts 2
  shared memory   yes
  WASM SIMD       yes
  relaxed SIMD    no, not used yet

engines

  native          not installed
                  Cannot find module
                  '/opt/lanewise.linux-x64-gnu.node'
                  To have it: in a clone, npm run setup
                  builds it, where there is Rust.
                  Installed from npm, it comes with the
                  package for this platform; npm forgets
                  that where the lock file was made on
                  another one: delete node_modules and
                  package-lock.json, and install again.
  wasm            works
  js              does not work
                  EvalError: code from strings is forbidden

Kernels run on wasm. Something is wrong:
- the js engine does not work: EvalError: code from strings
  is forbidden
`)
  })

  it.each([
    [
      { works: true, isMissing: false, isas: ['avx512', 'avx2'], isa: 'avx512', reasons: [] },
      ['native          works', '/addon.node', 'makes code for avx512, of avx512, avx2'],
    ],
    [
      { works: false, isMissing: true, isas: [], reasons: ['this processor has no AVX2'] },
      ['native          not for this processor', '/addon.node', 'this processor has no AVX2'],
    ],
    [
      { works: false, isMissing: false, isas: ['avx2'], reasons: ['row 3 of a trial came out as NaN'] },
      ['native          does not work', '/addon.node', 'row 3 of a trial came out as NaN'],
    ],
  ])('says of an addon that is there what it does: %j', (report, lines) => {
    const engines = [{ name: 'native' as const, from: '/addon.node', ...report }]
    const text = print({ ...FOUND, engines }, (_, text) => text, 80)
    expect(
      /engines\n\n([\s\S]*?)\n\n/
        .exec(text)?.[1]
        ?.split('\n')
        .map((line) => line.trim()),
    ).toEqual(lines)
  })

  it('breaks no line where there is no width', () => {
    const lines = print({ ...FOUND, problems: [], override: 'js' }, (_, text) => text, Number.POSITIVE_INFINITY).split(
      '\n',
    )
    expect(lines.at(-2)).toBe('Kernels run on wasm. But LANEWISE_ENGINE is js, and overrides all. All is well.')
    expect(lines.find((line) => line.includes('Installed from npm'))).toContain('install again.')
  })

  it('says so where nothing can run a kernel', () => {
    expect(print({ ...FOUND, engine: null }, (_, text) => text, 80)).toContain('Kernels cannot run here.')
  })
})

describe('lanewise', () => {
  it.each([[], ['--help'], ['-h'], ['help']])('lists its commands: %s', async (...args) => {
    const { code, out, err } = await run(...args)
    expect(out).toMatch(/^Usage: lanewise <command>/)
    expect(out).toMatch(/^ {2}doctor {3,}\S/m)
    expect({ code, err }).toEqual({ code: 0, err: '' })
  })

  it('says its version', async () => {
    expect(await run('--version')).toEqual({ code: 0, out: `${ownVersion()}\n`, err: '' })
    expect(ownVersion()).toMatch(/^\d+\.\d+\.\d+/)
  })

  it('explains a command', async () => {
    const { code, out } = await run('doctor', '--help')
    expect(out).toMatch(/^Usage: lanewise doctor/)
    expect(code).toBe(0)
  })

  it('exits with 2 where it is called in a wrong way, with nothing on stdout', async () => {
    expect(await run('docter')).toEqual({
      code: 2,
      out: '',
      err: 'lanewise: there is no command docter; did you mean doctor?\nlanewise --help says how it is called\n',
    })
    expect(await run('frobnicate')).toMatchObject({ code: 2, err: expect.not.stringContaining('did you mean') })
    for (const args of [['--jsn'], ['--json=yes'], ['now']]) {
      const { code, out, err } = await run('doctor', ...args)
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(err).toMatch(/^lanewise: .+\nlanewise doctor --help says how it is called\n$/)
    }
  })
})

describe('colour', () => {
  const terminal = { write() {}, isTTY: true }
  const pipe = { write() {} }
  const red = (output: typeof pipe, isAllowed = true) => painter(output, isAllowed)('red', 'text')
  const coloured = '\u001b[31mtext\u001b[39m'

  it('is for terminals', () => {
    vi.stubEnv('NO_COLOR', undefined)
    vi.stubEnv('TERM', 'xterm')
    expect(red(terminal)).toBe(coloured)
    expect(red(pipe)).toBe('text')
    expect(red(terminal, false)).toBe('text')
  })

  it('follows NO_COLOR, FORCE_COLOR and a terminal that has none', () => {
    vi.stubEnv('NO_COLOR', '1')
    expect(red(terminal)).toBe('text')
    vi.stubEnv('FORCE_COLOR', '1')
    expect(red(pipe)).toBe(coloured)
    vi.stubEnv('FORCE_COLOR', '0')
    vi.stubEnv('NO_COLOR', undefined)
    expect(red(terminal)).toBe('text')
    vi.stubEnv('FORCE_COLOR', undefined)
    vi.stubEnv('TERM', 'dumb')
    expect(red(terminal)).toBe('text')
  })
})

describe('wrap', () => {
  it('breaks at spaces, and leaves a word whole that is too long', () => {
    expect(wrap('a bb  ccc', 4)).toEqual(['a bb', 'ccc'])
    expect(wrap('longer words', 3)).toEqual(['longer', 'words'])
    expect(wrap('one line', Number.POSITIVE_INFINITY)).toEqual(['one line'])
  })
})

describe('the program', () => {
  let folder: string
  let program: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lanewise-'))
    program = join(folder, 'dist', 'cli', 'main.mjs') // as in the package
    copyFileSync('package.json', join(folder, 'package.json'))
    await build({ entryPoints: ['src/cli/main.ts'], bundle: true, platform: 'node', format: 'esm', outfile: program })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('exits with the code of its command', async () => {
    const child = spawn(process.execPath, [program, 'no-such-command'], { stdio: 'ignore' })
    expect(await once(child, 'exit')).toEqual([2, null])
  })

  it('exits with 1 where an addon is there and does not work, which it explains', async () => {
    const addon = join(folder, 'corrupt.node')
    writeFileSync(addon, 'no library')
    const env = { ...process.env, LANEWISE_NATIVE: addon, FORCE_COLOR: '0' }
    const child = spawn(process.execPath, [program, 'doctor'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    let out = ''
    child.stdout.on('data', (text) => (out += text))
    expect(await once(child, 'close')).toEqual([1, null])
    expect(out).toMatch(/^ {2}native +does not work\n +\S*corrupt\.node: /m)
    expect(out).toMatch(
      /^Kernels run on wasm\. Something is wrong:\n- the native engine does not work: .*corrupt\.node/m,
    )
  })

  it('is not disturbed by a reader who has enough', async () => {
    const child = spawn(process.execPath, [program, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    let said = ''
    child.stderr.on('data', (text) => (said += text))
    expect(await once(child, 'close')).toEqual([0, null])
    expect(said).toBe('')
  })
})
