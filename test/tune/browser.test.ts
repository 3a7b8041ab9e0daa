import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeReport } from '../../src/tune/report.ts'
import { Chromium, findChromium, type Page } from './chromium.ts'
import { extreme, fixture, single } from './fixture.ts'

const path = findChromium()
if (path === undefined) console.log('skipped: there is no Chromium; name one in CHROMIUM to look at reports in it')

const RESULTS = {
  'a usual result': fixture({ moreWorkers: [1, 2, 8], moreItems: [200, 1000, 20_000] }),
  'many workers': fixture({ seed: 3, workers: 70, items: 20_000, rounds: 2 }),
  'several engines': fixture({ engines: ['threads', 'processes'], items: 3000, rounds: 3 }),
  'an extreme result': extreme(),
  'a single run': single(),
}

/** Of the figures that are shown: pairs of texts that overlap, and texts that stand outside. A pixel is the error of rounding. */
const TEXTS = `[...document.querySelectorAll('svg.chart')].filter((svg) => svg.getClientRects().length > 0).flatMap((svg) => {
  const frame = svg.getBoundingClientRect()
  const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent !== '')
  const boxes = texts.map((text) => [text.textContent, text.getBoundingClientRect()])
  const isOutside = ([, box]) => box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1
  const outside = boxes.filter(isOutside).map(([text]) => 'outside: ' + text)
  const overlap = boxes.flatMap(([text, a], i) =>
    boxes.slice(i + 1).filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4).map(([other]) => text + ' over ' + other))
  return [...outside, ...overlap]
})`

// Far longer than one takes to start on a busy machine.
const START_MS = 60_000

describe.skipIf(path === undefined)('in a browser', () => {
  let browser: Chromium
  beforeAll(async () => {
    browser = new Chromium(path!)
    await browser.send('Browser.getVersion')
  }, START_MS)
  afterAll(() => browser.close(), START_MS)

  describe.each(Object.entries(RESULTS))('the report of %s', (_, result) => {
    let folder: string
    let file: string
    let page: Page

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'lanewise report-'))
      file = join(folder, 'report.html')
      writeFileSync(file, writeReport(result))
      page = await browser.open(pathToFileURL(file).href)
    })
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    it.each([360, 800, 1440])('is no wider than a window of %i pixels, and shows each figure once', async (width) => {
      await page.show(width, 'light')
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      const [figures, shown] = await page.evaluate<number[]>(
        `[document.querySelectorAll('figure').length, [...document.querySelectorAll('svg.chart')].filter((svg) => svg.getClientRects().length > 0).length]`,
      )
      expect(shown).toBe(figures)
    })

    it.each([360, 800, 1440])('has no text over another, nor outside of its figure, at %i pixels', async (width) => {
      await page.show(width, 'light')
      expect(await page.evaluate(TEXTS)).toEqual([])
    })

    it('is dark for who wants it dark, but not on paper', async () => {
      const background = `getComputedStyle(document.body).backgroundColor`
      await page.show(800, 'dark')
      expect(await page.evaluate(background)).toBe('rgb(20, 23, 28)')
      await page.show(800, 'dark', 'print')
      expect(await page.evaluate(background)).toBe('rgb(255, 255, 255)')
    })

    it('names each figure to a screen reader, once', async () => {
      await page.show(800, 'light')
      const { nodes } = await page.send<{
        nodes: { role: { value: string }; name?: { value: string }; ignored: boolean }[]
      }>('Accessibility.getFullAXTree')
      const images = nodes.filter(({ role, ignored }) => !ignored && role?.value === 'image')
      const figures = await page.evaluate<number>(`document.querySelectorAll('figure').length`)
      expect(images).toHaveLength(figures)
      for (const { name } of images) expect(name?.value).toMatch(/\w/)
    })

    it('opens its tables by keyboard, and scrolls them by themselves', async () => {
      await page.show(360, 'light')
      const tables = await page.evaluate<number>(`document.querySelectorAll('details').length`)
      for (let i = 0; i < tables; i++) {
        await page.evaluate(`document.querySelectorAll('summary')[${i}].focus()`)
        const key = { key: 'Enter', code: 'Enter', text: '\r', windowsVirtualKeyCode: 13 }
        await page.send('Input.dispatchKeyEvent', { type: 'keyDown', ...key })
        await page.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key })
      }
      expect(await page.evaluate(`document.querySelectorAll('details[open]').length`)).toBe(tables)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
    })

    it('runs nothing, loads nothing and has nothing to complain of', async () => {
      expect(page.requests).toEqual([pathToFileURL(file).href])
      expect(page.complaints).toEqual([])
      expect(await page.evaluate(`document.querySelectorAll('script, img, iframe').length`)).toBe(1)
    })
  })
})
