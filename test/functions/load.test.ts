import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeFunction } from '../../src/functions/describe.ts'
import { type FunctionRef, isPortableImport, type ModuleRef } from '../../src/functions/ref.ts'
import { type LoadingWorker, openSandbox, type Sandbox } from './sandbox.ts'

/** What every error about a function ends with. */
const WAYS = "tasks\\(new URL\\('./file.js', import.meta.url\\)\\), or write it self-contained"

let sandbox: Sandbox
let worker: LoadingWorker

beforeAll(async () => {
  sandbox = await openSandbox()
  worker = sandbox.openWorker()
})

afterAll(async () => {
  await worker[Symbol.asyncDispose]()
  sandbox[Symbol.dispose]()
})

let made = 0
/** A ref to an export of a module with this text. */
function refTo(text: string, ref: Partial<ModuleRef>, file = `m${++made}.mjs`): ModuleRef {
  sandbox.write(file, text)
  return { kind: 'module', id: `test:${file}:${JSON.stringify(ref)}`, name: 'f', url: sandbox.url(file), ...ref }
}

describe('loadFunction finds an export', () => {
  it.each<[string, string, Partial<ModuleRef>]>([
    ['by its name, whatever it is, for a handle', 'export const f = (...a) => "right"', { export: 'f' }],
    [
      'by its name, if the source is the same',
      'export const f = (x) => "right"',
      { export: 'f', source: '(x) => "right"' },
    ],
    [
      'whose types were stripped',
      'export const f = (x        )         => "right"',
      { export: 'f', source: '(x) => "right"' },
    ],
    [
      'that was formatted',
      "export const f = (x,) => {\n  return 'right'\n}",
      { export: 'f', source: '(x) => { return "right"; }' },
    ],
    [
      'under default',
      'export const f = (y) => 1; export default (x) => "right"',
      { export: 'f', source: '(x) => "right"' },
    ],
    [
      'under any name, if the source is the same',
      'export const f = (y) => 1; export const g = (x) => "right"',
      { export: 'f', source: '(x) => "right"' },
    ],
    ['in an exported object', 'export const o = { g: (x) => "right" }', { export: 'f', source: '(x) => "right"' }],
    ['as a static method', 'export class A { static g(x) { return "right" } }', { source: 'g(x) { return "right" }' }],
    ['twice under two names', 'const f = (x) => "right"; export { f as a, f as b }', { source: '(x) => "right"' }],
    [
      'of its name and length, rewritten',
      'export const f = (x) => "right"',
      { export: 'f', source: '(x) => (0, "right")', arity: 1 },
    ],
    [
      'of its name and length under default, rewritten',
      'export default function f(x) { return "right" }',
      { export: 'f', source: 'x', arity: 1 },
    ],
    [
      'the same one rather than one of its name',
      'export const f = (x) => 1; export const g = (x) => "right"',
      { export: 'f', source: '(x) => "right"', arity: 1 },
    ],
  ])('%s', async (_, text, ref) => {
    expect(await worker.call(refTo(text, ref))).toBe('right')
  })

  it.each<[string, string, Partial<ModuleRef>, string]>([
    ['nothing is exported', 'const f = 1', { export: 'f' }, 'looked for f, found none;'],
    ['it is no function', 'export const f = 1, g = () => 1', { export: 'f' }, 'looked for f, found g;'],
    [
      'it has another source and nothing else is known',
      'export const f = (x) => 1',
      { export: 'f', source: '(y) => 2' },
      'looked for f, found f;',
    ],
    [
      'it has another source and another length',
      'export const f = (x, y) => 1',
      { export: 'f', source: '(y) => 2', arity: 1 },
      'looked for f, found f;',
    ],
    [
      'two exports have its source',
      'const m = (k) => (x) => k; export const g = m(1), h = m(2)',
      { export: 'f', source: '(x) => k' },
      'looked for f, found g, h;',
    ],
    [
      'it has no name',
      'export const g = 1; export default 2',
      { name: '', source: '(x) => 1' },
      'looked for a function without a name, found none;',
    ],
  ])('not where %s', async (_, text, ref, message) => {
    await expect(worker.call(refTo(text, ref))).rejects.toMatchObject({
      name: 'FunctionError',
      code: 'ERR_LANEWISE_NOT_EXPORTED',
      message: expect.stringMatching(
        new RegExp(`^file:.* must export the function .*${message} export it, mark it .*${WAYS}`),
      ),
    })
  })
})

describe('loadFunction finds a task', () => {
  const head = "import { task } from './lanewise.mjs'\nconst make = (k) => (x) => k\n"

  it.each<[string, string, Partial<ModuleRef>]>([
    [
      'by its number',
      'task(import.meta, make(1)); task(import.meta, make("right"))',
      { ordinal: 1, source: '(x) => k' },
    ],
    [
      'by its source, if the number is off',
      'task(import.meta, () => 0); task(import.meta, make("right"))',
      { ordinal: 0, source: '(x) => k' },
    ],
    [
      'by its number, name and length, rewritten',
      'task(import.meta, function f(x) { return "right" })',
      { ordinal: 0, source: 'f', arity: 1 },
    ],
  ])('%s', async (_, text, ref) => {
    expect(await worker.call(refTo(head + text, ref))).toBe('right')
  })

  it.each<[string, string, Partial<ModuleRef>, string]>([
    ['none is registered', '', { ordinal: 0, source: '(x) => k' }, 'as number 0, .* registered 0: none;'],
    [
      'another stands there',
      'task(import.meta, function g() {})',
      { ordinal: 0, source: '(x) => k', arity: 1 },
      'registered 1: g;',
    ],
    [
      'two others have its source',
      'task(import.meta, make(1)); task(import.meta, make(2))',
      { ordinal: 2, source: '(x) => k' },
      'registered 2: .no name., .no name.;',
    ],
  ])('not where %s', async (_, text, ref, message) => {
    await expect(worker.call(refTo(head + text, ref))).rejects.toMatchObject({
      name: 'FunctionError',
      code: 'ERR_LANEWISE_FUNCTION',
      message: expect.stringMatching(
        new RegExp(
          `in the same order everywhere; looked for f ${message.startsWith('as') ? '' : '.*'}${message}.*${WAYS}`,
        ),
      ),
    })
  })
})

