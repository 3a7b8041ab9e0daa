import type { FigureTable } from '../chart/layout.ts'
import { element, escapeText } from '../chart/markup.ts'
import { count } from '../numerals.ts'

/** What is behind a figure, folded away. It scrolls by itself, by keyboard too, where it is wider than the page. */
export function tableMarkup({ columns, rows, leftOut }: FigureTable, title: string): string {
  const head = columns.map((column) => element('th', { scope: 'col' }, escapeText(column)))
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`)
  const more = leftOut === 0 ? '' : `, the first ${count(rows.length)} of ${count(rows.length + leftOut)} rows`
  const table = element(
    'table',
    {},
    element('caption', {}, `${escapeText(title)}${more}`),
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...body),
  )
  const scroll = { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': `${title}: table` }
  return element('details', {}, element('summary', {}, 'The figures as a table'), element('div', scroll, table))
}

function cell(text: string, i: number): string {
  return i === 0
    ? element('th', { scope: 'row' }, element('bdi', {}, escapeText(text)))
    : `<td>${escapeText(text)}</td>`
}
