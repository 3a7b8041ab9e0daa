import { figuresOf } from './chart/figures.ts'
import type { Figure, MissingFigure } from './chart/layout.ts'
import { NARROW, WIDE } from './chart/layout.ts'
import { element, escapeText } from './chart/markup.ts'
import { checkResult } from './read-result.ts'
import { environmentOf, type Fact, factsOf } from './report/facts.ts'
import { rawData } from './report/raw-data.ts'
import { pageStyle } from './report/style.ts'
import { tableMarkup } from './report/table.ts'
import type { TuneResult } from './result.ts'

/** Nothing is loaded, and nothing runs: what a name in the result may hold does neither. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'"

/**
 * Makes a page of a tuning: one HTML file that needs no network and no script, to be read by eye, by ear, or on paper.
 *
 * The verdict comes first, then the machine, then the figures, each with a sentence that says what is seen in it and a table of what is behind it. A figure
 * for which the data is missing becomes a line that says how to get it. The result itself stands in the page as JSON.
 * Errors: LanewiseError (`ERR_LANEWISE_RESULT`) for what is no result: the first field that is not as it must be, and what it is.
 * Cost:   under 400 KB, whatever came: what has no room is left out of the JSON, which then says so.
 */
export function writeReport(result: TuneResult): string {
  checkResult(result, 'what report was given')
  const { subject, verdict } = result
  const name = bdi(subject.name)
  const figures = figuresOf(result)
  const head = [
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escapeText(POLICY)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    element('title', {}, `lanewise: chunk sizes of ${escapeText(subject.name)}`),
    element('style', {}, pageStyle()),
  ]
  const body = [
    '<a class="skip" href="#figures">To the figures</a>',
    '<main>',
    `<header><h1>lanewise tune: <code>${name}</code></h1>`,
    element('p', { class: 'verdict' }, bdi(verdict.sentence)),
    verdict.option === null ? '' : `<pre><code>${escapeText(verdict.option)}</code></pre>`,
    factList(factsOf(result), 'large'),
    '</header>',
    section('environment', 'Measured on', factList(environmentOf(result))),
    contents(figures),
    '<div id="figures">',
    ...figures.map((figure) => ('missing' in figure ? missingMarkup(figure) : figureMarkup(figure))),
    '</div></main>',
  ].join('\n')
  const page = (data: string): string =>
    `<!doctype html>\n<html lang="en">\n<head>\n${head.join('\n')}\n</head>\n<body>\n${body}\n<script type="application/json" id="data">${data}</script>\n</body>\n</html>\n`
  return page(rawData(result, Buffer.byteLength(page(''))))
}

function section(id: string, title: string, ...children: string[]): string {
  return element('section', { 'aria-labelledby': id }, element('h2', { id }, title), ...children)
}

function contents(figures: readonly (Figure | MissingFigure)[]): string {
  const items = figures.map(({ id, title }) => element('li', {}, element('a', { href: `#${id}` }, escapeText(title))))
  return element('nav', { 'aria-label': 'Figures' }, element('ul', {}, ...items))
}

function figureMarkup(figure: Figure): string {
  const { id, title, finding, reading, draw, table } = figure
  return element(
    'figure',
    { id, 'aria-labelledby': `${id}-heading` },
    element('h2', { id: `${id}-heading` }, escapeText(title)),
    element('p', {}, bdi(finding)),
    draw(WIDE),
    draw(NARROW),
    element('figcaption', {}, escapeText(keptTogether(reading))),
    tableMarkup(table, title),
  )
}

function missingMarkup({ id, title, missing }: MissingFigure): string {
  return element(
    'section',
    { id, 'aria-labelledby': `${id}-heading` },
    element('h2', { id: `${id}-heading` }, escapeText(title)),
    element('p', { class: 'missing' }, `Not in this report. ${escapeText(missing)}`),
  )
}

function factList(facts: readonly Fact[], className?: string): string {
  const items = facts.map(({ name, value, isLong }) =>
    element(
      'div',
      { class: isLong ? 'long' : undefined },
      element('dt', {}, escapeText(name)),
      element('dd', {}, bdi(value)),
    ),
  )
  return element('dl', { class: className }, ...items)
}

/** A text that came from outside keeps its direction to itself. */
function bdi(text: string): string {
  return element('bdi', {}, escapeText(keptTogether(text)))
}

/** No line ends between a number and its unit. */
function keptTogether(text: string): string {
  return text.replaceAll(/(\d) (%|×|ms|µs|ns|s)(?!\w)/g, '$1\u00a0$2')
}
