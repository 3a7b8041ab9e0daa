/** What the twins of CPython's tests run in workers. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { block, mark, until } from '../support/board.mjs'
import { workerId } from '../support/calls.mjs'

/** @import { Place } from '../support/board.mjs' */

/**
 * @param {number} a
 * @param {number} b
 */
export function multiply(a, b) {
  return a * b
}

/** @param {...unknown} args */
export function capture(...args) {
  return args
}

/**
 * @template T
 * @param {T} value
 * @returns {T}
 */
export function identity(value) {
  return value
}

/**
 * Python's divmod, with its error.
 *
 * @param {number} a
 * @param {number} b
 * @returns {[quotient: number, remainder: number]}
 */
export function divmod(a, b) {
  if (b === 0) throw new RangeError('integer division or modulo by zero')
  return [Math.floor(a / b), a - b * Math.floor(a / b)]
}

class TimeoutError extends Error {
  static {
    Object.defineProperty(TimeoutError.prototype, 'name', { value: 'TimeoutError' })
  }
}

/** @param {number} i */
export function timeoutOnOne(i) {
  if (i === 1) throw new TimeoutError('mine')
  return i
}

/** @param {unknown} what */
export function throwThis(what) {
  throw what
}

/** @param {number} i */
export function makeObject(i) {
  return { i }
}

/**
 * Says by count `begun` that it has begun, waits in here until count `gate` has come to 1, and says which worker this is.
 *
 * @param {Place} place
 * @param {number} begun
 * @param {number} gate
 */
export function nameAt(place, begun, gate) {
  mark(place, begun)
  block(place, gate)
  return workerId()
}

/**
 * As `blockAt`, but it throws then.
 *
 * @param {Place} place
 * @param {number} begun
 * @param {number} gate
 */
export function throwAt(place, begun, gate) {
  mark(place, begun)
  block(place, gate)
  throw new Error('this is an exception')
}

/**
 * As `throwAt`, but the worker's event loop goes on.
 *
 * @param {Place} place
 * @param {number} begun
 * @param {number} gate
 */
export async function throwLater(place, begun, gate) {
  mark(place, begun)
  await until(place, gate)
  throw new Error('this is an exception')
}

export function runtimeError() {
  throw new RangeError('123') // some comment
}

export function errorWithCause() {
  throw new RangeError('outer', { cause: new TypeError('inner') })
}

class Unbuildable extends Error {
  /**
   * @param {string} first
   * @param {string} second
   */
  constructor(first, second) {
    super(`${first}-${second}`)
  }
}

export function throwUnbuildable() {
  throw new Unbuildable('a', 'b')
}

class Exiting extends Error {}

export function throwExiting() {
  throw new Exiting('told')
}

// State of a worker: an initializer sets it, calls read it.

/** @type {unknown} */
let state = 'uninitialized'

/** @param {unknown} value */
export function setState(value) {
  state = value
}

export function getState() {
  return state
}

/**
 * Meets `count` others, each on a worker of its own, and says what state this one is in.
 *
 * @param {Place} place
 * @param {number} n
 * @param {number} count
 */
export function meetWithState(place, n, count) {
  mark(place, n)
  block(place, n, count)
  return state
}

export function failInitializer() {
  throw new RangeError('error in initializer')
}

let count = 0

export function countUp() {
  count++
  return count
}

// Ways to die.

/** The hard way: nothing of this process runs any more. */
export function crash() {
  process.kill(process.pid, 'SIGKILL')
  for (;;);
}

/** @param {string} data */
export function crashWithData(data) {
  if (data.length > 0) crash()
}

/** A result that crashes the process when it is sent. */
export function crashAtSending() {
  return {
    get field() {
      return crash()
    },
  }
}

/** A result that ends the worker when it is sent. */
export function exitAtSending() {
  return {
    get field() {
      return process.exit(1)
    },
  }
}

/** A result that throws when it is sent. */
export function throwAtSending() {
  return {
    get field() {
      throw new RangeError('error in sending')
    },
  }
}

/**
 * Waits at a gate, then crashes.
 *
 * @param {Place} place
 * @param {number} begun
 * @param {number} gate
 */
export function crashAt(place, begun, gate) {
  mark(place, begun)
  block(place, gate)
  crash()
}

/**
 * As `crashAt`, for a thread: it ends.
 *
 * @param {Place} place
 * @param {number} begun
 * @param {number} gate
 */
export function exitAt(place, begun, gate) {
  mark(place, begun)
  block(place, gate)
  process.exit(1)
}

/**
 * Says by count `told` when this worker's process gets a SIGTERM, by count `begun` that it has begun, and never ends.
 *
 * @param {Place} place
 * @param {number} begun
 * @param {number} told
 */
export function listenForTerm(place, begun, told) {
  process.on('SIGTERM', () => {
    mark(place, told)
    process.exit(1)
  })
  mark(place, begun)
  return new Promise(() => {})
}

/**
 * Says by count `n` when this worker ends by itself.
 *
 * @param {Place} place
 * @param {number} n
 */
export function markOnExit(place, n) {
  process.once('exit', () => mark(place, n))
}

// Memory.

/** @type {WeakRef<object> | undefined} */
let weak

/** @param {object} value */
export function rememberWeakly(value) {
  weak = new WeakRef(value)
}

/** Resolves when what `rememberWeakly` was given has been collected. */
export async function forgetIt() {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc')
  while (weak?.deref() !== undefined) {
    await new Promise((resolve) => setImmediate(resolve))
    gc()
  }
  return true
}
