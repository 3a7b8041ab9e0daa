/**
 * How wide texts are, without a font at hand: the widths of the widest font that a page may get (DejaVu Sans, of what
 * `system-ui` and `sans-serif` become), in parts of the font's size. A real text is never wider, mostly narrower by a fifth.
 */
const NARROW = /[ijlftrI.,:;'|!()[\]{}/ ·-]/
const WIDE = /[mwMWQ@%#&+=<>~±×–—…]/
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]$/u

const WIDTH = { narrow: 0.43, lower: 0.64, upper: 0.79, wide: 1, other: 1.2 } as const

/** Height of a line of text over its font's size. */
export const LINE_HEIGHT = 1.25

/** The width of a text at most, in the units of `size`. */
export function textWidth(text: string, size: number): number {
  let width = 0
  for (const character of text) width += widthOf(character)
  return width * size
}

function widthOf(character: string): number {
  if (ZERO.test(character)) return 0
  if (NARROW.test(character)) return WIDTH.narrow
  if (WIDE.test(character)) return WIDTH.wide
  if (/[a-z0-9µ]/.test(character)) return WIDTH.lower
  if (character.codePointAt(0)! < 0x250) return WIDTH.upper
  return WIDTH.other
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The text, or as much of its beginning as fits into `width` with `…` behind it. */
export function shorten(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text
  let kept = ''
  for (const { segment } of graphemes.segment(text)) {
    if (textWidth(`${kept}${segment}…`, size) > width) break
    kept += segment
  }
  return `${kept}…`
}

/** The text, or its first `most` characters with `…` behind them. A character is what a reader takes for one. */
export function beginning(text: string, most: number): string {
  const kept: string[] = []
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length === most) return `${kept.join('')}…`
    kept.push(segment)
  }
  return text
}
