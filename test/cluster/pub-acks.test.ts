import { headers } from '@nats-io/transport-node'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BrokerError } from '../../src/cluster/errors.ts'
import type { Publication } from '../../src/cluster/link.ts'
import { ANSWER_MS, PubAcks } from '../../src/cluster/pub-acks.ts'

/** A connection that keeps what is published, and says what it is told to. */
function open() {
  const replies: string[] = []
  let tell: (subject: string, json: () => unknown, code?: number) => void = () => {}
  const acks = new PubAcks(
    {
      publish: (_subject, _bytes, { reply }) => void replies.push(reply),
      subscribe: (_subject, { callback }) => {
        tell = (subject, json, code) =>
          callback(null, { subject, json, ...(code !== undefined && { headers: { code } }) })
      },
    },
    '_INBOX.submitter',
  )
  const heard: Publication[] = []
  return {
    replies,
    heard,
    publish: () => acks.publish('lw.t', new Uint8Array(1), headers(), (publication) => heard.push(publication)),
    tell: (subject: string, json: () => unknown, code?: number) => tell(subject, json, code),
  }
}

describe('what the broker says of tasks', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
  afterEach(() => void vi.useRealTimers())

  it('is told to whoever published, in whatever order it comes, once', () => {
    const { replies, heard, publish, tell } = open()
    publish()
    publish()
    tell(replies[1]!, () => ({ seq: 8 }))
    tell(replies[0]!, () => ({ seq: 7 }))
    tell(replies[0]!, () => ({ seq: 7 }))
    expect(heard).toEqual([{ sequence: 8 }, { sequence: 7 }])
    vi.advanceTimersByTime(2 * ANSWER_MS)
    expect(heard).toHaveLength(2)
  })

  it.each([
    [
      'a full stream',
      () => ({ error: { err_code: 10077, description: 'maximum bytes exceeded' } }),
      undefined,
      'isFull',
    ],
    ['another error', () => ({ error: { err_code: 1, description: 'no' } }), undefined, 'error'],
    ['that nobody listens', () => ({}), 503, 'error'],
    ['what is no JSON', () => JSON.parse('{'), undefined, 'error'],
  ])('may be %s', (_, json, code, key) => {
    const { replies, heard, publish, tell } = open()
    publish()
    tell(replies[0]!, json, code)
    expect(heard).toHaveLength(1)
    expect(heard[0]).toHaveProperty(key)
  })

  it('is an error where it did not come in time, for each at its own', () => {
    const { replies, heard, publish, tell } = open()
    publish()
    vi.advanceTimersByTime(ANSWER_MS / 2)
    publish()
    vi.advanceTimersByTime(ANSWER_MS / 2)
    expect(heard).toEqual([{ error: expect.any(BrokerError) }])
    tell(replies[0]!, () => ({ seq: 7 })) // too late
    expect(heard).toHaveLength(1)
    vi.advanceTimersByTime(ANSWER_MS / 2)
    expect(heard).toHaveLength(2)
    publish()
    vi.advanceTimersByTime(ANSWER_MS)
    expect(heard).toHaveLength(3)
  })
})
