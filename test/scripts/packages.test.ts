import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packagesAreCurrent } from '../../scripts/setup/packages.mjs'

describe('the packages of the set-up', () => {
  const acorn = { version: '8.0.0', integrity: 'sha512-acorn' }
  const here = {
    version: '1.0.0',
    integrity: 'sha512-here',
    optional: true,
    os: [process.platform],
    cpu: process.arch, // some packages give a word, not a list
  }
  const elsewhere = { version: '1.0.0', integrity: 'sha512-there', optional: true, os: ['plan9'] }
  const lock = {
    '': { version: '0.1.0' },
    'node_modules/acorn': acorn,
    'node_modules/here': here,
    'node_modules/elsewhere': elsewhere,
  }
  let root: string

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'lanewise-packages-'))
    writeLock('package-lock.json', lock)
    for (const path of ['node_modules/acorn', 'node_modules/here']) mkdirSync(join(root, path), { recursive: true })
  })
  afterEach(() => rmSync(root, { recursive: true }))

  it('are current when what npm installed is what the lock names, less the binaries for other platforms', () => {
    install({ 'node_modules/acorn': acorn, 'node_modules/here': here })
    expect(packagesAreCurrent(root)).toBe(true)
  })

  it('are current with more packages than the lock names', () => {
    install({ 'node_modules/acorn': acorn, 'node_modules/here': here, 'node_modules/tried': acorn })
    expect(packagesAreCurrent(root)).toBe(true)
  })

  it.each([
    [
      'a version differs',
      () => install({ 'node_modules/acorn': { ...acorn, version: '8.0.1' }, 'node_modules/here': here }),
    ],
    [
      'a content differs',
      () => install({ 'node_modules/acorn': { ...acorn, integrity: '' }, 'node_modules/here': here }),
    ],
    ['a package is missing', () => install({ 'node_modules/here': here })],
    [
      'they are for another platform',
      () => install({ 'node_modules/acorn': acorn, 'node_modules/here': { ...here, os: [`!${process.platform}`] } }),
    ],
    [
      "a package's folder is gone",
      () => {
        install({ 'node_modules/acorn': acorn, 'node_modules/here': here })
        rmSync(join(root, 'node_modules/acorn'), { recursive: true })
      },
    ],
    ['npm was stopped on the way', () => writeFileSync(join(root, 'node_modules/.package-lock.json'), '{"packages":')],
    ['there are none', () => rmSync(join(root, 'node_modules'), { recursive: true })],
  ])('are not current when %s', (_, change) => {
    change()
    expect(packagesAreCurrent(root)).toBe(false)
  })

  function install(packages: object): void {
    writeLock('node_modules/.package-lock.json', packages)
  }
  function writeLock(path: string, packages: object): void {
    writeFileSync(join(root, path), JSON.stringify({ packages }))
  }
})
