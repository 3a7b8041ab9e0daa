import { type Draws, drawsFrom } from './random-number.ts'

/** Bytes of a binary program, changed by hand or at random. */

/** With `words` in front of the word at byte `at`, and counted in the header. */
export function insertWords(bytes: Uint8Array, at: number, words: readonly number[]): Uint8Array {
  const longer = splice(bytes, at, 0, Buffer.from(new Uint32Array(words).buffer))
  return put(16, word(longer, 16) + words.length)(longer)
}

export function splice(bytes: Uint8Array, at: number, count: number, insert: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, at), ...insert, ...bytes.subarray(at + count)])
}

/** Writes a word. */
export function put(at: number, value: number): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => {
    const changed = bytes.slice()
    new DataView(changed.buffer).setUint32(at, value, true)
    return changed
  }
}

export function word(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true)
}

/** One to three random changes of one of `sources`: mostly such that the header still fits, so that they are seen deep inside. */
export function mutate(seed: number, sources: readonly Uint8Array[]): Uint8Array {
  const draws = drawsFrom(seed)
  let bytes = draws.of(sources)
  for (let changes = draws.of([1, 1, 2, 3]); changes > 0 && bytes.length > 44; changes--) {
    bytes = change(bytes, draws.of(sources), draws)
  }
  return bytes
}

function change(bytes: Uint8Array, other: Uint8Array, draws: Draws): Uint8Array {
  const [from, count] = code(bytes)
  const at = from + 4 * draws.below(count)
  switch (draws.below(16)) {
    case 0: {
      const changed = bytes.slice()
      changed[draws.below(bytes.length)]! ^= 1 << draws.below(8)
      return changed
    }
    case 1:
      return bytes.subarray(0, draws.below(bytes.length))
    case 2:
      return put(4 * draws.below(5), draws.below(2) === 0 ? draws.below(64) : 2 ** 32 - 1 - draws.below(4))(bytes)
    case 3:
      return put(at, draws.below(2 ** 32))(bytes)
    case 4:
      return insertWords(bytes, at, [draws.below(2) === 0 ? draws.below(10) : 0x10 + draws.below(0x90)])
    case 5: {
      const gone = Math.min(1 + draws.below(4), count - (at - from) / 4)
      return put(16, count - gone)(splice(bytes, at, 4 * gone, new Uint8Array()))
    }
    case 6: {
      const [otherFrom, otherCount] = code(other)
      const start = otherFrom + 4 * draws.below(otherCount)
      const length = Math.min(1 + draws.below(6), (otherFrom + 4 * otherCount - start) / 4)
      return insertWords(
        bytes,
        at,
        Array.from({ length }, (_, i) => word(other, start + 4 * i)),
      )
    }
    case 7:
      return put(at, word(bytes, from + 4 * draws.below(count)))(bytes)
    default: // another operation, the operand beside it, another label
      return put(at, (word(bytes, at) + draws.of([-8, -1, 1, 8])) >>> 0)(bytes)
  }
}

/** Where its words are, as far as the header can be believed. */
function code(bytes: Uint8Array): [from: number, count: number] {
  const from = Math.min(20 + 8 * word(bytes, 12), bytes.length - 8)
  return [from, Math.max(1, Math.min(word(bytes, 16), Math.floor((bytes.length - from) / 4) - 1))]
}
