import { readFileSync } from 'node:fs'

/** Where the data of the examples stands: real data, of the package vega-datasets. */
const data = new URL('../../node_modules/vega-datasets/data/', import.meta.url)

export function dataFile(name: string): URL {
  return new URL(name, data)
}

/** The rows of a file of CSV, whose first line names the columns. */
export function readRows(name: string): Record<string, string>[] {
  const [header, ...lines] = readFileSync(dataFile(name), 'utf8').trimEnd().split(/\r?\n/)
  const columns = readCells(header!)
  return lines.map((line) => {
    const cells = readCells(line)
    return Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? '']))
  })
}

/** The cells of one line of CSV; a quoted one may hold commas, and quotes that are doubled. */
export function readCells(line: string): string[] {
  const cells = `,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)
  return Array.from(cells, ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '')
}
