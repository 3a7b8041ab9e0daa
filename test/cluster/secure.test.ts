import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectTo } from '../../src/cluster/connect.ts'
import { createPool, DEFAULT_SHAPE, managerOf } from '../../src/cluster/pools.ts'
import { kernel, range } from '../../src/index.ts'
import { calls, names, server, World } from './world.ts'

const conf = readFileSync(fileURLToPath(new URL('../../examples/cluster/nats-server.conf', import.meta.url)), 'utf8')
const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) console.log('skipped, the test of TLS: there is no openssl to make certificates')

type User = 'operator' | 'submitter' | 'host'
const passOf = (user: User): string => `${user}-word`

describe.skipIf(server === undefined || !hasOpenssl)(
  'under TLS, with users who may do what they need',
  { timeout: 60_000 },
  () => {
    let world: World
    let ca: string
    const settings = (user: User): Parameters<typeof connectTo>[0] => ({
      servers: [world.url],
      credentials: { user, pass: passOf(user) },
      tls: { ca },
      name: 'a test',
      ...(user === 'operator' ? {} : { role: user }),
    })
    const as = async <T>(
      user: User,
      use: (connection: Awaited<ReturnType<typeof connectTo>>) => Promise<T>,
    ): Promise<T> => {
      const connection = await connectTo(settings(user))
      try {
        return await use(connection)
      } finally {
        await connection.close()
      }
    }

    beforeAll(async () => {
      const env = Object.fromEntries(
        (['operator', 'submitter', 'host'] as const).map((user) => [
          `LANEWISE_${user.toUpperCase()}_PASSWORD`,
          passOf(user),
        ]),
      )
      world = await World.openSecure(conf, env)
      ca = join(world.folder, 'ca.pem')
      await as('operator', async (connection) => {
        await createPool(await managerOf(connection), names, { ...DEFAULT_SHAPE, leaseMs: 2000 })
      })
      const host = world.addSecureHost(['--user', 'host', '--tls-ca', ca], { LANEWISE_PASSWORD: passOf('host') })
      await host.says(/has 2 slots/)
    }, 60_000)
    afterAll(async () => await world?.[Symbol.asyncDispose]())

    it('maps go through', async () => {
      const { servers, credentials, tls } = settings('submitter')
      await using pool = world.executor({ servers, credentials, tls })
      expect(await pool.map(calls.square, range(100), { chunksize: 7 })).toEqual(
        Array.from({ length: 100 }, (_, i) => i * i),
      )
      expect(
        await pool.map(
          kernel((x: number) => x + 1),
          range(5),
        ),
      ).toEqual(Float64Array.of(1, 2, 3, 4, 5))
      const big = new Uint8Array(2_000_000).fill(7)
      expect(((await pool.submit(calls.same, big)) as Uint8Array).length).toBe(big.length)
    })

    it('nobody comes in with another password, or without the authority', async () => {
      await expect(connectTo({ ...settings('host'), credentials: { user: 'host', pass: 'no' } })).rejects.toThrow(
        /cannot use the broker at .*are the credentials right/,
      )
      await expect(connectTo({ ...settings('host'), tls: {} })).rejects.toThrow('cannot use the broker')
    })

    it('a host cannot send tasks, tell others to cancel, or delete the pool', async () => {
      await as('host', async (connection) => {
        const refused: string[] = []
        void (async () => {
          for await (const status of connection.status())
            if (status.type === 'error') refused.push(String(status.error))
        })()
        for (const subject of [names.task('c', 'r'), names.control('c')]) connection.publish(subject, 'x')
        await connection.flush()
        await expect((await managerOf(connection)).streams.delete(names.stream)).rejects.toThrow(/permission/i)
        expect(refused.join()).toMatch(/lw\.t\.default\.c\.r/)
        expect(refused.join()).toMatch(/lw\.k\.default\.c/)
      })
      const kept = await as(
        'operator',
        async (connection) => await (await managerOf(connection)).streams.info(names.stream),
      )
      expect(kept.state.messages).toBe(0)
    })

    it.each<{ user: User; publications: string[]; subscriptions: string[] }>([
      {
        user: 'host',
        publications: [
          ...['t.default.c.r', 'k.default.c', 't.other.c.r', 'k.other.c', 'h.other.h'].map((each) => `lw.${each}`),
          ...['STREAM.DELETE', 'STREAM.PURGE', 'STREAM.UPDATE', 'STREAM.MSG.GET'].map(
            (each) => `$JS.API.${each}.LW_default`,
          ),
          ...['CONSUMER.DELETE.LW_default.w', 'CONSUMER.MSG.NEXT.LW_other.w', 'STREAM.DELETE.LW_other'].map(
            (each) => `$JS.API.${each}`,
          ),
          '$JS.ACK.LW_other.w.1.1.1.1.1',
        ],
        subscriptions: ['>', 'lw.t.>', 'lw.r.>', 'lw.h.default.*', 'lw.k.other.*', '_INBOX.submitter.>'],
      },
      {
        user: 'submitter',
        publications: [
          ...['r.c.r', 'h.default.h', 't.other.c.r', 'k.other.c'].map((each) => `lw.${each}`),
          ...['STREAM.DELETE', 'STREAM.UPDATE', 'STREAM.MSG.GET'].map((each) => `$JS.API.${each}.LW_default`),
          ...['CONSUMER.DELETE.LW_default.w', 'CONSUMER.MSG.NEXT.LW_default.w', 'STREAM.PURGE.LW_other'].map(
            (each) => `$JS.API.${each}`,
          ),
          '$JS.ACK.LW_other.w.1.1.1.1.1',
        ],
        subscriptions: ['>', 'lw.t.>', 'lw.k.default.*', 'lw.h.other.*', '_INBOX.host.>'],
      },
    ])('a $user can neither say nor hear what is of others, or of another pool', async (each) => {
      await as(each.user, async (connection) => {
        const statuses = connection.status()
        for (const subject of each.publications) connection.publish(subject, '{}')
        for (const subject of each.subscriptions) connection.subscribe(subject, { callback: () => {} })
        connection.publish('the.last', '{}')
        let said = ''
        for await (const status of statuses) {
          if (status.type === 'error') said += `${status.error}\n`.toLowerCase()
          if (said.includes('the.last')) break
        }
        const isRefused = (what: string, subject: string): boolean =>
          said.includes(`permissions violation for ${what} "${subject.toLowerCase()}"`)
        expect(each.publications.filter((subject) => !isRefused('publish to', subject))).toEqual([])
        expect(each.subscriptions.filter((subject) => !isRefused('subscription to', subject))).toEqual([])
      })
      const kept = await as(
        'operator',
        async (connection) => await (await managerOf(connection)).streams.info(names.stream),
      )
      expect(kept.state).toMatchObject({ messages: 0, consumer_count: 1 })
    })

    it('a submitter cannot take tasks, or delete the pool', async () => {
      await as('submitter', async (connection) => {
        const manager = await managerOf(connection)
        await expect(manager.streams.delete(names.stream)).rejects.toThrow(/permission/i)
        await expect(
          connection.request(`$JS.API.CONSUMER.MSG.NEXT.${names.stream}.w`, '{"batch":1}', { timeout: 500 }),
        ).rejects.toThrow(/permission/i)
      })
    })
  },
)
