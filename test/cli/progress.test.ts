import { describe, expect, it } from 'vitest'
import { Interrupted, interruptible } from '../../src/cli/interrupt.ts'
import { Progress } from '../../src/cli/progress.ts'

function output(
  isTTY: boolean,
  columns?: number,
): { write: (text: string) => void; isTTY: boolean; columns?: number; written: string[] } {
  const written: string[] = []
  return { write: (text) => written.push(text), isTTY, written, ...(columns !== undefined && { columns }) }
}

const ERASE = '\r\u001b[2K'

describe('progress', () => {
  it('draws one line over itself on a terminal, ten times a second, and takes it away', () => {
    let now = 5000
    const stderr = output(true, 20)
    const progress = new Progress(stderr, false, () => now)
    progress.tell('one')
    now += 99
    progress.tell('too soon')
    now += 1
    progress.tell('three, which is wider than the terminal')
    progress.clear()
    progress.clear()
    expect(stderr.written).toEqual([`${ERASE}one`, `${ERASE}three, which is wid`, ERASE])
  })

  it('is a line every ten seconds where nobody looks', () => {
    let now = 0
    const stderr = output(false)
    const progress = new Progress(stderr, false, () => now)
    for (now = 0; now <= 25_000; now += 1000) progress.tell(`at ${now}`)
    progress.clear()
    expect(stderr.written).toEqual(['at 10000\n', 'at 20000\n'])
  })

  it('says nothing where it is to be quiet', () => {
    const stderr = output(true)
    const progress = new Progress(stderr, true, () => 0)
    progress.tell('one')
    progress.clear()
    expect(stderr.written).toEqual([])
  })
})

describe('a work that can be interrupted', () => {
  it('gives its result, and leaves no listener', async () => {
    const before = process.listenerCount('SIGINT')
    expect(await interruptible(async () => 7)).toEqual({ result: 7, code: undefined })
    expect(process.listenerCount('SIGINT')).toBe(before)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('is told of %s once, by its signal', async (name, code) => {
    const before = process.listenerCount(name)
    const outcome = await interruptible(async (signal) => {
      process.emit(name)
      expect(process.listenerCount(name)).toBe(before)
      return signal.reason as unknown
    })
    expect(outcome).toEqual({ result: expect.any(Interrupted), code })
    expect(outcome.result).toMatchObject({ code, message: 'interrupted before anything was known' })
  })

  it('rejects as its work does', async () => {
    await expect(interruptible(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  })
})
