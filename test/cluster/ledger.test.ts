import { describe, expect, it } from 'vitest'
import { TaskLedger } from '../../src/cluster/ledger.ts'
import { hasRoom } from '../../src/cluster/window.ts'

const MiB = 2 ** 20

function sent(...chunks: number[]): TaskLedger {
  const ledger = new TaskLedger()
  for (const chunk of chunks) ledger.send(chunk, 100)
  return ledger
}

describe('the ledger of a submitter', () => {
  it('takes the first result of a chunk and counts the others', () => {
    const ledger = sent(0, 1)
    expect(ledger.settle(1)).toBe(true)
    expect(ledger.settle(1)).toBe(false)
    expect(ledger.settle(9)).toBe(false)
    expect(ledger).toMatchObject({ out: 1, bytes: 100, duplicates: 2 })
  })

  it('knows a chunk by the number that the broker gave it last', () => {
    const ledger = sent(0)
    ledger.accepted(0, 17)
    expect(ledger.chunkOf(17)).toBe(0)
    ledger.resend(0)
    expect(ledger.chunkOf(17)).toBeUndefined()
    ledger.accepted(0, 18)
    ledger.drop(0)
    expect(ledger.chunkOf(18)).toBeUndefined()
    ledger.accepted(0, 19) // its answer is late
    expect(ledger).toMatchObject({ out: 0, bytes: 0 })
  })

  it('sends all again whose broker forgot them', () => {
    const ledger = sent(0, 1, 2)
    ledger.settle(1)
    expect(ledger.audit({ epoch: 1, stored: 0, alive: 0 })).toEqual([0, 2])
    ledger.resend(0)
    ledger.resend(2)
    expect(ledger.audit({ epoch: 1, stored: 0, alive: 0 })).toEqual([])
    expect(ledger.attemptOf(0)).toBe(1)
  })

  it('sends all again that the broker has not, twice in a row', () => {
    const ledger = sent(0)
    expect(ledger.audit({ epoch: 0, stored: 0, alive: 5 })).toEqual([])
    expect(ledger.audit({ epoch: 0, stored: 0, alive: 5 })).toEqual([0])
  })

  it('sends all again that the broker keeps and never hands out', () => {
    const ledger = sent(0)
    expect(ledger.audit({ epoch: 0, stored: 1, alive: 0 })).toEqual([])
    expect(ledger.audit({ epoch: 0, stored: 1, alive: 0 })).toEqual([0])
  })

  it('waits while anything moves', () => {
    const ledger = sent(0, 1)
    expect(ledger.audit({ epoch: 0, stored: 0, alive: 0 })).toEqual([])
    ledger.settle(0)
    expect(ledger.audit({ epoch: 0, stored: 0, alive: 0 })).toEqual([])
    ledger.send(2, 1)
    expect(ledger.audit({ epoch: 0, stored: 0, alive: 0 })).toEqual([])
    expect(ledger.audit({ epoch: 0, stored: 1, alive: 1 })).toEqual([])
    expect(ledger.audit({ epoch: 0, stored: 0, alive: 0 })).toEqual([])
  })

  it('refuses to send a chunk twice under one number', () => {
    expect(() => sent(0, 0)).toThrow('chunk 0 is sent once')
  })
})

describe('the window', () => {
  it('has two chunks for each slot, and at least four', () => {
    expect(hasRoom({ slots: 0, chunks: 3, bytes: 0 })).toBe(true)
    expect(hasRoom({ slots: 0, chunks: 4, bytes: 0 })).toBe(false)
    expect(hasRoom({ slots: 50, chunks: 99, bytes: 0 })).toBe(true)
    expect(hasRoom({ slots: 50, chunks: 100, bytes: 0 })).toBe(false)
  })

  it('has 24 MiB, and room for a chunk that is larger, alone', () => {
    expect(hasRoom({ slots: 50, chunks: 1, bytes: 24 * MiB - 1 })).toBe(true)
    expect(hasRoom({ slots: 50, chunks: 1, bytes: 24 * MiB })).toBe(false)
    expect(hasRoom({ slots: 50, chunks: 0, bytes: 0 })).toBe(true)
  })
})
