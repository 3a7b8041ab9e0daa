import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { type Block, blocksOfPage, comparable, packagesOf } from '../docs/blocks.ts'
import { Workshop } from '../docs/programs.ts'
import { pages, read } from '../docs/site.ts'
import { installTools } from './installed.ts'

// The programs of the pages that need packages of others, in the versions of recipes/package.json. The rest: test/docs/examples.test.ts.
const { dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, 'recipes/package.json'), 'utf8'))
const programs = pages.flatMap((file) => blocksOfPage(file, read(file)).filter((block) => packagesOf(block).length > 0))
const [run, left] = [programs.filter(isRunHere), programs.filter((block) => !isRunHere(block))]

let tools: string
let workshop: Workshop
beforeAll(async () => {
  tools = await installTools('recipes')
  const packages = Object.keys(dependencies).map((name) => [name, join(tools, 'node_modules', name)] as const)
  workshop = new Workshop(run, Object.keys(await import('lanewise')), new Map(packages))
})
afterAll(() => workshop.remove())

describe('a recipe', () => {
  it.for(run.map((block) => [`${block.file}:${block.line}`, block] as const))(
    'at %s prints what stands there, and ends by itself',
    async ([, block], context) => {
      for (const name of packagesOf(block)) requireToLoad(name, context)
      const program = workshop.programs.find((each) => each.block === block)!
      const { stdout, stderr } = await workshop.run(program)
      expect({ stdout: comparable(stdout), stderr }).toEqual({ stdout: comparable(block.output ?? ''), stderr: '' })
    },
  )

  it.each(left.map(({ file }) => file))('on %s that no test runs is said to be so', (file) => {
    expect(read(file)).toMatch(/No test runs this program/)
  })
})

function isRunHere(block: Block): boolean {
  return packagesOf(block).every((name) => name in dependencies)
}

/** Skips the test where a package's addon is not there: npm leaves out those of other platforms, and some have none for this one. */
function requireToLoad(name: string, context: TestContext): void {
  try {
    createRequire(join(tools, 'package.json'))(name)
  } catch (error) {
    const { message } = error as Error
    if (!/Cannot find module '@duckdb\/node-bindings-|Could not load the "sharp" module/.test(message)) throw error
    const why = `${name} has no addon for ${process.platform}-${process.arch}`
    console.log(`skipped: ${why}`)
    context.skip(why)
  }
}
