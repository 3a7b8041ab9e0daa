/** What lanewise throws. Texts that CPython has are CPython's; every `code` begins with `ERR_LANEWISE_`. */

export interface LanewiseErrorOptions extends ErrorOptions {
  code?: string
}

/** The root of every error of ours. `code` names the kind for programs, `index` the item for people. */
export class LanewiseError extends Error {
  readonly code: string
  /** The item of the map that this error belongs to, where there is one. */
  declare index?: number

  constructor(message: string, options?: LanewiseErrorOptions) {
    super(message, options)
    this.code = options?.code ?? 'ERR_LANEWISE'
  }

  static {
    nameClass(this, 'LanewiseError')
  }
}

/** The call was cancelled before it began, or the map that it belongs to was left. */
export class CancelledError extends LanewiseError {
  constructor(message = '', options?: ErrorOptions) {
    super(message, { code: 'ERR_LANEWISE_CANCELLED', ...options })
  }

  static {
    nameClass(this, 'CancelledError')
  }
}

/** A deadline passed: of a map, of an item (`itemTimeout`), or of a wait. */
export class TimeoutError extends LanewiseError {
  constructor(message = '', options?: ErrorOptions) {
    super(message, { code: 'ERR_LANEWISE_TIMEOUT', ...options })
  }

  static {
    nameClass(this, 'TimeoutError')
  }
}

/** The object is in no state for this call: a future set twice, a MapResult read in two ways. */
export class InvalidStateError extends LanewiseError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, { code: 'ERR_LANEWISE_INVALID_STATE', ...options })
  }

  static {
    nameClass(this, 'InvalidStateError')
  }
}

/** The executor takes no more calls. */
export class ShutdownError extends LanewiseError {
  constructor(message = 'cannot schedule new futures after shutdown', options?: ErrorOptions) {
    super(message, { code: 'ERR_LANEWISE_SHUTDOWN', ...options })
  }

  static {
    nameClass(this, 'ShutdownError')
  }
}

/** The executor lost what it needs to go on: an initializer failed, or a worker died under `onWorkerDeath: 'break'`. */
export class BrokenExecutor extends LanewiseError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, { code: 'ERR_LANEWISE_BROKEN', ...options })
  }

  static {
    nameClass(this, 'BrokenExecutor')
  }
}

/** A thread pool is broken; the text is CPython's. */
export class BrokenThreadPool extends BrokenExecutor {
  static {
    nameClass(this, 'BrokenThreadPool')
  }
}

/** A process pool is broken; the text is CPython's. */
export class BrokenProcessPool extends BrokenExecutor {
  static {
    nameClass(this, 'BrokenProcessPool')
  }
}

/** The worker that ran the call ended: it exited, was killed, or ran out of memory. */
export class WorkerDiedError extends LanewiseError {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null

  constructor(message: string, options?: ErrorOptions & { exitCode?: number | null; signal?: NodeJS.Signals | null }) {
    super(message, { code: 'ERR_LANEWISE_WORKER_DIED', ...options })
    this.exitCode = options?.exitCode ?? null
    this.signal = options?.signal ?? null
  }

  static {
    nameClass(this, 'WorkerDiedError')
  }
}

/** A function that cannot be handed to a worker; the message says why and lists the ways out. */
export class FunctionError extends LanewiseError {
  constructor(message: string, options?: ErrorOptions & { code?: string }) {
    super(message, { code: 'ERR_LANEWISE_FUNCTION', ...options })
  }

  static {
    nameClass(this, 'FunctionError')
  }
}

/** A function that is no kernel: the rule that it breaks, where, and the way out. Lines and columns count from 1, in the function's own text or file. */
export class KernelSyntaxError extends LanewiseError {
  readonly line: number
  readonly column: number
  /** The lines around, marked; the message ends with it. */
  readonly frame: string

  constructor(message: string, place: { line: number; column: number; frame: string }, options?: ErrorOptions) {
    super(`${message}\n\n${place.frame}`, { code: 'ERR_LANEWISE_KERNEL_SYNTAX', ...options })
    this.line = place.line
    this.column = place.column
    this.frame = place.frame
  }

  static {
    nameClass(this, 'KernelSyntaxError')
  }
}

/** An error whose class the caller does not know; `name` is the one it had in the worker. */
export class RemoteError extends LanewiseError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, { code: 'ERR_LANEWISE_REMOTE', ...options })
  }

  static {
    nameClass(this, 'RemoteError')
  }
}

// On the prototype, as JavaScript's own classes have it: an own `name` would travel as a field.
function nameClass(of: { prototype: Error }, name: string): void {
  Object.defineProperty(of.prototype, 'name', { value: name, configurable: true, writable: true })
}
