/** The value of an attribute; undefined leaves it out, a number is rounded to hundredths. */
export type Attribute = string | number | undefined

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * What no XML document may hold: control characters, halves of a surrogate pair, and two that are no characters. And what turns the direction of the text
 * behind it, ours included.
 */
const NO_TEXT = /[^\P{Control}\t\n\r]|[\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Surrogate}/gu

/** A text from anywhere, as text or attribute of HTML and of SVG. What neither should hold becomes U+FFFD. */
export function escapeText(text: string): string {
  return text.replaceAll(NO_TEXT, '\ufffd').replaceAll(/[&<>"']/g, (character) => ESCAPES[character] as string)
}

/** An element. `children` are markup; attributes are escaped. */
export function element(name: string, attributes: Readonly<Record<string, Attribute>>, ...children: string[]): string {
  const list = Object.entries(attributes).map(([key, value]) => attribute(key, value))
  const inner = children.join('')
  const isShort = inner === '' && SHORT.has(name)
  return `<${name}${list.join('')}${isShort ? '/>' : `>${inner}</${name}>`}`
}

/** Elements of SVG that mostly have no children: the short form saves a sixth of a page. */
const SHORT = new Set(['path', 'rect', 'line', 'circle'])

function attribute(key: string, value: Attribute): string {
  if (value === undefined) return ''
  return ` ${key}="${typeof value === 'number' ? coordinate(value) : escapeText(value)}"`
}

/** A number as SVG takes it: hundredths, no exponent, no -0. */
export function coordinate(value: number): string {
  return String(Math.round(value * 100) / 100 + 0)
}

/** A value as the text of a `<script type="application/json">`: nothing in it ends the script. */
export function jsonText(value: unknown): string {
  const unsafe = /[<>&\u2028\u2029]/g
  return JSON.stringify(value).replaceAll(unsafe, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
