import { styleText } from 'node:util'
import type { Output } from './command.ts'

/** Colours a text, or leaves it as it is. */
export type Paint = (format: 'bold' | 'dim' | 'green' | 'red' | 'yellow', text: string) => string

/**
 * How to colour what goes to `output`: not where it is no terminal, nor with `--no-color`, NO_COLOR, or a terminal that
 * cannot; always with FORCE_COLOR.
 */
export function painter(output: Output, isAllowed: boolean): Paint {
  const { FORCE_COLOR, NO_COLOR, TERM } = process.env
  const isForced = FORCE_COLOR !== undefined && FORCE_COLOR !== '0'
  const isWanted = isForced || (output.isTTY === true && !NO_COLOR && FORCE_COLOR !== '0' && TERM !== 'dumb')
  if (!isAllowed || !isWanted) return (_, text) => text
  // The stream was looked at above: Node's own look is at process.stdout.
  return (format, text) => styleText(format, text, { validateStream: false })
}

/** Breaks a text into lines of at most `width` characters, at spaces; a longer word stands alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}

/** A text whose lines that are too wide are broken; what follows on stands below the words that began them, behind an option or a bar of blanks. */
export function narrow(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => (line.length <= width ? [line] : hanging(line, width)))
    .join('\n')
}

function hanging(line: string, width: number): string[] {
  const [lead = ''] = /^ *(?:\S+(?: \S+)* {2,})?/.exec(line) ?? []
  const isLong = lead.length > width / 2
  const indent = ' '.repeat(isLong ? 4 : lead.length)
  const [first = '', ...rest] = wrap(line.slice(lead.length), Math.max(1, width - indent.length))
  const begun = isLong ? [lead.trimEnd(), `${indent}${first}`] : [`${lead}${first}`]
  return [...begun, ...rest.map((each) => `${indent}${each}`)]
}