describe('loadFunction rejects with the cause when the import fails:', () => {
  it.each<[string, string, string]>([
    ['the module throws', 'throw new RangeError("not today")', 'not today; its cause says where'],
    ['the module throws no error', 'throw null', 'null; its cause says where'],
    ['the module is none', 'export {', 'Unexpected end of input'],
    ['one of its imports is missing', 'import "./gone.mjs"', 'Cannot find module .*gone.*; its cause says where'],
  ])('%s', async (_, text, message) => {
    await expect(worker.call(refTo(text, { export: 'f' }))).rejects.toMatchObject({
      name: 'FunctionError',
      message: expect.stringMatching(new RegExp(`^a worker could not import file:.*\\.mjs for f: .*${message}`)),
    })
  })

  it('there is no such file, and finds it once there is', async () => {
    const ref: FunctionRef = { kind: 'module', id: 'later', name: 'f', url: sandbox.url('later.mjs'), export: 'f' }
    await expect(worker.call(ref)).rejects.toThrow(
      new RegExp(
        `could not import .*later\\.mjs for f: Cannot find module .*; a bundler may have left it behind: .*${WAYS}`,
      ),
    )
    sandbox.write('later.mjs', 'export const f = () => "there"')
    expect(await worker.call(ref)).toBe('there')
  })

  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const readsTypes = major > 22 || (major === 22 && minor >= 18)
  const typed = (): ModuleRef =>
    refTo(
      'const outside: string = "typed"\nexport const f = (x: number): string => outside + x',
      { export: 'f' },
      'typed.ts',
    )

  it.runIf(readsTypes)('not for TypeScript, where Node reads it', async () => {
    expect(await worker.call({ ...typed(), source: '(x) => outside + x' }, 1)).toBe('typed1')
  })

  it.runIf(readsTypes)('not for an export that vitest has rewritten, imports and all', async () => {
    expect(isPortableImport.toString()).toContain('__vite_ssr_import_')
    const ref = describeFunction(isPortableImport)
    expect([await worker.call(ref, 'node:fs'), await worker.call(ref, './fs')]).toEqual([true, false])
  })

  it.skipIf(readsTypes)('TypeScript, where Node does not read it', async () => {
    await expect(worker.call(typed(), 1)).rejects.toThrow(
      /typed\.ts for f: .*; Node [\d.]+ reads no TypeScript: use Node 22\.18 or later, or compile first$/,
    )
  })
})

describe('loadFunction', () => {
  it('evaluates a module once, however many of its functions are asked for', async () => {
    const text =
      'globalThis.evaluated = (globalThis.evaluated ?? 0) + 1; export const f = () => evaluated, g = () => evaluated'
    const f = refTo(text, { export: 'f' })
    const g: ModuleRef = { ...f, id: `${f.id} g`, export: 'g' }
    expect([await worker.call(f), await worker.call(g), await worker.call(f)]).toEqual([1, 1, 1])
  })

  it('works where code must not be made from strings', async () => {
    sandbox.write(
      'flags.mjs',
      `import { readFileSync } from 'node:fs'
       import { Worker } from 'node:worker_threads'
       import { describeFunction } from './lanewise.mjs'
       const code = readFileSync(new URL('./worker.cjs', import.meta.url), 'utf8') + \`
         const { parentPort, workerData } = require('node:worker_threads')
         let made = 'allowed'
         try { new Function('') } catch (error) { made = error.name }
         parentPort.postMessage([made, module.exports.loadFunction(workerData)(6)])\`
       const workerData = describeFunction((x) => x * 7)
       new Worker(code, { eval: true, workerData }).once('message', (answer) => console.log(JSON.stringify(answer)))`,
    )
    expect(await sandbox.run('flags.mjs', '--disallow-code-generation-from-strings')).toEqual(['EvalError', 42])
  })

  it('works without an inspector for all but exports, and says so', async () => {
    sandbox.write(
      'permission.mjs',
      `import { gzipSync } from 'node:zlib'
       import { describeFunction } from './lanewise.mjs'
       import { declared, double } from './geo.mjs'
       const fact = (n) => (n < 2 ? 1 : n * fact(n - 1))
       const self = { odd: (n) => [odd, n] }
       const odd = 1
       const kindOf = (fn) => { try { return describeFunction(fn).kind } catch (error) { return error.message } }
       console.log(JSON.stringify([(x) => x, fact, Math.sqrt, gzipSync, double, (x) => fetch(x), self.odd, declared].map(kindOf)))`,
    )
    const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission'
    const kinds = (await sandbox.run('permission.mjs', '--no-warnings', flag, '--allow-fs-read=*')) as string[]
    expect(kinds.slice(0, 6)).toEqual(['source', 'source', 'builtin', 'builtin', 'module', 'source'])
    expect(kinds[6]).toMatch(/got odd, which uses odd from outside, and nothing here tells which module/)
    expect(kinds[7]).toMatch(
      /got declared, which uses outside from outside, and nothing here tells .*no inspector.*task\(import\.meta, fn\)/,
    )
  })
})
