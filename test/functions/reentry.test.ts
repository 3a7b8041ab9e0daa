import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refuseReentry } from '../../src/functions/reentry.ts'
import { openSandbox, type Sandbox } from './sandbox.ts'

let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await openSandbox()
})

afterAll(() => sandbox[Symbol.dispose]())

/** What stands before and after a program that makes pools: a pool that refuses as ours do, and what the worker said. */
const head = `
  import { fork } from 'node:child_process'
  import { readFileSync, writeFileSync } from 'node:fs'
  import { isMainThread, Worker, workerData } from 'node:worker_threads'
  import { describeFunction, refuseReentry } from './lanewise.mjs'

  const loop = \`
    const { parentPort } = require('node:worker_threads')
    const port = parentPort ?? { on: (...to) => process.on(...to), postMessage: (message) => process.send(message) }
    const { loadFunction } = module.exports
    process.on('uncaughtException', (error) => { port.postMessage({ uncaught: error.message }) })
    port.on('message', async (refs) => {
      for (const ref of refs) {
        try {
          port.postMessage({ value: await (await loadFunction(ref))(4) })
        } catch ({ name, code, message }) {
          port.postMessage({ name, code, message })
        }
      }
    })\`
  const source = readFileSync(new URL('./worker.cjs', import.meta.url), 'utf8') + loop

  export class Pool {
    constructor() {
      refuseReentry()
    }
    /** The first answers of a worker that is sent these functions. */
    async answers(count, fns, kind = 'thread') {
      let worker
      if (kind === 'thread') worker = new Worker(source, { eval: true })
      else {
        writeFileSync(new URL('./child.cjs', import.meta.url), source)
        worker = fork(new URL('./child.cjs', import.meta.url))
      }
      const answers = []
      await new Promise((resolve) => {
        worker.on('message', (answer) => {
          if (answers.push(answer) === count) resolve()
        })
        const refs = fns.map(describeFunction)
        if (kind === 'thread') worker.postMessage(refs)
        else worker.send(refs)
      })
      kind === 'thread' ? await worker.terminate() : worker.kill()
      return answers
    }
  }
  const outside = 2
  export const twice = (x) => outside * x
  export const thrice = (x) => (outside + 1) * x
  const print = (answers) => console.log(JSON.stringify(answers))
`

const refused = {
  name: 'FunctionError',
  code: 'ERR_LANEWISE_MAIN_REENTRY',
  message: expect.stringMatching(
    /^a worker imports file:.*main\.mjs to find a function there, and the import made a pool again; let only the main program do that: if \(.*; or take the function out of the program: .*tasks\(new URL\(.*\)\), or write it self-contained/,
  ),
}

async function run(program: string): Promise<unknown> {
  sandbox.write('main.mjs', head + program)
  return await sandbox.run('main.mjs')
}

describe('a program whose functions are exported from its main module', () => {
  it('is refused when its import makes a pool again, for each function', async () => {
    expect(await run('print(await new Pool().answers(2, [twice, thrice]))')).toEqual([refused, refused])
  })

  it('is refused when it makes the pool in a function that catches everything', async () => {
    const program = `
      async function main() { print(await new Pool().answers(2, [twice, thrice])) }
      main().catch(() => {})`
    expect(await run(program)).toEqual([refused, refused])
  })

  it('is refused when it makes the pool long after its import, and ends there', async () => {
    const program = `
      async function main() {
        await new Promise((resolve) => setImmediate(resolve))
        print(await new Pool().answers(2, [twice]))
      }
      main()`
    // The import is over by then: the call is answered, and what the main program went on to do is not.
    const answers = (await run(program)) as object[]
    expect(answers).toContainEqual({ value: 8 })
    expect(answers).toContainEqual({ uncaught: refused.message })
  })

  it('is refused in a child process, with a guard that holds there', async () => {
    const [answer] = (await run("print(await new Pool().answers(1, [twice], 'process'))")) as { message: string }[]
    expect(answer).toMatchObject(refused)
    const guard = answer?.message.match(/if \(.*?\) \{/)?.[0]
    expect(guard).toMatch(/^if \((import\.meta\.main|process\.argv\[1\] === import\.meta\.filename)\) \{$/)
    expect(await run(`${guard} print(await new Pool().answers(1, [twice], 'process')) }`)).toEqual([{ value: 8 }])
  })

  it('runs with the guard that the message shows', async () => {
    const [answer] = (await run('print(await new Pool().answers(1, [twice]))')) as { message: string }[]
    const guard = answer?.message.match(/if \(.*?\) \{/)?.[0]
    expect(guard).toMatch(/^if \((import\.meta\.main|isMainThread)\) \{$/)
    expect(await run(`${guard} print(await new Pool().answers(2, [twice, thrice])) }`)).toEqual([
      { value: 8 },
      { value: 12 },
    ])
  })

  it('may make pools inside a call', async () => {
    const program = `
      export async function nested(x) { return (await new Pool().answers(1, [(y) => y + 1]))[0].value * x * outside }
      if (isMainThread) print(await new Pool().answers(1, [nested]))`
    expect(await run(program)).toEqual([{ value: 40 }])
  })
})

describe('refuseReentry', () => {
  it('lets every pool be made where nothing is being imported', () => {
    expect(refuseReentry()).toBeUndefined()
  })
})
