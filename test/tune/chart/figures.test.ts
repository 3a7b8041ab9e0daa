import { describe, expect, it } from 'vitest'
import { figuresOf } from '../../../src/tune/chart/figures.ts'
import { type Figure, NARROW, WIDE } from '../../../src/tune/chart/layout.ts'
import { standalone } from '../../../src/tune/chart/standalone.ts'
import type { TuneResult } from '../../../src/tune/result.ts'
import { extreme, fixture, large, single } from '../fixture.ts'

const full = fixture({ moreWorkers: [1, 2, 8], moreItems: [200, 1000, 2500, 20_000] })

function drawnOf(result: TuneResult): Figure[] {
  return figuresOf(result).filter((figure) => !('missing' in figure)) as Figure[]
}

describe.each(drawnOf(full).map((figure) => [figure.id, figure] as const))('the figure %s', (id, figure) => {
  it.each([WIDE, NARROW])('is drawn $name as it was', async (layout) => {
    await expect(standalone(figure.draw(layout))).toMatchFileSnapshot(`../golden/${id}-${layout.name}.svg`)
  })

  it('says what is seen in it, with numbers of the data', () => {
    expect(figure.finding).toMatch(/\d.*\.$/)
    expect(figure.table.rows.length).toBeGreaterThan(0)
    for (const row of figure.table.rows) expect(row).toHaveLength(figure.table.columns.length)
  })
})

describe.each([
  ['a usual result', full],
  ['an extreme one', extreme()],
  ['a single run', single()],
  ['a large one', large()],
  ['several engines', fixture({ engines: ['threads', 'processes', 'inline'], items: 2000 })],
  ['a constant', { ...full, runs: full.runs.map((run) => ({ ...run, makespanMs: 5 })) }],
  ['nothing but zeros', { ...full, runs: full.runs.map((run) => ({ ...run, makespanMs: 0, firstMs: 0, chunks: 0 })) }],
])('the figures of %s', (_, result) => {
  it.each([WIDE, NARROW])('have every mark inside their frame, $name', (layout) => {
    for (const figure of drawnOf(result)) {
      const svg = figure.draw(layout)
      expect(svg).not.toMatch(/NaN|Infinity|undefined/)
      const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number)
      for (const [, name, value] of svg.matchAll(/ (x|x1|x2|cx|y|y1|y2|cy)="([^"]*)"/g)) {
        expect(Number(value)).toBeGreaterThanOrEqual(0)
        expect(Number(value)).toBeLessThanOrEqual(name!.includes('x') ? width! : height!)
      }
      for (const [, path] of svg.matchAll(/ d="([^"]*)"/g)) {
        for (const [, x, y] of path!.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)) {
          expect(Number(x)).toBeGreaterThanOrEqual(0)
          expect(Number(x)).toBeLessThanOrEqual(width!)
          expect(Number(y)).toBeGreaterThanOrEqual(0)
          expect(Number(y)).toBeLessThanOrEqual(height!)
        }
      }
    }
  })
})
