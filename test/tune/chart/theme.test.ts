import { describe, expect, it } from 'vitest'
import { chartStyle, contrast, DARK, LIGHT } from '../../../src/tune/chart/theme.ts'

describe('contrast', () => {
  it('is 21 between black and white, 1 of a colour with itself, and 4.54 of #767676 on white', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 9)
    expect(contrast('#123456', '#123456')).toBe(1)
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2)
  })
})

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('the %s theme', (_, theme) => {
  const { page, panel, valley, text, muted, curve, auto, other, axis, order } = theme

  it('has marks with a contrast of 3:1 to what is behind them', () => {
    for (const mark of [curve, auto, other, axis, ...order]) expect(contrast(mark, page)).toBeGreaterThanOrEqual(3)
    for (const mark of [curve, auto]) expect(contrast(mark, valley)).toBeGreaterThanOrEqual(3)
  })

  it('has texts with a contrast of 4.5:1', () => {
    for (const behind of [page, panel, valley]) expect(contrast(text, behind)).toBeGreaterThanOrEqual(4.5)
    for (const colour of [muted, curve, auto]) expect(contrast(colour, page)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(auto, valley)).toBeGreaterThanOrEqual(4.5)
  })

  it('tells the steps of its ramp apart by lightness alone, away from the page', () => {
    const steps = order.map((colour) => contrast(colour, page))
    const growth = steps.slice(1).map((step, i) => step / steps[i]!)
    expect(Math.min(...growth)).toBeGreaterThan(1.15)
  })

  it('writes on each step of the ramp with a contrast of 4.5:1', () => {
    const style = chartStyle()
    for (const colour of order) {
      const [, i] = new RegExp(`--order-(\\d):${colour}`).exec(style) ?? []
      const block = style.slice(style.indexOf(`--order-${i}:${colour}`))
      const [, on] = new RegExp(`--on-${i}:(#\\w+)`).exec(block) ?? []
      expect(contrast(colour, on!)).toBeGreaterThanOrEqual(4.5)
    }
  })
})
