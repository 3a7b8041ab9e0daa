import { describe, expect, it } from 'vitest'
import { findStanding } from '../../src/functions/exported.ts'

/** Reads a text in which ▸ stands before the function. */
function standingOf(text: string, name: string): unknown {
  return findStanding(text.replace('▸', ''), text.indexOf('▸'), name)
}

describe('findStanding', () => {
  it.each([
    ['export function f▸(x) {}', 'f', { name: 'f', itself: true }],
    ['export async function f▸(x) {}', 'f', { name: 'f', itself: true }],
    ['export const f = ▸(x) => x', 'f', { name: 'f', itself: true }],
    ['export const a = 1, f = ▸(x) => x, b = 2', 'f', { name: 'f', itself: true }],
    ['export const f = /* @__PURE__ */ __name(▸(x) => x, "f")', 'f', { name: 'f', itself: true }],
    ['export const f = memo(▸(x) => x)', '', { name: 'f', itself: false }],
    ['export default function f▸(x) {}', 'f', { name: 'default', itself: true }],
    ['export default function ▸(x) {}', 'default', { name: 'default', itself: true }],
    ['export default ▸(x) => x', 'default', { name: 'default', itself: true }],
    ['export default { f: ▸(x) => x }', 'f', { name: 'default', itself: false }],
    ['const f = ▸(x) => x; export { f }', 'f', { name: 'f', itself: true }],
    ['export { f as g }; function f▸(x) {}', 'f', { name: 'g', itself: true }],
    ['function f▸(x) {} export { f as "a b" }', 'f', { name: 'a b', itself: true }],
    ['function f▸(x) {} export { f as default }', 'f', { name: 'default', itself: true }],
    ['function f▸(x) {} export default f', 'f', { name: 'default', itself: true }],
    ['let f; f = ▸(x) => x; export { f }', 'f', { name: 'f', itself: true }],
    ['export let f; f = ▸(x) => x', 'f', 'unknown'],
    ['export class A { static f▸(x) {} }', 'f', { name: 'A', itself: false }],
    ['export const o = { f▸(x) {} }', 'f', { name: 'o', itself: false }],
    ['#!/usr/bin/env node\nexport const f = ▸(x) => x', 'f', { name: 'f', itself: true }],
    ['export const f = ▸(x = () => { return (y) => y }) => x', 'f', { name: 'f', itself: true }],
    ['await null; export const f = ▸(x) => x', 'f', { name: 'f', itself: true }],
  ])('finds in %s: exported', (text, name, exported) => {
    expect(standingOf(text, name)).toEqual(
      exported === 'unknown' ? { is: 'unknown' } : { is: 'exported', ...Object(exported) },
    )
  })

  it.each([
    ['function f▸(x) {}', 'f', 'private'],
    ['import "x"; export const g = 1; const f = ▸(x) => x', 'f', 'private'],
    ['import "x"; [1].map(▸(x) => x); export {}', '', 'private'],
    ['export function main() { return f() } function f▸(x) {}', 'f', 'private'],
    ['export { f } from "x"; const f = ▸(x) => x', 'f', 'private'],
    ['import fs from "fs"; const exports = 1; console.log(module, ▸(x) => x)', '', 'private'],
    ['console.log("module.exports", ▸(x) => x)', '', 'private'],
    ['function f() { return ▸(x) => x } export { f }', '', 'nested'],
    ['export const f = (a) => ▸(x) => x', 'f', 'nested'],
    ['export const f = (a = ▸(x) => x) => a', 'a', 'nested'],
    ['export class A { m() { return ▸(x) => x } }', '', 'nested'],
    ['export class A { f = ▸(x) => x }', 'f', 'nested'],
    ['(function () { module.exports = { f: ▸(x) => x } })(); more()', 'f', 'nested'],
    // only the module itself can tell
    ['const f = ▸(x) => x; export const g = f', 'f', 'unknown'],
    ['const f = ▸(x) => x; export default { f }', 'f', 'unknown'],
    ['const list = [▸(x) => x]; export const [g] = list', '', 'unknown'],
    ['exports.f = ▸(x) => x', '', 'unknown'],
    ['const f = ▸(x) => x; module.exports = { f }', 'f', 'unknown'],
    ['const f = ▸(x) => x; if (a) return; module.exports = f', 'f', 'unknown'],
    ["'use strict';async (__vite_ssr_exports__, require)=>{{ const f = ▸(x) => x }}", 'f', 'unknown'],
    ["'use strict';async (__vite_ssr_exports__, require)=>{{ const f = () => ▸(x) => x }}", '', 'nested'],
    ['this is ▸no JavaScript', 'f', 'unknown'],
    ['', 'f', 'unknown'],
  ])('finds in %s, for %s: %s', (text, name, is) => {
    expect(standingOf(text, name)).toEqual({ is })
  })

  it('tells apart the functions of one script, and scripts of one length, in any order', () => {
    const [first, second] = [
      'export const f = (x) => x; const g = (x) => x',
      'export const g = (x) => x; const f = (x) => x',
    ]
    const [front, back] = [first.indexOf('('), first.lastIndexOf('(')]
    const read = [
      findStanding(first, front, 'f'),
      findStanding(first, back, 'g'),
      findStanding(second, back, 'f'),
      findStanding(first, front, 'f'),
    ]
    expect(read.map(({ is }) => is)).toEqual(['exported', 'private', 'private', 'exported'])
  })
})
