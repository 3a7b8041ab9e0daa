import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coordinate, element, escapeText, jsonText } from '../../../src/tune/chart/markup.ts'

describe('escapeText', () => {
  it('leaves nothing that begins a tag, ends an attribute, or that XML does not hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeText(text)
        expect(escaped).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/)
        expect(escaped).not.toMatch(/[^\P{Control}\t\n\r]/u)
        expect(escaped.isWellFormed()).toBe(true)
      }),
    )
  })

  it('replaces what would turn the direction of the words behind it', () => {
    expect(escapeText('a\u202eb\u2066c\u2069')).toBe('a\ufffdb\ufffdc\ufffd')
  })

  it('replaces controls, halves of pairs and what is no character; whole pairs stay', () => {
    expect(escapeText('a\u0000b\ud800c\uffffd\u{1f600}\n')).toBe('a\ufffdb\ufffdc\ufffdd\u{1f600}\n')
  })
})

describe('element', () => {
  it('writes attributes escaped, numbers in hundredths, and leaves out what is undefined', () => {
    expect(element('rect', { class: 'a"b', x: 1 / 3, y: -0, rx: undefined })).toBe(
      '<rect class="a&quot;b" x="0.33" y="0"/>',
    )
    expect(element('p', {}, 'a', 'b')).toBe('<p>ab</p>')
    expect(element('p', {})).toBe('<p></p>')
  })
})

describe('coordinate', () => {
  it.each([
    [-1e-9, '0'],
    [1234.5678, '1234.57'],
    [1e-7, '0'],
  ])('writes %d as %s', (value, text) => {
    expect(coordinate(value)).toBe(text)
  })
})

describe('jsonText', () => {
  it('reads back as it was, and holds nothing that could end the script', () => {
    fc.assert(
      fc.property(
        fc.anything({ maxDepth: 2, withNullPrototype: false }).map((value) => [JSON.stringify(value) ?? 'null']),
        (value) => {
          const text = jsonText([...value, '</script><!--\u2028'])
          expect(text).not.toMatch(/[<>&\u2028\u2029]/)
          expect(JSON.parse(text)).toEqual([...value, '</script><!--\u2028'])
        },
      ),
    )
  })
})
