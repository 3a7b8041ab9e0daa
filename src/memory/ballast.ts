/** By its shared buffer. Held by nothing else, so it goes when the buffer does. */
const ballast = new WeakMap<SharedArrayBuffer, ArrayBuffer>()

/** Smaller buffers are seen well enough by the objects around them, and would cost a page of addresses each. */
const LEAST_BYTES = 65_536

/**
 * Makes a shared buffer whose weight the garbage collector knows.
 *
 * V8 does not count the memory of a SharedArrayBuffer, so thousands of dropped ones may stand around unnoticed. Beside each
 * lies an ArrayBuffer of the same size that is never touched: it costs addresses and no memory, but it is counted. A
 * resizable one, since that is reserved by whole pages: memory for a plain one would be used again by the allocator, and
 * cleared, which touches it (1,000 dropped arrays of 8 MB stood at 340 to 550 MB with plain ones, 160 to 370 with these,
 * 8 GB without; Node 20 to 26).
 */
export function newSharedBuffer(byteLength: number): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(byteLength)
  if (byteLength >= LEAST_BYTES) ballast.set(buffer, new ArrayBuffer(byteLength, { maxByteLength: byteLength }))
  return buffer
}
