/** Asks for bytes `[offset, offset + length)` of what is served under a hash: u64 and u32. */
export function pieceRequest(offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(12)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(offset), true)
  view.setUint32(8, length, true)
  return bytes
}

/** Undefined: it is no request. */
export function readPieceRequest(bytes: Uint8Array): { offset: number; length: number } | undefined {
  if (bytes.length !== 12) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, 12)
  const offset = Number(view.getBigUint64(0, true))
  return Number.isSafeInteger(offset) ? { offset, length: view.getUint32(8, true) } : undefined
}
