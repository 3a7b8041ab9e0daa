/**
 * What hosts and submitters tell all who listen, as JSON: small, seldom, and read by people with `nats sub`. Whoever reads them trusts nothing in them.
 */

/** From a host, every 2 s. */
export interface Beacon {
  readonly host: string
  readonly slots: number
  readonly free: number
  /** The lowest and the highest version of frames that it reads. */
  readonly frames: readonly [number, number]
  readonly node: string
  readonly lanewise: string
  readonly draining: boolean
  /** Chunks that it holds, as `run/chunk`. */
  readonly held: readonly string[]
  readonly done: number
}

/** From a submitter: every 5 s, so that hosts know it is alive; and, three times over a second, runs that are over. */
export interface Control {
  readonly client: string
  readonly cancel?: readonly string[]
}

export const BEACON_MS = 2000
export const ALIVE_MS = 5000
/** A host that missed three beacons is not counted any more. Larger: the window is too wide for longer; smaller: a busy host blinks. */
export const HOST_SILENT_MS: number = 3.5 * BEACON_MS
/** A submitter that was not heard for so long is gone, and its runs with it. */
export const CLIENT_SILENT_MS = 30_000

export function encodeNote(note: Beacon | Control): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(note))
}

/** Undefined: it is none. */
export function readBeacon(bytes: Uint8Array): Beacon | undefined {
  const { host, slots, free, frames, node, lanewise, draining, held, done } = fieldsOf(bytes)
  if (typeof host !== 'string' || host === '' || !isCount(slots) || slots > 65_536 || !isCount(free)) return undefined
  return {
    host,
    slots,
    free,
    frames: Array.isArray(frames) && frames.every(isCount) ? [frames[0] ?? 1, frames[1] ?? 1] : [1, 1],
    node: String(node),
    lanewise: String(lanewise),
    draining: draining === true,
    held: textsOf(held),
    done: isCount(done) ? done : 0,
  }
}

/** Undefined: it is none. */
export function readControl(bytes: Uint8Array): Control | undefined {
  const { client, cancel } = fieldsOf(bytes)
  return typeof client === 'string' && client !== '' ? { client, cancel: textsOf(cancel) } : undefined
}

function fieldsOf(bytes: Uint8Array): Record<string, unknown> {
  try {
    return Object(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    return {}
  }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
