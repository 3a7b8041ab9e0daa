import { expect, it } from 'vitest'
import { Recent } from '../../src/engines/recent.ts'

it('keeps what was used last, and makes anew what it has let go', () => {
  const made: string[] = []
  const recent = new Recent<string>(2)
  const get = (key: string) =>
    recent.get(key, () => {
      made.push(key)
      return key.toUpperCase()
    })
  expect(['a', 'b', 'a', 'c', 'a', 'b'].map(get)).toEqual(['A', 'B', 'A', 'C', 'A', 'B'])
  expect(made).toEqual(['a', 'b', 'c', 'b'])
  recent.delete('b')
  get('b')
  expect(made.at(-1)).toBe('b')
  expect(made).toHaveLength(5)
})

it('keeps nothing of what could not be made', () => {
  const recent = new Recent<number>(2)
  const fail = () => {
    throw new Error('no')
  }
  expect(() => recent.get('a', fail)).toThrow('no')
  expect(recent.get('a', () => 1)).toBe(1)
})
