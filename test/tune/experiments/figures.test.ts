import { describe, expect, it } from 'vitest'
import { barsFigure } from '../../../src/tune/experiments/figures/bars.ts'
import { linesFigure } from '../../../src/tune/experiments/figures/lines.ts'
import { count, duration, percent } from '../../../src/tune/numerals.ts'

const head = { name: 'made', title: 'A <figure> & its "title"', finding: 'Something is seen.' }

/** What a browser would refuse or draw nowhere. */
function expectSound(svg: string): void {
  expect(svg).toMatch(/^<svg [^>]*role="img"/)
  expect(svg).not.toMatch(/NaN|Infinity|undefined|null/)
  expect(svg).toContain('A &lt;figure&gt; &amp; its')
  const height = Number(/viewBox="0 0 840 (\d+)"/.exec(svg)?.[1])
  for (const [, y] of svg.matchAll(/ (?:y|y1|y2|cy)="([\d.-]+)"/g)) {
    expect(Number(y)).toBeGreaterThanOrEqual(0)
    expect(Number(y)).toBeLessThanOrEqual(height)
  }
  for (const [, x] of svg.matchAll(/ (?:x|x1|x2|cx)="([\d.-]+)"/g)) {
    expect(Number(x)).toBeGreaterThanOrEqual(0)
    expect(Number(x)).toBeLessThanOrEqual(840)
  }
  const opened = [...svg.matchAll(/<([a-z]+)[ >][^>]*?(\/)?>/g)].filter(([, , short]) => short === undefined)
  expect([...svg.matchAll(/<\/[a-z]+>/g)].length).toBe(opened.length)
}

describe('figures of lines', () => {
  const axis = { title: 'time', isLog: true, format: duration }

  it('names each series, and marks all points', () => {
    const series = [
      {
        name: 'auto',
        look: 'auto' as const,
        points: [
          { x: 1, y: 2, low: 1, high: 3 },
          { x: 10, y: 20 },
        ],
      },
      {
        name: 'other',
        look: 'plain' as const,
        points: [
          { x: 1, y: 5 },
          { x: 10, y: 6 },
        ],
      },
    ]
    const { name, svg } = linesFigure({ ...head, x: axis, y: axis, series })
    expect(name).toBe('made')
    expectSound(svg)
    expect(svg).toMatch(/>auto</)
    expect(svg).toMatch(/>other</)
    expect([...svg.matchAll(/<circle /g)].length).toBe(4)
  })

  it('stand for no point, one point, and points that are all alike', () => {
    for (const points of [
      [],
      [{ x: 3, y: 3 }],
      [
        { x: 3, y: 3 },
        { x: 3, y: 3 },
      ],
    ]) {
      for (const isLog of [true, false]) {
        const its = { ...axis, isLog }
        expectSound(linesFigure({ ...head, x: its, y: its, series: [{ name: 'auto', look: 'auto', points }] }).svg)
      }
    }
  })
})

describe('figures of bars', () => {
  it.each([true, false])('have a bar a value, below 0 too, isLog %s', (isLog) => {
    const bars = [
      { name: 'auto', value: 0.05, low: 0.01, high: 0.1, isAuto: true },
      {
        name: 'N/P, a name that is far too long for the room that there is beside the bars of a figure',
        value: 3,
        isAuto: false,
      },
      { name: 'lucky', value: isLog ? 1e-3 : -0.2, isAuto: false },
    ]
    const { svg } = barsFigure({
      ...head,
      x: { title: 'regret', isLog, format: percent },
      groups: [{ name: 'quiet', bars }],
    })
    expectSound(svg)
    expect([...svg.matchAll(/class="dot( auto)?"/g)].length).toBe(3)
    expect(svg).toMatch(/>5 %</)
    for (const [, width] of svg.matchAll(/ width="([\d.-]+)"/g)) expect(Number(width)).toBeGreaterThanOrEqual(0)
  })

  it('stand for no group', () => {
    expectSound(barsFigure({ ...head, x: { title: 'items', isLog: false, format: count }, groups: [] }).svg)
  })
})
