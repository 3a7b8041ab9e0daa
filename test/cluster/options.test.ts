import { describe, expect, it } from 'vitest'
import { Names, token } from '../../src/cluster/names.ts'
import { parseNatsOptions } from '../../src/cluster/options.ts'

const refuse =
  (options: unknown): (() => unknown) =>
  () =>
    parseNatsOptions(options)

describe('the options of a NatsExecutor', () => {
  it('have defaults', () => {
    expect(parseNatsOptions(undefined)).toMatchObject({
      servers: ['nats://127.0.0.1:4222'],
      pool: 'default',
      credentials: undefined,
      attempts: 3,
      noWorkersTimeout: 30_000,
      prefix: 'lw',
      engine: 'auto',
      cancelOnError: false,
    })
  })

  it('take several servers, as a list or with commas', () => {
    expect(parseNatsOptions({ servers: 'nats://a:1,nats://b:2' }).servers).toEqual(['nats://a:1', 'nats://b:2'])
    expect(parseNatsOptions({ servers: ['tls://a:1', 'b:2'] }).servers).toEqual(['tls://a:1', 'b:2'])
  })

  it('are refused by name where hosts say, or nobody can', () => {
    expect(refuse({ maxWorkers: 4 })).toThrow('NatsExecutor takes no maxWorkers: the slots of all hosts are used')
    expect(refuse({ initializer: () => {} })).toThrow('NatsExecutor takes no initializer: workers belong to hosts')
    expect(refuse({ resourceLimits: {} })).toThrow('it is for each host to say')
    expect(refuse({ atempts: 2 })).toThrow("NatsExecutor has no option 'atempts'; did you mean attempts?")
  })

  it.each([
    [{ servers: [] }, 'servers must be one or more of nats://host:port'],
    [{ servers: [4222] }, 'servers must be one or more of nats://host:port, got 4222'],
    [{ servers: 'http://a' }, 'servers must be one or more of nats://host:port'],
    [{ servers: 'nats://me:secret@a' }, "use 'nats://127.0.0.1:4222', and credentials for who you are"],
    [{ pool: 'a.b' }, 'pool must be 1 to 64 letters, digits, - and _'],
    [{ pool: 3 }, 'pool must be a string, got 3'],
    [{ attempts: 0 }, 'attempts must be >= 1, got 0'],
    [{ attempts: Number.NaN }, 'attempts must be an integer'],
    [{ noWorkersTimeout: 0 }, 'noWorkersTimeout must be > 0 milliseconds, got 0'],
    [{ noWorkersTimeout: Number.NaN }, 'noWorkersTimeout must be a number of milliseconds'],
    [{ credentials: 7 }, 'credentials must be the path of a file'],
    [{ tls: { ca: 1 } }, 'tls.ca must be the path of a file in PEM, got 1'],
    [{ signingKey: {} }, 'signingKey must be the path of a file in PEM'],
  ])('refuse %j', (options, text) => {
    expect(refuse(options)).toThrow(text)
  })

  it('never say what a credential holds', () => {
    expect(refuse({ credentials: { user: 'me', password: 'hidden' } })).toThrow(/^(?!.*hidden)/)
  })
})

describe('the names of a pool', () => {
  const names = new Names('p', 'lw')

  it('read back the subject of a task, and of nothing else', () => {
    expect(names.readTask(names.task('c', 'r'))).toEqual({ client: 'c', run: 'r' })
    for (const subject of ['lw.t.q.c.r', 'lw.r.p.c.r', 'lw.t.p.c', 'lw.t.p.c.r.x', '']) {
      expect(names.readTask(subject)).toBeUndefined()
    }
  })

  it('hold no wildcard and no dot', () => {
    for (const text of ['*', '>', 'a b', 'a.b', '', 'x'.repeat(65), 'ä'])
      expect(() => token(text, 'pool')).toThrow(RangeError)
    expect(token('A-z_0', 'pool')).toBe('A-z_0')
  })
})
