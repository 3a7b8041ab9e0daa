import { types } from 'node:util'
import { show } from '../show.ts'
import { findBuiltin } from './builtin.ts'
import { findPlace } from './inspect.ts'
import { findCaptures, readLambda } from './lambda.ts'
import { refOfMark, refOfPlace } from './module.ts'
import { type AnyFunction, type FunctionRef, type ModuleRef, nameOf, sourceOf } from './ref.ts'
import { refuseCaptures, refuseKind } from './refuse.ts'
import { markOf } from './task.ts'

const refs = new WeakMap<AnyFunction, FunctionRef>()

/** The export of a module that `fn` is, self-contained or not; or, as a phrase, why no worker could find it there. */
export function describeByModule(fn: AnyFunction): ModuleRef | string {
  const place = findPlace(fn)
  return place === undefined ? UNSEEN : refOfPlace(fn, place)
}

/** A function that stands for what `ref` names, for executors only: this thread cannot call it. */
export function functionOf(ref: FunctionRef): AnyFunction {
  const handle: AnyFunction = () => {
    throw new TypeError(`${ref.name || 'this function'} is called by workers only`)
  }
  Object.defineProperty(handle, 'name', { value: ref.name, configurable: true })
  refs.set(handle, ref)
  return handle
}

/** Whether `describeFunction` has something to find out, which takes a while. */
export function isNewFunction(fn: unknown): boolean {
  return typeof fn === 'function' && !refs.has(fn as AnyFunction)
}

/**
 * Says how `fn` reaches a worker, the first way that fits:
 *
 *   marked      `task(import.meta, fn)` or a handle of `tasks`      its module, and its place there
 *   built in    Math.sqrt, JSON.parse, gzipSync of node:zlib        the path to it
 *   lambda      it names nothing from outside but globals           its source
 *   exported    from a module that a worker can import              the module, and the export
 *
 * Synchronous, and nothing is imported. The answer is kept as long as the function.
 *
 * Errors: TypeError if `fn` is not a function; FunctionError, before anything is sent, if none fits.
 * Cost:   10 ns for a function seen before; for a new one 7 µs where its text was seen before, 0.1 ms where not, 0.2 ms more where it
 *         uses a global that packages export as well; 5 ms for an export, the first time 25 (Node 20, 2 shared cores).
 */
export function describeFunction(fn: AnyFunction): FunctionRef {
  if (typeof fn !== 'function') {
    throw new TypeError(`fn must be a function, got ${show(fn)}; it comes first, as in map(fn, items)`)
  }
  let ref = refs.get(fn)
  if (ref === undefined) {
    ref = findRef(fn)
    refs.set(fn, ref)
  }
  return ref
}

function findRef(fn: AnyFunction): FunctionRef {
  const source = sourceOf(fn)
  if (types.isProxy(fn)) throw refuseKind(fn, 'a Proxy', 'call it from a function of yours')
  if (types.isGeneratorFunction(fn)) {
    throw refuseKind(
      fn,
      'a generator function, whose answer cannot leave its worker',
      'return an array of what it yields',
    )
  }
  if (/^class\b/.test(source)) {
    throw refuseKind(
      fn,
      'a class, which is not called without new',
      'write a function that calls new and returns plain data',
    )
  }
  const mark = markOf(fn)
  const isLost = mark !== undefined && 'lost' in mark
  if (mark !== undefined && !isLost) return refOfMark(fn, mark)
  return /\{\s*\[native code\]\s*\}$/.test(source) ? refOfNative(fn) : refOfWritten(fn, isLost)
}

function refOfNative(fn: AnyFunction): FunctionRef {
  if (nameOf(fn).startsWith('bound ')) {
    throw refuseKind(fn, 'a bound function, whose parts nobody can read', 'call the original from a function of yours')
  }
  const builtin = findBuiltin(fn)
  if (builtin !== undefined) return builtin
  const what = 'a native function that no path from globalThis or a node: module leads to'
  throw refuseKind(fn, what, 'call it from a function of yours')
}

/** `isLost`: it was marked by `task`, to no avail. */
function refOfWritten(fn: AnyFunction, isLost: boolean): FunctionRef {
  const lambda = readLambda(fn)
  const captures = lambda instanceof Error ? [] : findCaptures(fn, lambda)
  if (!(lambda instanceof Error)) {
    if (captures.length === 0) return lambda.ref
    if (lambda.receiver && lambda.form !== 'function') {
      const what = `${lambda.form === 'method' ? 'a method' : 'an arrow function'} that uses this or super`
      throw refuseKind(fn, what, 'pass the object as an argument')
    }
  }
  const place = findPlace(fn)
  // Node's own functions are JavaScript, too. One of the program's that was put in their place is not what a worker has there.
  const builtin = place === undefined || place.url.startsWith('node:') ? findBuiltin(fn) : undefined
  if (builtin !== undefined) return builtin
  const ref = place === undefined ? UNSEEN : refOfPlace(fn, place)
  if (typeof ref !== 'string') return ref
  const why = isLost ? `${ref}, and its mark is lost: its import.meta has no URL, as in bundles to CommonJS` : ref
  const unread = lambda instanceof Error ? ` (its source cannot be read: ${lambda.message})` : ''
  throw refuseCaptures(fn, captures, place, `${why}${unread}`)
}

const UNSEEN =
  'nothing here tells which module it stands in (no inspector, as under Bun, Jest, vmThreads or --permission)'
