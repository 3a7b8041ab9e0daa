import { describe, expect, it } from 'vitest'
import { execMsOf } from '../../src/cluster/answer.ts'
import { decodeFrame, EXTENSION, type Extension, encodeFrame, KIND, numberExtension } from '../../src/cluster/frame.ts'

function resultWith(...extensions: Extension[]) {
  return decodeFrame(encodeFrame({ kind: KIND.result, run: new Uint8Array(16), chunk: 0, extensions }))
}

describe('the time that a host says its rows took', () => {
  it('is in ms', () => {
    expect(execMsOf(resultWith(numberExtension(EXTENSION.execMs, 'f64', 1.5)))).toBe(1.5)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1])('is 0 where it is no time: %d', (ms) => {
    expect(execMsOf(resultWith(numberExtension(EXTENSION.execMs, 'f64', ms)))).toBe(0)
  })

  it('is 0 where it is not said, or not as a number', () => {
    expect(execMsOf(resultWith())).toBe(0)
    expect(execMsOf(resultWith({ type: EXTENSION.execMs, bytes: Uint8Array.of(1) }))).toBe(0)
  })
})
