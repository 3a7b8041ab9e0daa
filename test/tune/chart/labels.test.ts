import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Box, drawLabels, isInside, type Label, overlaps, placeLabels } from '../../../src/tune/chart/labels.ts'

const FRAME: Box = { left: 40, top: 20, right: 340, bottom: 260 }

const label: fc.Arbitrary<Label> = fc.record({
  text: fc.string({ minLength: 1, maxLength: 24, unit: 'grapheme' }),
  x: fc.double({ min: -50, max: 400, noNaN: true }),
  y: fc.double({ min: -50, max: 300, noNaN: true }),
  priority: fc.nat(9),
})

describe('placeLabels', () => {
  it('lets no two labels overlap, and keeps each inside the frame, wherever their points are', () => {
    fc.assert(
      fc.property(fc.array(label, { maxLength: 40 }), fc.constantFrom(9, 12, 13), (labels, size) => {
        const placed = placeLabels(labels, FRAME, size)
        for (const [i, { box }] of placed.entries()) {
          expect(isInside(box, FRAME)).toBe(true)
          for (const other of placed.slice(i + 1)) expect(overlaps(box, other.box)).toBe(false)
        }
      }),
    )
  })

  it('gives up the least important where there is no room for all', () => {
    const labels = Array.from({ length: 200 }, (_, i) => ({ text: 'a label', x: 190, y: 140, priority: i }))
    const kept = placeLabels(labels, FRAME, 12).map(({ label: { priority } }) => priority)
    expect(kept.length).toBeGreaterThan(5)
    expect(Math.min(...kept)).toBe(200 - kept.length)
  })

  it('keeps marks free where it can', () => {
    const mark = { left: 150, top: 100, right: 230, bottom: 138 }
    const [placed] = placeLabels([{ text: 'a', x: 190, y: 140, priority: 1 }], FRAME, 12, [mark])
    expect(overlaps(placed!.box, mark)).toBe(false)
  })

  it('joins a label that is far from its point with it by a line', () => {
    const labels = Array.from({ length: 30 }, (_, i) => ({ text: 'a label', x: 190, y: 140, priority: -i }))
    const placed = placeLabels(labels, FRAME, 12)
    expect(drawLabels(placed, 12).match(/<line class="leader"/g)).toHaveLength(
      placed.filter(({ isFar }) => isFar).length,
    )
    expect(placed.some(({ isFar }) => isFar)).toBe(true)
  })
})
