import { describe, expect, it } from 'vitest'
import { nearest } from '../../src/nearest.ts'

describe('nearest', () => {
  const options = ['chunksize', 'buffersize', 'timeout', 'out', 'errors', 'maxWorkers', 'retries', 'signal']

  it.each([
    ['chunkSize', 'chunksize'],
    ['chunk_size', 'chunksize'],
    ['chunksiz', 'chunksize'],
    ['chnuksize', 'chunksize'],
    ['bufersize', 'buffersize'],
    ['max_workers', 'maxWorkers'],
    ['max-workers', 'maxWorkers'],
    ['time_out', 'timeout'],
    ['error', 'errors'],
    ['oout', 'out'],
    ['singal', 'signal'],
    ['otu', 'out'],
  ])('finds what %s was meant to be: %s', (word, meant) => {
    expect(nearest(word, options)).toBe(meant)
  })

  it.each([['concurrency'], ['size'], ['x'], [''], ['o'], ['outfit'], ['q'.repeat(100_000)]])(
    'finds nothing near %.20s',
    (word) => {
      expect(nearest(word, options)).toBeUndefined()
    },
  )

  it('takes the first of two that are as near', () => {
    expect(nearest('cat', ['bat', 'rat'])).toBe('bat')
    expect(nearest('rat', ['bat', 'rat'])).toBe('rat')
  })
})
