import { describe, expect, it } from 'vitest'
import { EXTENSION, encodeFrame, KIND, numberExtension } from '../../src/cluster/frame.ts'
import { Host } from '../../src/cluster/host.ts'
import type { HostEvents, HostLink } from '../../src/cluster/link.ts'
import { encodeNote } from '../../src/cluster/notes.ts'
import type { Answer, Running, Task } from '../../src/cluster/runner.ts'
import { VirtualClock } from './twin.ts'

const LEASE_MS = 9000
const run = new Uint8Array(16).fill(7)
const runName = Buffer.from(run).toString('hex')

/** A host on a link that notes what it is told, and a runner that ends when it is told to. */
function openHost(slots = 2) {
  const clock = new VirtualClock()
  const said: string[] = []
  const running: { task: Task; done: (answer: Answer) => void; told: string[] }[] = []
  let events!: HostEvents
  const named = (token: Uint8Array): string => new TextDecoder().decode(token)
  const link: HostLink = {
    listen: (given) => {
      events = given
    },
    pull: (count) => void said.push(`pull ${count}`),
    extend: (token) => void said.push(`extend ${named(token)}`),
    giveBack: (token, delayMs) => void said.push(`give ${named(token)} back in ${delayMs}`),
    drop: (token) => void said.push(`drop ${named(token)}`),
    answer: (_client, _run, bytes) => void said.push(`answer ${bytes[6]}`),
    beacon: () => {},
  }
  const runner = {
    begin(task: Task, done: (answer: Answer) => void): Running {
      const told: string[] = []
      running.push({ task, done, told })
      return { cancel: () => void told.push('cancel'), kill: () => void told.push('kill') }
    },
  }
  const host = new Host(link, clock, runner, { name: 'h', slots, leaseMs: LEASE_MS, lanewise: 'test' })
  const deliver = (chunk: number, deliveries = 1, client = 'c'): void => {
    const extensions = [numberExtension(EXTENSION.attempts, 'u32', 3)]
    const bytes = encodeFrame({ kind: KIND.task, run, chunk, items: 1, extensions })
    events.task({ client, run: runName, bytes, token: new TextEncoder().encode(`t${chunk}.${deliveries}`), deliveries })
  }
  const pass = (ms: number): void => {
    const end = clock.now() + ms
    clock.after(ms, () => {})
    while (clock.step(end));
  }
  return { host, said, running, deliver, pass, events: () => events }
}

const result: Answer = { kind: 'result', items: 1, execMs: 1, sections: [] }

