import { LanewiseError } from '../errors.ts'

/** A chunk ended the hosts that ran it, so often that it is not tried again. */
export class ChunkCrashedError extends LanewiseError {
  /** Hosts that were seen to hold it; one that died within moments may be missing. */
  readonly hosts: readonly string[]
  /** How often it was delivered. */
  readonly deliveries: number

  constructor(message: string, options: ErrorOptions & { hosts: readonly string[]; deliveries: number }) {
    super(message, { code: 'ERR_LANEWISE_CHUNK_CRASHED', ...options })
    this.hosts = options.hosts
    this.deliveries = options.deliveries
  }

  static {
    named(this, 'ChunkCrashedError')
  }
}

/** No host of the pool has been heard for `noWorkersTimeout`. */
export class NoWorkersError extends LanewiseError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, { code: 'ERR_LANEWISE_NO_WORKERS', ...options })
  }

  static {
    named(this, 'NoWorkersError')
  }
}

/** The broker cannot be reached, refuses, or lacks what is needed; the message says what to do. */
export class BrokerError extends LanewiseError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, { code: 'ERR_LANEWISE_BROKER', ...options })
  }

  static {
    named(this, 'BrokerError')
  }
}

/** Bytes that are no frame. `isOtherVersion`: another lanewise may be able to read them. */
export class FrameError extends LanewiseError {
  readonly isOtherVersion: boolean

  constructor(message: string, options?: { isOtherVersion?: boolean }) {
    super(message, { code: 'ERR_LANEWISE_FRAME' })
    this.isOtherVersion = options?.isOtherVersion === true
  }

  static {
    named(this, 'FrameError')
  }
}

/** Every host refuses to run it; `reasons` says why, a line a host. */
export class RefusedByHostsError extends LanewiseError {
  readonly reasons: readonly string[]

  constructor(message: string, options: { reasons: readonly string[] }) {
    super(message, { code: 'ERR_LANEWISE_REFUSED_BY_HOSTS' })
    this.reasons = options.reasons
  }

  static {
    named(this, 'RefusedByHostsError')
  }
}

function named(of: { prototype: Error }, name: string): void {
  Object.defineProperty(of.prototype, 'name', { value: name, configurable: true, writable: true })
}
