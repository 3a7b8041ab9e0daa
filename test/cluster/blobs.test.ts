import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type FetchPiece, fetchBlob, fetchHashed, PIECE, Served } from '../../src/cluster/blobs.ts'
import { BrokerError } from '../../src/cluster/errors.ts'

const name = new Uint8Array(32).fill(7)

/** Fetches from these, as a link would. */
function from(served: Served): FetchPiece {
  return async (_owner, hash, offset, length) => served.piece(hash, offset, length)
}

describe('bytes that are served', () => {
  it('come as they lie, whatever parts they are in', async () => {
    for (const lengths of [[0], [1], [PIECE - 1, 2], [PIECE], [3, 2 * PIECE + 1, 0, 5], [PIECE, PIECE]]) {
      const parts = lengths.map((length, i) => Uint8Array.from({ length }, (_, at) => at % (7 + i)))
      const served = new Served()
      served.hold(name, parts)
      const whole = Buffer.concat(parts)
      const fetched = await fetchBlob(from(served), 'owner', name, whole.length)
      expect(Buffer.compare(fetched, whole)).toBe(0)
    }
  })

  it('are served until all who hold them let go', async () => {
    const served = new Served()
    served.hold(name, [Uint8Array.of(1)])
    served.hold(name, [Uint8Array.of(1)])
    served.release(name)
    expect(await fetchBlob(from(served), 'owner', name, 1)).toEqual(Uint8Array.of(1))
    served.release(name)
    await expect(fetchBlob(from(served), 'owner', name, 1)).rejects.toThrow(BrokerError)
  })

  it('by their hash are compared with it', async () => {
    const bytes = Uint8Array.of(1, 2, 3)
    const hash = createHash('sha256').update(bytes).digest()
    const served = new Served()
    served.hold(hash, [bytes])
    expect(await fetchHashed(from(served), 'owner', hash, 3)).toEqual(bytes)
    bytes[1] = 9
    await expect(fetchHashed(from(served), 'owner', hash, 3)).rejects.toThrow('owner served other bytes than')
  })
})