describe('a host', () => {
  it('asks for as many tasks as it has free slots, and never for more', () => {
    const { said, deliver, running } = openHost(2)
    expect(said).toEqual(['pull 2'])
    deliver(0)
    deliver(1)
    expect(said).toEqual(['pull 2'])
    running[0]!.done(result)
    expect(said).toEqual(['pull 2', 'answer 2', 'pull 1'])
  })

  it('asks anew for what did not come', () => {
    const { said, events } = openHost(2)
    events().unfilled(2)
    expect(said).toEqual(['pull 2', 'pull 2'])
  })

  it('keeps a task that it did not ask for until a slot is free', () => {
    const { deliver, running } = openHost(1)
    deliver(0)
    deliver(1)
    expect(running).toHaveLength(1)
    running[0]!.done(result)
    expect(running).toHaveLength(2)
  })

  it('extends the leases of what it holds, three times a lease', () => {
    const { said, deliver, pass } = openHost(1)
    deliver(0)
    pass(LEASE_MS)
    expect(said.filter((each) => each === 'extend t0.1')).toHaveLength(3)
  })

  it('runs a task once that comes again while it runs, and answers with the later token', () => {
    const { host, deliver, running, said } = openHost(2)
    deliver(0)
    deliver(0, 2)
    expect(running).toHaveLength(1)
    expect(host.counts.duplicates).toBe(1)
    running[0]!.done(result)
    expect(said).toContain('answer 2')
  })

  it('tells a submitter of a task that was delivered more often than it may end hosts, and does not begin it', () => {
    const { deliver, running, said } = openHost()
    deliver(0, 4)
    expect(running).toHaveLength(0)
    expect(said).toContain(`answer ${KIND.crash}`)
  })

  it('ends what nobody wants: first it is told, after its grace it is ended', () => {
    const { deliver, running, said, events, pass } = openHost()
    deliver(0)
    events().control(encodeNote({ client: 'c', cancel: [runName] }))
    expect(running[0]!.told).toEqual(['cancel'])
    expect(said).toContain('drop t0.1')
    pass(2001)
    expect(running[0]!.told).toEqual(['cancel', 'kill'])
    deliver(1)
    expect(running).toHaveLength(1)
    expect(said).toContain('drop t1.1')
  })

  it('does not end what stopped in its grace: its slot runs something else by then', () => {
    const { deliver, running, events, pass } = openHost(1)
    deliver(0)
    events().control(encodeNote({ client: 'c', cancel: [runName] }))
    running[0]!.done({ kind: 'failed', reason: 'stopped', hasBegun: true })
    pass(5000)
    expect(running[0]!.told).toEqual(['cancel'])
  })

  it('tells of what it began and could not run, not of what it could not fetch', () => {
    const { deliver, running, said } = openHost(1)
    deliver(0)
    running[0]!.done({ kind: 'failed', reason: 'no memory', hasBegun: true })
    expect(said).toEqual(['pull 1', `answer ${KIND.returned}`, 'give t0.1 back in 0', 'pull 1'])
    deliver(1, 2)
    running[1]!.done({ kind: 'failed', reason: 'nobody answers', hasBegun: false })
    expect(said.slice(-3)).toEqual([`answer ${KIND.progress}`, 'give t1.2 back in 1000', 'pull 1'])
  })

  it('leaves the runs of others, whoever says that they are over', () => {
    const { deliver, running, events } = openHost()
    deliver(0)
    events().control(encodeNote({ client: 'other', cancel: [runName] }))
    expect(running[0]!.told).toEqual([])
    deliver(1)
    expect(running).toHaveLength(2)
    events().control(encodeNote({ client: 'c', cancel: [runName] }))
    expect(running.map(({ told }) => told)).toEqual([['cancel'], ['cancel']])
  })

  it('drops the runs of a submitter that was silent for 30 s, and takes them up when it is back', () => {
    const { deliver, running, said, events, pass } = openHost()
    deliver(0)
    for (let i = 0; i < 10; i++) {
      pass(5000)
      events().control(encodeNote({ client: 'c' }))
    }
    expect(running[0]!.told).toEqual([])
    pass(33_000)
    expect(running[0]!.told).toContain('cancel')
    deliver(1)
    expect(said).toContain('drop t1.1')
    events().control(encodeNote({ client: 'c' }))
    deliver(2)
    expect(running).toHaveLength(2)
  })

  it('gives back a frame of a later version, and says so, and drops what is none', () => {
    const { said, events, host } = openHost()
    const later = encodeFrame({ kind: KIND.task, run, chunk: 0 })
    later[4] = 9
    const token = new TextEncoder().encode('t')
    events().task({ client: 'c', run: runName, bytes: later, token, deliveries: 1 })
    expect(said.slice(-3)).toEqual([`answer ${KIND.returned}`, 'give t back in 500', 'pull 1'])
    events().task({ client: 'c', run: runName, bytes: new Uint8Array(100), token, deliveries: 1 })
    expect(said).toContain('drop t')
    expect(host.counts).toMatchObject({ malformed: 1, refused: 1 })
  })

  it('drops a task of another run than its subject says', () => {
    const { said, events, running } = openHost()
    const bytes = encodeFrame({ kind: KIND.task, run: new Uint8Array(16), chunk: 0 })
    events().task({ client: 'c', run: runName, bytes, token: new TextEncoder().encode('t'), deliveries: 1 })
    expect(running).toHaveLength(0)
    expect(said).toContain('drop t')
  })

  it('draining takes no more, gives back what comes, and is done when all is answered', async () => {
    const { host, deliver, running, said } = openHost(1)
    deliver(0)
    const drained = host.drain()
    deliver(1)
    expect(said).toContain('give t1.1 back in 0')
    running[0]!.done(result)
    await drained
    expect(host.held).toBe(0)
  })

  it('gives back with a delay what it refuses, and says why', () => {
    const { deliver, running, said } = openHost(1)
    deliver(0)
    running[0]!.done({ kind: 'refused', reason: 'no' })
    expect(said.slice(-3)).toEqual([`answer ${KIND.returned}`, 'give t0.1 back in 500', 'pull 1'])
  })
})
