import { element, escapeText } from './markup.ts'
import { LINE_HEIGHT, textWidth } from './text.ts'

/** A rectangle in a figure; y grows downwards. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** A text that names the point (x, y). */
export interface Label extends Point {
  readonly text: string
  /** Other points that it names as well, such as those of a line: tried where there is no room at the first. */
  readonly also?: readonly Point[]
  /** Greater goes first; the last ones find no room. */
  readonly priority: number
  readonly class?: string
}

/** Where a label stands. */
export interface PlacedLabel {
  readonly label: Label
  readonly box: Box
  /** The point that it stands beside. */
  readonly point: Point
  /** Whether the box is so far from it that a line should join them. */
  readonly isFar: boolean
}

/** Distances from the point to its label. Farther than the last: nobody sees what it belongs to. */
const GAPS = [7, 12, 20, 32, 48, 66]

/** From here on a line joins them. */
const FAR = 20

/** Where a label may stand around its point, the best first: above, beside, below; -1 is left or above. */
const SIDES: readonly (readonly [x: number, y: number])[] = [
  [0, -1],
  [1, -1],
  [-1, -1],
  [1, 0],
  [-1, 0],
  [0, 1],
  [1, 1],
  [-1, 1],
]

export function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

export function isInside(inner: Box, outer: Box): boolean {
  return (
    inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom
  )
}

/**
 * Finds each label a place near its point, inside `frame`, where it overlaps no other label.
 *
 * Marks (`marks`) are kept free where that is possible. A label for which there is no place is left out.
 * Cost: O(labels × (labels + marks))
 */
export function placeLabels(
  labels: readonly Label[],
  frame: Box,
  size: number,
  marks: readonly Box[] = [],
): PlacedLabel[] {
  const placed: PlacedLabel[] = []
  for (const label of [...labels].sort((a, b) => b.priority - a.priority)) {
    const isFree = (box: Box): boolean => isInside(box, frame) && !placed.some((other) => overlaps(box, other.box))
    const places = [label, ...(label.also ?? [])]
      .flatMap((point) => [...placesOf(label, point, size)])
      .filter(({ box }) => isFree(box))
    const clear = places.filter(({ box }) => !marks.some((mark) => overlaps(box, mark)))
    const place = clear.find(({ isFar }) => !isFar) ?? clear[0] ?? places[0]
    if (place !== undefined) placed.push(place)
  }
  return placed
}

function* placesOf(label: Label, point: Point, size: number): Generator<PlacedLabel> {
  const width = textWidth(label.text, size)
  const height = size * LINE_HEIGHT
  for (const gap of GAPS) {
    for (const [sideX, sideY] of SIDES) {
      const left = point.x + sideX * gap - (width * (1 - sideX)) / 2
      const top = point.y + sideY * gap - (height * (1 - sideY)) / 2
      yield { label, point, box: { left, top, right: left + width, bottom: top + height }, isFar: gap >= FAR }
    }
  }
}

/** Boxes of `radius` around the points of a path and between them, close enough that no text slips through. */
export function marksAlong(points: readonly (readonly [x: number, y: number])[], radius: number): Box[] {
  return points.flatMap(([x, y], i) => {
    const [toX, toY] = points[i + 1] ?? [x, y]
    const steps = Math.max(1, Math.ceil(Math.hypot(toX - x, toY - y) / (2 * radius)))
    return Array.from({ length: steps }, (_, step) => {
      const [centreX, centreY] = [x + ((toX - x) * step) / steps, y + ((toY - y) * step) / steps]
      return { left: centreX - radius, top: centreY - radius, right: centreX + radius, bottom: centreY + radius }
    })
  })
}

/** Placed labels as SVG. */
export function drawLabels(placed: readonly PlacedLabel[], size: number): string {
  return placed.map((place) => drawLabel(place, size)).join('')
}

function drawLabel({ label, point, box, isFar }: PlacedLabel, size: number): string {
  // Its font may be narrower than was reckoned: the text is put to the side of the box that is next to the point.
  const anchor = box.left >= point.x ? 'start' : box.right <= point.x ? 'end' : 'middle'
  const x = { start: box.left, end: box.right, middle: (box.left + box.right) / 2 }[anchor]
  const text = textAt(label.text, x, box.bottom - size * (LINE_HEIGHT - 1), anchor, label.class)
  if (!isFar) return text
  const endX = Math.max(box.left, Math.min(point.x, box.right))
  const endY = Math.max(box.top, Math.min(point.y, box.bottom))
  return element('line', { class: 'leader', x1: point.x, y1: point.y, x2: endX, y2: endY }) + text
}

/** A text of one line whose base line is at `y`. */
export function textAt(
  text: string,
  x: number,
  y: number,
  anchor: 'start' | 'middle' | 'end' = 'start',
  className?: string,
): string {
  return element(
    'text',
    { class: className, x, y, 'text-anchor': anchor === 'start' ? undefined : anchor },
    escapeText(text),
  )
}
