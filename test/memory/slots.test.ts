import { describe, expect, it } from 'vitest'
import { SLOTS, STOP } from '../../src/memory/control.ts'
import { ControlBlock, type Slot } from '../../src/memory/slots.ts'

const settings = { rows: 100, workers: 4, chunksize: undefined, deadline: Number.POSITIVE_INFINITY, longestMs: 100 }

function take(block: ControlBlock): Slot {
  let taken: Slot | undefined
  block.acquire((slot) => {
    taken = slot
  })
  if (taken === undefined) throw new Error('there is a free slot')
  return taken
}

describe('the slots of the control block', () => {
  it('are as many as the block has, each a memory of its own, one of them for a caller that blocks', () => {
    const block = new ControlBlock()
    const slots = Array.from({ length: SLOTS - 1 }, () => take(block))
    const got: Slot[] = []
    block.acquire((slot) => got.push(slot))
    expect(got).toHaveLength(0)
    block.acquire((slot) => got.push(slot), true)
    expect(new Set([...slots, ...got].map(({ address }) => address)).size).toBe(SLOTS)
    block.release(got[0] as Slot)
    block.acquire((slot) => got.push(slot), true)
    expect(got[1]).toBe(got[0])
    // What blocks inside of it waits with the others.
    block.acquire((slot) => got.push(slot), true)
    expect(got).toHaveLength(2)
    slots[0]?.begin(settings)
    slots[1]?.begin(settings)
    slots[0]?.stop(STOP.cancelled)
    expect(slots[1]?.stopped).toBe(STOP.none)
  })

  it('go to those who wait, in order, once others give theirs back', () => {
    const block = new ControlBlock()
    const slots = Array.from({ length: SLOTS - 1 }, () => take(block))
    const got: string[] = []
    block.acquire(() => got.push('first'))
    const giveUp = block.acquire(() => got.push('second'))
    block.acquire(() => got.push('third'))
    giveUp()
    for (const slot of slots.slice(0, 2)) block.release(slot)
    expect(got).toEqual(['first', 'third'])
  })

  it('are released once', () => {
    const block = new ControlBlock()
    const slot = take(block)
    block.release(slot)
    expect(() => block.release(slot)).toThrow('lanewise is at fault')
  })

  it('begin each map fresh, with another generation', () => {
    const slot = take(new ControlBlock())
    slot.begin(settings)
    const { generation } = slot
    slot.stop(STOP.broken)
    slot.begin({ ...settings, from: 30 })
    expect(slot.generation).toBe(generation + 1)
    expect(slot.stopped).toBe(STOP.none)
    expect(slot.ready()).toBe(30)
    expect(slot.done).toBe(30)
    expect(slot.hasWork).toBe(true)
    expect(slot.work).toEqual({ chunks: 0, givenBack: 0, busyMs: 0 })
  })

  it('keep the first reason to stop', () => {
    const slot = take(new ControlBlock())
    slot.begin(settings)
    expect(slot.stop(STOP.deadline)).toBe(STOP.deadline)
    expect(slot.stop(STOP.cancelled)).toBe(STOP.deadline)
  })
})
