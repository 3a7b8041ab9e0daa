import { execSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PortableModule, type PortableRef, portableRef } from '../../src/cluster/portable.ts'
import { type Allowed, resolveRef } from '../../src/cluster/resolve.ts'
import { describeFunction } from '../../src/functions/describe.ts'
import { task, tasks } from '../../src/index.ts'

let folder: string
let here: string // the submitter's copy
let there: string // the host's

function install(at: string, version: string, text: string): void {
  mkdirSync(join(at, 'node_modules', 'dep'), { recursive: true })
  writeFileSync(join(at, 'package.json'), JSON.stringify({ name: 'app', version, type: 'module' }))
  writeFileSync(join(at, 'work.mjs'), text)
  writeFileSync(join(at, 'node_modules', 'dep', 'package.json'), JSON.stringify({ name: 'dep', version: '2.0.0' }))
  writeFileSync(join(at, 'node_modules', 'dep', 'index.mjs'), 'export const twice = (n) => 2 * n\n')
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanewise-resolve-'))
  here = join(folder, 'here')
  there = join(folder, 'there')
  for (const at of [here, there]) install(at, '1.0.0', 'export const once = (n) => n\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A function by its handle, as it is named to other machines. */
function named(file: string, name: string): PortableModule {
  const fn = (tasks(pathToFileURL(file)) as Record<string, (...args: never[]) => unknown>)[name]!
  return portableRef(fn, describeFunction(fn), undefined) as PortableModule
}

const allowed = (more: Partial<Allowed> = {}): Allowed => ({ modules: there, packages: [], keys: [], ...more })
const once = (): PortableModule => named(join(here, 'work.mjs'), 'once')

describe('a host finds', () => {
  it('an exported function in its own copy of the package', () => {
    expect(once()).toMatchObject({ package: 'app', version: '1.0.0', path: 'work.mjs', find: { export: 'once' } })
    expect(resolveRef(once(), allowed())).toMatchObject({
      kind: 'module',
      export: 'once',
      url: pathToFileURL(join(there, 'work.mjs')).href,
    })
  })

  it('one of a package in node_modules, where that is allowed', () => {
    const twice = named(join(here, 'node_modules', 'dep', 'index.mjs'), 'twice')
    expect(() => resolveRef(twice, allowed())).toThrow('add --allow dep if it stands in node_modules there')
    expect(resolveRef(twice, allowed({ packages: ['dep'] }))).toMatchObject({
      url: pathToFileURL(join(there, 'node_modules', 'dep', 'index.mjs')).href,
    })
  })

  it('built-in functions that do no harm, and no others', () => {
    const of = (fn: (...args: never[]) => unknown): PortableRef => portableRef(fn, describeFunction(fn), undefined)
    expect(resolveRef(of(Math.sqrt), allowed())).toMatchObject({ kind: 'builtin', path: ['Math', 'sqrt'] })
    expect(() => of(execSync as never)).toThrow(/hosts run no .*execSync by its name/)
    const path = ['Math', 'constructor']
    expect(() => resolveRef({ kind: 'builtin', id: 'x', name: 'x', path }, allowed())).toThrow(
      'it runs no Math.constructor',
    )
    const module = 'node:child_process'
    expect(() => resolveRef({ kind: 'builtin', id: 'x', name: 'x', module, path: ['execSync'] }, allowed())).toThrow(
      'it runs no',
    )
  })

  it('a source that a key of its list has signed', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const fn = (n: number): number => n + 1
    const signed = portableRef(fn, describeFunction(fn), privateKey)
    expect(resolveRef(signed, allowed({ keys: [publicKey] }))).toMatchObject({ kind: 'source' })
    expect(() => resolveRef(signed, allowed())).toThrow('it runs no sources; start it with --allow-source')
    const other = generateKeyPairSync('ed25519').publicKey
    expect(() => resolveRef(signed, allowed({ keys: [other] }))).toThrow('signed by no key that it lists')
    if (signed.kind !== 'source') throw new Error('it is signed')
    const forged = { ...signed, ref: { ...signed.ref, code: `${signed.ref.code} ` } }
    expect(() => resolveRef(forged, allowed({ keys: [publicKey] }))).toThrow('signed by no key')
  })
})

describe('a host refuses', () => {
  it('modules, if it has none', () => {
    expect(() => resolveRef(once(), allowed({ modules: undefined }))).toThrow(
      'it runs no modules; start it with --modules',
    )
  })

  it('another version, another text, and a text that changed since it was loaded', () => {
    expect(() => resolveRef({ ...once(), version: '1.0.1' }, allowed())).toThrow(
      'it has app 1.0.0, the submitter 1.0.1',
    )
    expect(() => resolveRef({ ...once(), sha256: '0'.repeat(64) }, allowed())).toThrow('ModuleMismatch')
    resolveRef(once(), allowed())
    for (const at of [here, there]) writeFileSync(join(at, 'work.mjs'), 'export const once = (n) => n + 1\n')
    expect(() => resolveRef(once(), allowed())).toThrow('has changed since it was loaded; restart it')
  })

  it.each(['../there/work.mjs', '/etc/passwd', 'a//b', '', 'none.mjs', 'work.mjs\0'])('the path %j', (path) => {
    expect(() => resolveRef({ ...once(), path }, allowed())).toThrow(/is no path inside a package|has no/)
  })

  it('a link that leads out of the package', () => {
    writeFileSync(join(folder, 'outside.mjs'), '')
    symlinkSync(join(folder, 'outside.mjs'), join(there, 'link.mjs'))
    expect(() => resolveRef({ ...once(), path: 'link.mjs' }, allowed())).toThrow('link.mjs leads out of its package')
  })

  it.each(['../app', 'a/b/c', '.hidden', ''])('the package %j', (name) => {
    expect(() => resolveRef({ ...once(), package: name }, allowed({ packages: [name] }))).toThrow('names no package')
  })
})

describe('a submitter', () => {
  it('names a task by its place in its module', () => {
    const fn = task(import.meta, (n: number) => n)
    expect(portableRef(fn, describeFunction(fn), undefined)).toMatchObject({
      package: 'lanewise',
      path: 'test/cluster/resolve.test.ts',
      find: { ordinal: 0, arity: 1 },
    })
  })

  it('refuses a lambda without a key, and a module of no package', () => {
    const fn = (n: number): number => n
    expect(() => portableRef(fn, describeFunction(fn), undefined)).toThrow('pass signingKey')
    const lone = tasks<{ f: () => number }>('data:text/javascript,export const f = () => 1')
    expect(() => portableRef(lone.f, describeFunction(lone.f), undefined)).toThrow('which other machines cannot find')
  })
})
