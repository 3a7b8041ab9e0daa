/** The colours of one theme. Marks have a contrast of 3:1 or more with `page`, texts 4.5:1; a test reckons both. */
export interface Theme {
  readonly page: string
  readonly panel: string
  readonly text: string
  readonly muted: string
  readonly axis: string
  readonly grid: string
  readonly valley: string
  readonly curve: string
  readonly auto: string
  readonly other: string
  /** From weak to strong: luminance alone tells them apart, whoever sees them. Made from matplotlib's plasma, cut where it would fade into the page. */
  readonly order: readonly string[]
}

export const LIGHT: Theme = {
  page: '#ffffff',
  panel: '#f3f5f7',
  text: '#1b1f24',
  muted: '#57606a',
  axis: '#57606a',
  grid: '#e3e6ea',
  valley: '#dcefe3',
  curve: '#0b62b8',
  auto: '#b34700',
  other: '#6f7782',
  order: ['#e66e5b', '#d4526f', '#bf3984', '#a41e99', '#8507a6', '#6200a6', '#3c049b', '#0d0887'],
}

export const DARK: Theme = {
  page: '#14171c',
  panel: '#1e232a',
  text: '#e8ebef',
  muted: '#a3abb5',
  axis: '#a3abb5',
  grid: '#2a3038',
  valley: '#1d3a2b',
  curve: '#6cb4ff',
  auto: '#ff9d4d',
  other: '#8b94a0',
  order: ['#b12a90', '#c8437b', '#db5b68', '#eb7655', '#f79342', '#fdb130', '#fbd425', '#f0f921'],
}

/** What the classes in the figures look like. It stands in the page, or in a figure that stands alone. */
export function chartStyle(): string {
  return `${variables(LIGHT)}
@media screen and (prefers-color-scheme:dark){${variables(DARK)}}
.chart{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.chart text{fill:var(--text);unicode-bidi:plaintext;white-space:pre}
.chart .tick,.chart .axis-title{fill:var(--muted)}
.chart .strong{font-weight:600}
.chart .auto-text{fill:var(--auto);font-weight:600}
.axis{stroke:var(--axis)}
.grid{stroke:var(--grid)}
.leader{stroke:var(--muted)}
.valley{fill:var(--valley)}
.curve,.ideal,.step,.whisker,.ring,.first{fill:none}
.curve,.step{stroke:var(--curve);stroke-width:1.75;stroke-linejoin:round}
.step.auto,.curve.auto{stroke:var(--auto)}
.curve.other{stroke:var(--other);stroke-width:1.25}
.dot.other{fill:var(--other)}
.chart .other-text{fill:var(--muted)}
.whisker{stroke:var(--curve);stroke-width:1.25}
.whisker.auto{stroke:var(--auto)}
.dot{fill:var(--curve)}
.dot.auto{fill:var(--auto)}
.ring{stroke:var(--text);stroke-width:2}
.auto-band{fill:var(--auto);opacity:.14}
.auto-line{stroke:var(--auto);stroke-width:1.75}
.auto-mark{fill:var(--auto);stroke:var(--page);stroke-width:1}
.ideal{stroke:var(--muted);stroke-dasharray:2 4;stroke-linecap:round;stroke-width:1.5}
.first{stroke:var(--text);stroke-width:1.5;stroke-dasharray:4 3}
.boundary{stroke:var(--muted);stroke-dasharray:1 3}
.dots{fill:none;stroke:var(--curve);stroke-width:5;stroke-linecap:round}
.chart .small{font-size:.9em}
.lane{fill:var(--grid)}
.hatch{fill:none;stroke:var(--page);stroke-width:2.5}
.cross{fill:none;stroke:var(--text);stroke-width:2.5}
.cross-edge{fill:none;stroke:var(--page);stroke-width:5}
${LIGHT.order.map((_, i) => `.order-${i}{fill:var(--order-${i})}.chart .on-${i}{fill:var(--on-${i})}`).join('\n')}
@media print{.chart *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}`
}

function variables(theme: Theme): string {
  const { order, ...single } = theme
  const colours = Object.entries(single).map(([name, colour]) => `--${name}:${colour}`)
  const ramp = order.flatMap((colour, i) => [`--order-${i}:${colour}`, `--on-${i}:${textOn(colour)}`])
  return `:root{${[...colours, ...ramp].join(';')}}`
}

/** Black or white, whichever reads better on a colour: one of them has a contrast of 4.5:1 with any. */
function textOn(colour: string): string {
  return contrast('#ffffff', colour) >= contrast('#000000', colour) ? '#ffffff' : '#000000'
}

/** From 1 to 21. Source: WCAG 2.2, "contrast ratio" and "relative luminance". */
export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
