import { KernelSyntaxError } from '../../errors.ts'

/** The text of a function; positions in it are offsets, as acorn gives them. */
export interface Source {
  /** What messages call the function. */
  readonly name: string
  readonly text: string
}

/** A run of a source's characters. */
export interface Place {
  readonly source: Source
  readonly start: number
  readonly end: number
}

// Two lines each way show an `if` around the mark; more would push the message out of a terminal's sight.
const LINES_AROUND = 2
// Minified code is one line of any length: so much of it stands on each side of the mark.
const COLUMNS_AROUND = 60

/**
 * Throws the error of a function that is no kernel.
 *
 * `rule` says what a kernel may not do, `wayOut` what to write instead; the message is one line, then the lines around the place.
 */
export function refuse(place: Place, rule: string, wayOut: string, options?: ErrorOptions): never {
  const { name } = place.source
  const { line, column } = position(place.source.text, place.start)
  const message = `${name}, line ${line}, column ${column}: ${rule}; ${wayOut}`
  throw new KernelSyntaxError(message, { line, column, frame: frame(place) }, options)
}

/** What `read` makes of a source; what is nested too deep for the stack is refused. */
export function withinStack<T>(source: Source, read: () => T): T {
  try {
    return read()
  } catch (error) {
    // acorn makes a SyntaxError of it.
    if (!/call stack|Not enough stack/.test(error instanceof Error ? error.message : '')) throw error
    const place = { source, start: 0, end: source.text.length }
    return refuse(place, 'it is nested too deep to be compiled', 'split it', { cause: error })
  }
}

function position(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: before[before.length - 1]!.length + 1 }
}

function frame({ source: { text }, start, end }: Place): string {
  const lines = text.split('\n')
  const { line, column } = position(text, start)
  const first = Math.max(1, line - LINES_AROUND)
  const last = Math.min(lines.length, line + LINES_AROUND)
  const width = String(last).length

  const shown: string[] = []
  for (let i = first; i <= last; i++) {
    const full = lines[i - 1] as string
    // Only the marked line says where a long line is cut, so that the columns of its mark stay right.
    const cut = i === line ? Math.max(0, column - 1 - COLUMNS_AROUND) : 0
    const part = full.slice(cut, cut + 2 * COLUMNS_AROUND)
    const text = `${cut > 0 ? '…' : ''}${part}${cut + part.length < full.length ? '…' : ''}`
    shown.push(`${i === line ? '>' : ' '} ${String(i).padStart(width)} | ${text}`.trimEnd())
    if (i !== line) continue
    const from = column - 1 - cut
    const marked = Math.max(1, Math.min(end - start, part.length - from))
    const indent = part.slice(0, from).replace(/[^\t]/g, ' ')
    shown.push(`  ${' '.repeat(width)} | ${cut > 0 ? ' ' : ''}${indent}${'^'.repeat(marked)}`)
  }
  return shown.join('\n')
}
