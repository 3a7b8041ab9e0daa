import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { candidates } from '../../src/native/load.ts'
import { Installation, root, runNode } from './installed.ts'

vi.stubEnv('LANEWISE_NATIVE', '') // here and in the programs below

// Its place in this clone, where it was built.
const built = candidates().find((place) => existsSync(place))

/** A program of a user that bundles what looks for the addon, and prints where it was found, or undefined. */
function bundleLoader(outfile: string): Promise<unknown> {
  const contents = `import { loadNative } from './load.ts'\nconsole.log(String(loadNative().from))`
  return build({
    stdin: { contents, resolveDir: join(root, 'src/native'), loader: 'ts' },
    outfile,
    format: 'esm',
    bundle: true,
    platform: 'node',
    logLevel: 'error',
  })
}

describe('the addon', () => {
  let installed: Installation
  let elsewhere: string
  beforeAll(() => {
    installed = new Installation()
    elsewhere = mkdtempSync(join(tmpdir(), 'lanewise-elsewhere-'))
  })
  afterAll(() => {
    vi.unstubAllEnvs()
    installed.remove()
    rmSync(elsewhere, { recursive: true })
  })

  it.skipIf(built === undefined)('is found by the installed package', async () => {
    const { stdout } = await runNode(installed.folder, 'node_modules/lanewise/dist/cli/main.js', 'doctor', '--json')
    const native = JSON.parse(stdout).engines.find(({ name }: { name: string }) => name === 'native')
    expect(native).toMatchObject({ works: true })
    expect(native.from).toContain(realpathSync(join(installed.folder, 'node_modules/lanewise/native')))
  })

  it.skipIf(built === undefined)('is what explain() tells of', async () => {
    const program = "import { kernel } from 'lanewise'; console.log(kernel((x) => x * 2 + 1).explain())"
    const { stdout } = await runNode(installed.folder, '--input-type=module', '--eval', program)
    expect(stdout).toMatch(/native {2}(\d+ bytes for avx|no machine code: )/)
  })

  it.skipIf(built === undefined)('is found by a bundle beside the installed package', async () => {
    await bundleLoader(join(installed.folder, 'bundle.mjs'))
    const { stdout } = await runNode(installed.folder, 'bundle.mjs')
    expect(stdout).toContain(realpathSync(join(installed.folder, 'node_modules/lanewise/native')))
  })

  it('is done without by a bundle where there is no package', async () => {
    await bundleLoader(join(elsewhere, 'bundle.mjs'))
    expect(await runNode(elsewhere, 'bundle.mjs')).toEqual({ stdout: 'undefined\n', stderr: '' })
  })
})
