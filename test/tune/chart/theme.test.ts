import { describe, expect, it } from 'vitest'
import { chartStyle, contrast, DARK, LIGHT } from '../../../src/tune/chart/theme.ts'

type Colour = [number, number, number]

/** What is seen of red, green and blue. Source: Machado, Oliveira and Fernandes, 2009, table 1, severity 1. */
const SIGHTS: Record<string, Colour[]> = {
  'all colours seen': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

/** Linear red, green and blue of `#rrggbb`, as seen. */
function seenWith(colour: string, sight: Colour[]): Colour {
  const linear = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return sight
    .map((row) => row.reduce((sum, weight, i) => sum + weight * linear[i]!, 0))
    .map((value) => Math.min(1, Math.max(0, value))) as Colour
}

/** CIE 1976 colour difference, D65; 2.3 is just noticeable. */
function distance(a: Colour, b: Colour): number {
  const [one, other] = [a, b].map(labOf)
  return Math.hypot(...one!.map((value, i) => value - other![i]!))
}

function labOf([r, g, b]: Colour): Colour {
  const f = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 / 116) * t + 16 / 116)
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047)
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b)
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

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

  it.each(Object.entries(SIGHTS))('has a colour for auto that is told from the others with %s', (_, sight) => {
    const seen = [curve, auto, text].map((colour) => seenWith(colour, sight))
    for (const [i, one] of seen.entries()) {
      for (const other of seen.slice(i + 1)) expect(distance(one, other)).toBeGreaterThan(25)
    }
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
