import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FunctionRef } from '../../src/functions/ref.ts'
import { type LoadingWorker, openSandbox, type Sandbox } from './sandbox.ts'

interface Outcome {
  ref?: FunctionRef
  error?: { name: string; code: string; message: string }
}

let sandbox: Sandbox
let worker: LoadingWorker
let outcomes: Record<string, Outcome>

beforeAll(async () => {
  sandbox = await openSandbox()
  worker = sandbox.openWorker()
  outcomes = (await sandbox.run('cases.mjs')) as Record<string, Outcome>
})

afterAll(async () => {
  await worker[Symbol.asyncDispose]()
  sandbox[Symbol.dispose]()
})

describe('a function described in plain Node runs in a worker thread', () => {
  it.each([
    ['square', 'source', 3, 9],
    ['factorial', 'source', 5, 120],
    ['usesGlobals', 'source', 4, new Map([[4, 2]])],
    ['imports', 'source', '/a/b', 'b'],
    ['sqrt', 'builtin', 16, 4],
    ['parse', 'builtin', '{"a":1}', { a: 1 }],
    ['atob', 'builtin', 'YQ==', 'a'],
    ['basename', 'builtin', '/a/b', 'b'],
    ['declared', 'module', 1, 'geo declared 1'],
    ['arrow', 'module', 1, 'geo arrow 1'],
    ['inner', 'module', 1, 'geo inner 1'],
    ['byDefault', 'module', 1, 'geo default 1'],
    ['assigned', 'module', 1, 'geo assigned 1'],
    ['aliased', 'module', 1, 'geo aliased 1'],
    ['distance', 'module', 1, 'geo static 1'],
    ['shorthand', 'module', 1, 'geo shorthand 1'],
    ['named', 'module', 1, 'common named 1'],
    ['hidden', 'module', 1, 'whole hidden 1'],
    ['double', 'module', 1, 'geo scaled 2'],
    ['triple', 'module', 1, 'geo scaled 3'],
    ['bound', 'module', 1, 'geo scaled 4'],
    ['unexportedTask', 'module', 1, 'geo unexported task 1'],
    ['handle', 'module', 1, 'geo declared 1'],
    ['defaultHandle', 'module', 1, 'geo default 1'],
  ])('%s, as %s', async (name, kind, argument, value) => {
    const { ref, error } = outcomes[name] ?? {}
    expect(error).toBeUndefined()
    expect(ref?.kind).toBe(kind)
    expect(structuredClone(ref)).toEqual(ref)
    expect(await worker.call(ref as FunctionRef, argument)).toEqual(value)
  })

  it('gzipSync and createHash, which node: modules export under another name than their own', () => {
    expect(outcomes.gzipSync?.ref).toMatchObject({ kind: 'builtin', module: 'node:zlib', path: ['gzipSync'] })
    expect(outcomes.createHash?.ref).toMatchObject({ kind: 'builtin', module: 'node:crypto', path: ['createHash'] })
  })

  it('createSocket of node:dgram, which was not loaded when built-ins were first looked for', async () => {
    sandbox.write(
      'late.mjs',
      `import { describeFunction } from './lanewise.mjs'
       const before = [describeFunction(Math.sqrt).id, process.moduleLoadList.includes('NativeModule dgram')]
       const { createSocket } = process.getBuiltinModule('node:dgram')
       console.log(JSON.stringify([...before, describeFunction(createSocket).id]))`,
    )
    expect(await sandbox.run('late.mjs')).toEqual(['builtin:Math.sqrt', false, 'builtin:node:dgram#createSocket'])
  })

  it('with an id of its own', () => {
    const refs = Object.values(outcomes).flatMap(({ ref }) => (ref === undefined ? [] : [ref]))
    expect(new Set(refs.map(({ id }) => id)).size).toBe(refs.length)
  })
})

describe('a function described in plain Node is refused', () => {
  it.each([
    ['unexported', /got unexported \(file:.*geo\.mjs:\d+:\d+\), which uses outside from outside, and is not exported/],
    [
      'scaled',
      /a function without a name \(file:.*geo\.mjs:\d+:\d+\), which uses outside and factor .* made inside another/,
    ],
    ['shadowedCrypto', /uses crypto from outside \(crypto is not the global one here, but a variable or an import\)/],
    ['shadowedTimer', /uses setTimeout from outside \(setTimeout is not the global one/],
    ['sameNameOutside', /got wrapped .* uses wrapped from outside/],
    ['sameNameFunction', /got deep .* uses deep from outside/],
    ['meta', /uses import\.meta from outside/],
    ['relative', /uses import\('\.\/geo\.mjs'\) from outside/],
    ['nodeInternal', /got now \(node:.*\), a method that uses this/],
  ])('%s', (name, message) => {
    expect(outcomes[name]?.error).toMatchObject({ name: 'FunctionError', code: 'ERR_LANEWISE_FUNCTION' })
    expect(outcomes[name]?.error?.message).toMatch(message)
    expect(outcomes[name]?.error?.message).toMatch(
      /export .* task\(import\.meta, fn\), .* tasks\(new URL\(.*\)\), or write it self-contained/,
    )
  })
})
