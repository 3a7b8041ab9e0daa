import { chartStyle } from './theme.ts'

/** A figure's SVG as a file of its own, an element a line: the style that a page would give it stands inside. */
export function standalone(svg: string): string {
  const style = `<style>${chartStyle()}\nsvg{background:var(--page)}</style>`
  return `${svg.replace('</desc>', `</desc>${style}`).replaceAll('><', '>\n<')}\n`
}
