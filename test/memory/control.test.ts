import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import {
  PAGES,
  RANGE,
  RANGE_BYTES,
  RANGES_AT,
  SLOT,
  SLOT_BYTES,
  SLOTS,
  WORKER,
  WORKER_BYTES,
  WORKERS,
  WORKERS_AT,
  type Word,
} from '../../src/memory/control.ts'

const width = (word: Word): number => (word.type === 'i32' ? 4 : 8)

describe('the table of the control block', () => {
  it.each([
    ['a slot', SLOT, WORKERS_AT],
    ['a worker', WORKER, WORKER_BYTES],
    ['a returned range', RANGE, RANGE_BYTES],
  ] as const)('gives each word of %s a place of its own, aligned', (_, words, bytes) => {
    const taken = new Set<number>()
    for (const word of Object.values<Word>(words)) {
      expect(word.at % width(word), word.says).toBe(0)
      for (let at = word.at; at < word.at + width(word); at++) {
        expect(taken.has(at), `byte ${at} is taken twice`).toBe(false)
        taken.add(at)
      }
    }
    expect(Math.max(...taken)).toBeLessThan(bytes)
  })

  it('keeps what different threads write in different cache lines', () => {
    const lines = (names: readonly (keyof typeof SLOT)[]) =>
      new Set(names.map((name) => Math.floor(SLOT[name].at / 64)))
    const parts = [
      lines(['generation', 'end', 'deadline', 'longest']),
      lines(['next']),
      lines(['done', 'left']),
      lines(['lock', 'returned']),
    ]
    expect(parts.map((part) => part.size)).toEqual([1, 1, 1, 1])
    expect(new Set(parts.flatMap((part) => [...part])).size).toBe(4)
    expect(SLOT_BYTES % 64).toBe(0)
    expect(WORKERS_AT % 64).toBe(0)
  })

  it('fits into the memory', () => {
    expect(RANGES_AT + WORKERS * RANGE_BYTES).toBe(SLOT_BYTES)
    expect(SLOTS * SLOT_BYTES).toBeLessThanOrEqual(PAGES * 65_536)
  })

  it('has twins in AssemblyScript and Rust that are up to date', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/generate-control.mjs', '--check'], {
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })
})
