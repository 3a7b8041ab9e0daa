import fs from 'node:fs'
import path from 'node:path'
import timers from 'node:timers/promises'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { findBuiltin } from '../../src/functions/builtin.ts'
import { loadFunction } from '../../src/functions/load.ts'
import type { AnyFunction } from '../../src/functions/ref.ts'

describe('findBuiltin', () => {
  it.each<[AnyFunction, string]>([
    [Math.sqrt, 'Math.sqrt'],
    [JSON.parse, 'JSON.parse'],
    [Number, 'Number'],
    [Number.isInteger, 'Number.isInteger'],
    [parseFloat, 'parseFloat'],
    [Number.parseFloat, 'parseFloat'],
    [encodeURIComponent, 'encodeURIComponent'],
    [Intl.Collator.supportedLocalesOf, 'Intl.Collator.supportedLocalesOf'],
    [Buffer.from, 'Buffer.from'],
    [structuredClone, 'structuredClone'],
    [process.cwd, 'process.cwd'],
    [console.log, 'console.log'],
    [WebAssembly.validate, 'WebAssembly.validate'],
    [zlib.gzipSync, 'node:zlib#gzipSync'],
    [fs.readFile, 'node:fs#readFile'],
    [timers.setTimeout, 'node:timers/promises#setTimeout'],
  ])('knows %o as %s, and leads back to it', (fn, path) => {
    const ref = findBuiltin(fn)
    expect(ref?.id).toBe(`builtin:${path}`)
    expect(ref && loadFunction(ref)).toBe(fn)
  })

  it('looks into what a module groups', () => {
    const ref = findBuiltin(path.win32.basename)
    expect(ref?.id).toMatch(/^builtin:node:path(#win32\.|\/win32#)basename$/) // by whichever module was loaded first
    expect(ref && loadFunction(ref)).toBe(path.win32.basename)
  })

  it.each<[string, AnyFunction]>([
    ['a method of instances', String.prototype.trim],
    ['a function of the program', () => 1],
    ['a native one of the program', (() => 1).bind(null)],
  ])('knows no path to %s', (_, fn) => {
    expect(findBuiltin(fn)).toBeUndefined()
  })

  it('does not look where the program keeps its own', () => {
    const world = globalThis as { lanewiseTest?: AnyFunction }
    const native = (() => 1).bind(null)
    try {
      world.lanewiseTest = native
      expect(findBuiltin(native)).toBeUndefined()
    } finally {
      delete world.lanewiseTest
    }
  })

  it('is told apart from what this Node does not have', () => {
    const gone = { kind: 'builtin', id: 'builtin:Math.tau', name: 'Math.tau', path: ['Math', 'tau'] } as const
    expect(() => loadFunction(gone)).toThrow(/this worker has no function Math\.tau; was it added by a polyfill\?/)
    const deeper = { ...gone, id: 'builtin:a.b.c', name: 'a.b.c', path: ['a', 'b', 'c'], module: 'node:fs' } as const
    expect(() => loadFunction(deeper)).toThrow(/no function a\.b\.c in node:fs/)
  })
})
