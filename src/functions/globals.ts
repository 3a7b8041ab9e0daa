/**
 * The names that a function sent to a worker may use without declaring them: the same in every thread and process of one Node.
 * A name that only some versions have stands here too: where it is missing, the plain call fails alike.
 *
 * Not here, on purpose: `eval`, which can reach any name around it; `require`, `module` and `exports`, which belong to one module;
 * `localStorage` and `sessionStorage`, which warn when they are read.
 */

/** JavaScript's own values that no package exports under the same name. */
export const languageGlobals: ReadonlySet<string> = new Set(
  words(`
    Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView FinalizationRegistry Float16Array Float32Array
    Float64Array Function Infinity Int16Array Int32Array Int8Array Intl JSON Math NaN Number Object Proxy Reflect RegExp
    SharedArrayBuffer String Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakRef
    AggregateError Error EvalError RangeError ReferenceError SuppressedError SyntaxError TypeError URIError
    decodeURI decodeURIComponent encodeURI encodeURIComponent escape globalThis isFinite isNaN parseFloat parseInt undefined unescape
  `),
)

/**
 * Names that packages and Node's own modules export as well, often with another meaning: `import crypto from 'node:crypto'`,
 * `import { setTimeout } from 'node:timers/promises'`, `import { Map } from 'immutable'`. A function may use them if they are the
 * global ones where it was written.
 */
export const hostGlobals: ReadonlySet<string> = new Set(
  words(`
    AsyncDisposableStack Date DisposableStack Iterator Map Promise Set Symbol Temporal WeakMap WeakSet
    AbortController AbortSignal Blob BroadcastChannel Buffer ByteLengthQueuingStrategy CloseEvent CompressionStream
    CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DecompressionStream ErrorEvent Event EventTarget File FormData
    Headers MessageChannel MessageEvent MessagePort Navigator Performance PerformanceEntry PerformanceMark PerformanceMeasure
    PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming QuotaExceededError ReadableByteStreamController
    ReadableStream ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableStreamDefaultController ReadableStreamDefaultReader
    Request Response SubtleCrypto TextDecoder TextDecoderStream TextEncoder TextEncoderStream TransformStream
    TransformStreamDefaultController URL URLPattern URLSearchParams WebAssembly WebSocket WritableStream
    WritableStreamDefaultController WritableStreamDefaultWriter
    atob btoa clearImmediate clearInterval clearTimeout console crypto fetch global navigator performance process queueMicrotask
    setImmediate setInterval setTimeout structuredClone
  `),
)

function words(list: string): string[] {
  return list.trim().split(/\s+/)
}
