import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Block, blocksOfPage, blocksOfSource, comparable, packagesOf, withPrints } from './blocks.ts'
import { Workshop } from './programs.ts'
import { pages, read } from './site.ts'

/** Where the public names are declared, by the index. */
const declared = [...read('src/index.ts').matchAll(/from '\.\/(.+)'/g)].map(([, path]) => `src/${path}`)
const sources = ['src/index.ts', 'src/math.ts', ...new Set(declared)]

const blocks = [
  ...pages.flatMap((file) => blocksOfPage(file, read(file))),
  ...sources.flatMap((file) => blocksOfSource(file, read(file))),
]
// Those that need other packages: test/packaging/recipes.test.ts.
// Those of docs/cluster.md need a broker: test/cluster/docs.test.ts.
const javascript = blocks.filter(
  (block) => /^[jt]s$/.test(block.language) && packagesOf(block).length === 0 && block.file !== 'docs/cluster.md',
)
const python = blocks.filter(({ language }) => language === 'python')
const hasPython = spawnSync('python3', ['-c', 'import concurrent.futures']).status === 0

let workshop: Workshop
let complaints: string
beforeAll(async () => {
  workshop = new Workshop(javascript, Object.keys(await import('lanewise')))
  complaints = workshop.compile()
})
afterAll(() => workshop.remove())

describe('the examples', () => {
  it('are in a language that is looked at here', () => {
    const known = ['ts', 'js', 'python', 'sh', ''] // no language: a drawing
    expect(blocks.filter(({ language }) => !known.includes(language))).toEqual([])
  })

  it('of TypeScript type-check against the built package as its users have it', () => {
    expect(complaints).toBe('')
  })
})

describe('a program', () => {
  it.each(javascript.map(located))('at %s prints what stands there, and ends by itself', async (_at, block) => {
    const program = workshop.programs.find((each) => each.block === block)!
    const { stdout, stderr } = await workshop.run(program)
    expect({ stdout: comparable(stdout), stderr }).toEqual({ stdout: comparable(block.output ?? ''), stderr: '' })
  })

  it.skipIf(!hasPython).each(python.map(located))('at %s prints in Python what stands there', (_at, block) => {
    const { stdout, stderr } = runPython(block)
    expect({ stdout: comparable(stdout), stderr }).toEqual({ stdout: comparable(block.output ?? ''), stderr: '' })
  })
})

function located(block: Block): [at: string, block: Block] {
  return [`${block.file}:${block.line}`, block]
}

function runPython({ code }: Block): { stdout: string; stderr: string } {
  return spawnSync('python3', ['-c', withPrints(code, 'print')], { encoding: 'utf8' })
}
