import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as later } from 'node:timers/promises'
import type { NatsExecutor } from '../../src/cluster/executor.ts'
import { range, repeat } from '../../src/index.ts'
import { calls, type World } from './world.ts'

interface Watched {
  readonly rows: number
  /** How long each takes. */
  readonly ms: number
  readonly signal?: AbortSignal
}

/** A map of 0, 1, 2 … to itself, a row a chunk, each of which is noted when it begins. */
export function watched(world: World, pool: NatsExecutor, { rows, ms, signal }: Watched) {
  const file = join(world.folder, 'begun')
  const result = pool.map(calls.noted, repeat(file), repeat(ms), range(rows), { chunksize: 1, signal })
  return { result, file, begun: () => begun(file), hasBegun: (count: number) => hasBegun(file, count) }
}

/** The rows that were begun, in order, and where. */
export function notes(file: string): { pid: number; row: number }[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return lines.map((line) => {
    const [pid, row] = line.split(' ').map(Number) as [number, number]
    return { pid, row }
  })
}

/** The rows that were begun, in order. */
export function begun(file: string): number[] {
  return notes(file).map(({ row }) => row)
}

/** Waits until so many rows have begun. */
export async function hasBegun(file: string, count: number): Promise<void> {
  for (;;) {
    try {
      if (begun(file).length >= count) return
    } catch {
      // It is not there.
    }
    await later(20) // another process writes it; nothing tells of it
  }
}

/** Waits until some row has begun once more. */
export async function hasBegunTwice(file: string): Promise<void> {
  for (let count = 1; ; count++) {
    await hasBegun(file, count)
    const rows = begun(file)
    if (new Set(rows).size < rows.length) return
    count = rows.length
  }
}

export const numbers = (length: number): number[] => Array.from({ length }, (_, i) => i)
