import { expect, it } from 'vitest'
import { RETURNED } from '../../src/cluster/answer.ts'
import { ChunkCrashedError } from '../../src/cluster/errors.ts'
import { EXTENSION, encodeFrame, KIND, textExtension } from '../../src/cluster/frame.ts'
import type { SubmitterEvents, SubmitterLink } from '../../src/cluster/link.ts'
import { Submitter } from '../../src/cluster/submitter.ts'
import { VirtualClock } from './twin.ts'

it('a chunk that living hosts fail to run fails when it was tried so often as it may, with what they said', () => {
  let events: SubmitterEvents | undefined
  const settled: string[] = []
  const link: SubmitterLink = {
    client: 'c',
    listen: (given) => {
      events = given
    },
    busy: () => {},
    publish: () => {},
    settle: (token) => void settled.push(new TextDecoder().decode(token)),
    purge: () => {},
    control: () => {},
    look: () => {},
  }
  const settings = { attempts: 3, noWorkersTimeoutMs: 1e9, pool: 'p', fetch: () => new Promise<Uint8Array>(() => {}) }
  const submitter = new Submitter(link, new VirtualClock(), settings, { feed: () => {}, hopeless: () => {} })
  const outcomes: unknown[] = []
  const run = submitter.open({ fn: new Uint8Array(8), extensions: [] })
  const failed = (reason: unknown): void => void outcomes.push(reason)
  submitter.send(run, { items: 2, sections: [], read: () => () => {}, failed })
  const say = (items: number, n: number): void => {
    const extensions = [textExtension(EXTENSION.host, `h${n}`), textExtension(EXTENSION.reason, 'no memory')]
    const token = new TextEncoder().encode(`t${n}`)
    events?.frame(encodeFrame({ kind: KIND.returned, run: run.id, chunk: 0, items, token, extensions }))
  }
  for (let n = 0; n < 5; n++) say(RETURNED.leaving, n) // which is no failure
  say(RETURNED.failed, 5)
  say(RETURNED.failed, 6)
  expect(outcomes).toEqual([])
  say(RETURNED.failed, 7)
  expect(outcomes).toEqual([expect.any(ChunkCrashedError)])
  expect(String(outcomes[0])).toBe(
    'ChunkCrashedError: a chunk of 2 items was begun 3 times and could not be run: h5: no memory; h6: no memory; h7: no memory; run it in smaller chunks, or raise attempts',
  )
  expect(settled).toEqual(['t7'])
  submitter.end()
})
