import { describe, expect, it } from 'vitest'
import { Served } from '../../src/cluster/blobs.ts'
import { FORM } from '../../src/cluster/frame.ts'
import { KeptResults } from '../../src/cluster/kept.ts'
import { type Payload, payloadOf } from '../../src/cluster/payload.ts'
import { VirtualClock } from './twin.ts'

const MIB = 2 ** 20

/** Results that a host serves, and whether it still does. */
function results(count: number): { payloads: Payload[]; areServed: () => boolean[] } {
  const served = new Served()
  const bytes = new Uint8Array(MIB)
  const payloads = Array.from({ length: count }, () =>
    payloadOf([{ element: 0, form: FORM.numbers, bytes }], 'h', served),
  )
  const names = payloads.map(({ extensions }) => Buffer.from(extensions[0]!.bytes.subarray(0, 32)).toString('hex'))
  return { payloads, areServed: () => names.map((name) => served.piece(name, 0, 8).length > 0) }
}

describe('results that are fetched', () => {
  it('are kept for a minute', () => {
    const clock = new VirtualClock()
    const kept = new KeptResults(clock, 1)
    const { payloads, areServed } = results(2)
    for (const payload of payloads) kept.add(payload, MIB)
    while (clock.step(59_000));
    expect(areServed()).toEqual([true, true])
    while (clock.step(61_000));
    expect(areServed()).toEqual([false, false])
  })

  it('make room for later ones, beyond 256 MiB, but for the latest, however large', () => {
    const kept = new KeptResults(new VirtualClock(), 2)
    const { payloads, areServed } = results(5)
    for (const payload of payloads.slice(0, 3)) kept.add(payload, 128 * MIB)
    expect(areServed()).toEqual([false, true, true, true, true])
    for (const payload of payloads.slice(3)) kept.add(payload, 1024 * MIB)
    expect(areServed()).toEqual([false, false, false, true, true])
  })
})
