/** A source with a place in it, which is written «so». */
export interface Marked {
  readonly text: string
  readonly line: number
  readonly column: number
  readonly mark: string
}

export function marked(source: string): Marked {
  const [before = '', mark = '', after = ''] = source.split(/[«»]/)
  const lines = before.split('\n')
  return { text: before + mark + after, line: lines.length, column: (lines.at(-1) ?? '').length + 1, mark }
}
