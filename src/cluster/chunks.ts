import type { NextChunk } from '../chunks/auto.ts'
import type { Range } from '../chunks/ledger.ts'
import { UNKNOWN_US } from '../chunks/pace.ts'
import { WorkerDiedError } from '../errors.ts'
import type { Chunk } from '../map/chunk.ts'
import type { MapSettings } from '../map/options.ts'
import type { MapRun } from '../map/run.ts'
import type { Sizes } from '../map/sizes.ts'
import { placeError } from '../wire/errors.ts'
import { execMsOf } from './answer.ts'
import { FrameError } from './errors.ts'
import { EXTENSION, FORM, type Frame, type Section, textOf } from './frame.ts'
import type { FunctionManifest } from './manifest.ts'
import type { PortableRef } from './portable.ts'
import type { Parcel } from './run.ts'
import { ClusterSizes } from './sizes.ts'
import { packColumn, unpackFailures, unpackValues } from './values.ts'

/** How many rows the chunks of a map have that runs on a cluster. */
export class MapSizes implements Sizes {
  readonly mayPrefetch = false
  readonly chunkMs = undefined
  readonly #isAuto: boolean
  readonly #sizes: ClusterSizes
  readonly #pool: { readonly slots: number }

  constructor({ chunksize, timeout, buffersize }: MapSettings, pool: { readonly slots: number }) {
    this.#isAuto = chunksize === 'auto'
    this.#sizes = new ClusterSizes({ timeoutMs: timeout, buffersize })
    this.#pool = pool
  }

  next(_worker: number, remaining: number, length: number | undefined): NextChunk | undefined {
    return this.#isAuto ? this.#sizes.next(remaining, Math.max(1, this.#pool.slots), length === undefined) : undefined
  }

  expectedUs(_range: Range): number {
    return UNKNOWN_US
  }

  readAhead(workers: number): number {
    return this.#sizes.readAhead(workers)
  }

  report(_worker: number, items: number, execMs: number, overheadMs: number | undefined): void {
    this.#sizes.report(items, execMs, overheadMs)
  }
}

/** What hosts need to know of a map beside its rows. Errors: those of `portable`. */
export function mapManifest(run: MapRun, portable: () => PortableRef): FunctionManifest {
  const { errors, retries, itemTimeout, spread } = run.settings
  return {
    kind: 'function',
    ref: portable(),
    raise: errors === 'raise',
    retries,
    itemTimeout,
    spread,
    repeats: run.repeats,
  }
}

/** A chunk of a map as it is sent; `over` is called when an outcome is there, before the map is told. */
export function chunkParcel(chunk: Chunk, over: () => void): Parcel {
  const { run, start, end } = chunk
  return {
    items: end - start,
    sections: run.rows.slice(start, end).map(packColumn),
    limitMs: limitOf(run.settings),
    read(frame, sections, overheadMs) {
      const outcomes = readOutcomes(frame, sections, start, chunk.length)
      return () => {
        over()
        run.report(0, chunk, outcomes.items, { execMs: outcomes.execMs }, overheadMs)
        const { items, values, failures } = outcomes
        if (items > 0) run.settle({ start, values, ...(failures !== undefined && { failures }) })
        const rest = { start: start + items, end }
        if (run.settings.errors === 'raise' && failures !== undefined) run.drop(rest)
        else run.giveBack(rest)
      }
    },
    failed(reason) {
      over()
      const failures = new Map<number, unknown>()
      for (let row = start; row < end; row++) {
        const error = copyOf(reason)
        placeError(error, { index: row })
        failures.set(row, error)
      }
      run.lost()
      run.settle({ start, values: { length: end - start }, failures })
    },
  }
}

function limitOf({ itemTimeout }: MapSettings): number {
  return itemTimeout === undefined ? 0 : Math.min(0xffffffff, Math.ceil(itemTimeout))
}

/** What a result says of the first rows of a chunk; `what` an error calls one of them. Errors: FrameError, and others, for what does not fit. */
export function readOutcomes(
  frame: Frame,
  sections: readonly Section[],
  start: number,
  rows: number,
  what: (row: number) => string = (row) => `item ${row}`,
): { items: number; execMs: number; values: ArrayLike<unknown>; failures: Map<number, unknown> | undefined } {
  const { items } = frame
  const [list, failed] = sections
  if (items > rows || list === undefined || (failed !== undefined && failed.form !== FORM.failures)) {
    throw new FrameError(`a chunk of ${rows} rows has as many outcomes at most, got ${items}`)
  }
  const execMs = execMsOf(frame)
  const { values, failures: unread } = unpackValues(list, items)
  const failures =
    failed === undefined ? new Map<number, unknown>() : unpackFailures(failed, start, textOf(frame, EXTENSION.host))
  for (const [row, error] of unread ?? []) {
    if (failures.has(start + row)) continue
    placeError(error, { index: start + row })
    failures.set(start + row, error)
  }
  for (const row of failures.keys()) {
    if (!(row >= start && row < start + items))
      throw new FrameError(`row ${row - start} of a chunk of ${items} cannot fail`)
  }
  for (const [row, error] of failures)
    if (error instanceof WorkerDiedError) retell(error, `item ${row - start}`, what(row))
  return { items, execMs, values, failures: failures.size > 0 ? failures : undefined }
}

/** The death of a worker says what it ran: there that was a row of the chunk, here it is one of the map. */
function retell(death: WorkerDiedError, there: string, here: string): void {
  const { message, stack } = death
  const ending = ` while it ran ${there}`
  if (!message.endsWith(ending)) return
  const told = `${message.slice(0, -ending.length)} while it ran ${here}`
  death.message = told
  if (stack !== undefined) death.stack = stack.replace(message, () => told)
}

/** An error of its own for each row: each says its index. */
function copyOf(reason: unknown): unknown {
  if (!(reason instanceof Error)) return reason
  return Object.create(Object.getPrototypeOf(reason), Object.getOwnPropertyDescriptors(reason))
}
