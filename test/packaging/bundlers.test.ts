import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { comparable } from '../docs/blocks.ts'
import { bundlers } from './bundle.ts'
import { Installation, installTools, root, run } from './installed.ts'
import { printed, printedByDemo, refusal, writeDemo, writeWays } from './ways.ts'

let installed: Installation
let elsewhere: string
let tools: string
beforeAll(async () => {
  tools = await installTools('bundlers')
  installed = new Installation()
  elsewhere = mkdtempSync(join(tmpdir(), 'lanewise-bundled-'))
})
afterAll(() => {
  installed.remove()
  rmSync(elsewhere, { recursive: true })
})

describe.each(bundlers)('a program bundled by $name and run where there is no package', (bundler) => {
  const { name, extension, bundle, takesFiles, loses } = bundler
  let folder: string
  let warnings: string[]

  beforeAll(async () => {
    folder = join(elsewhere, name.replaceAll(/\W+/g, '-'))
    const sources = join(installed.folder, 'sources')
    mkdirSync(sources)
    mkdirSync(folder)
    const [demo, ways] = [await writeDemo(sources, 'mjs'), await writeWays(sources, 'mjs')]
    warnings = await bundle(join(sources, demo), join(folder, `demo.${extension}`), tools)
    await bundle(join(sources, ways), join(folder, `ways.${extension}`), tools)
    if (takesFiles === undefined) copyFileSync(join(sources, 'beside.mjs'), join(folder, 'beside.mjs'))
    rmSync(sources, { recursive: true }) // a bundle that goes back to them finds nothing
  })

  it('is made without a warning', () => {
    expect(warnings).toEqual([])
  })

  it.concurrent('prints what the README says', async () => {
    const { stdout, stderr } = await run(folder, [process.execPath, `demo.${extension}`])
    expect(stderr).toBe('')
    expect(comparable(stdout)).toBe(comparable(printedByDemo))
  })

  it.concurrent.each(Object.entries(printed).filter(([way]) => !isIn(loses, way)))(
    'brings to a worker %s',
    async (way, expected) => {
      expect(await answer(way)).toEqual({ stdout: expected, stderr: '' })
    },
  )

  const lost = [...loses, 'a task, unguarded', 'an export that the entry has not']
  // Where the bundle has no import.meta.url, new URL throws, before lanewise is asked.
  it.concurrent.each(lost.filter((way) => way !== 'tasks of a file'))(
    'refuses %s, and names the ways that are sure',
    async (way) => {
      expect(await answer(way)).toEqual({ stdout: expect.stringMatching(refusal), stderr: '' })
    },
  )

  function answer(way: string): ReturnType<typeof run> {
    return run(folder, [process.execPath, `ways.${extension}`], { WAY: way })
  }
})

describe('docs/functions.md', () => {
  it.each(bundlers.filter(({ row }) => row !== undefined))('has a row for $name', ({ row, loses, takesFiles }) => {
    const cell = (way: string): string => (isIn(loses, way) ? 'no' : 'with a guard')
    const cells = [row, 'yes', cell('an export'), cell('a task'), takesFiles === true ? 'yes' : 'no']
    expect(readFileSync(join(root, 'docs/functions.md'), 'utf8')).toContain(`\n| ${cells.join(' | ')} |\n`)
  })
})

function isIn(list: readonly string[], way: string): boolean {
  return list.includes(way)
}
