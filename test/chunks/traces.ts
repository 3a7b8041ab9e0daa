import { readdirSync, readFileSync } from 'node:fs'
import type { AutoChunksOptions } from '../../src/chunks/auto.ts'

/** Line 1 of a trace: the options of the rule, and what the whole simulated run came to. */
export interface Header extends AutoChunksOptions {
  name: string
  length: number
  shape: string
  machine: string
  chunks: number
  returns: number
}

export type Line =
  | ['next', worker: number, remaining: number, length: number | null, items: number, stopMs: number | null]
  | ['report', worker: number, items: number, execMs: number, gapMs: number | null]
  | ['prefetch', boolean]

export const traces: readonly { readonly header: Header; readonly lines: readonly Line[] }[] = readdirSync(
  new URL('traces/', import.meta.url),
)
  .filter((file) => file.endsWith('.jsonl'))
  .map((file) => {
    const text = readFileSync(new URL(`traces/${file}`, import.meta.url), 'utf8')
    const [header, ...lines] = text.trimEnd().split('\n')
    return { header: JSON.parse(header!) as Header, lines: lines.map((line) => JSON.parse(line) as Line) }
  })
