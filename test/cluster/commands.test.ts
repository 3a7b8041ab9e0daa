import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { findServer } from '../../src/cli/cluster.ts'
import { RefusedByHostsError } from '../../src/cluster/errors.ts'
import { calls, server, World } from './world.ts'

const command = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** Runs the command line: its exit code and what it printed. */
async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code: code as number, out, err }
}

describe('lanewise worker', { timeout: 60_000 }, () => {
  it.each([
    [[], 'a worker needs --credentials FILE or --user NAME; for a server on this machine alone, --insecure'],
    [
      ['--insecure', '--servers', 'nats://10.0.0.1:4222'],
      '--insecure is for a server on this machine, got nats://10.0.0.1:4222',
    ],
    [['--credentials', 'none.creds'], '--credentials must be a file, and there is none at none.creds'],
    [['--insecure', '--slots', '0'], '--slots must be an integer of 1 to 4096, or auto, got 0'],
    [['--insecure', '--isolation', 'vm'], '--isolation must be thread or process, got vm'],
    [['--insecure', '--modules', 'none'], '--modules must be a folder, and there is none at none'],
    [['--insecure', '--pool', 'a.b'], '--pool must be 1 to 64 letters, digits, - and _'],
    [['--insecure', '--metrics', '9464'], '--metrics must be HOST:PORT, got 9464'],
  ])('called with %j exits with 2 and says why', async (args, why) => {
    const { code, err } = await run('worker', ...args)
    expect(code).toBe(2)
    expect(err).toContain(why)
  })

  it('exits with 1 where there is no broker', async () => {
    const { code, err } = await run('worker', '--insecure', '--servers', 'nats://127.0.0.1:1')
    expect(code).toBe(1)
    expect(err).toContain('cannot use the broker at nats://127.0.0.1:1')
  })
})

describe.skipIf(server === undefined)('with a broker', { timeout: 60_000 }, () => {
  it('lanewise worker --once ends when it has run something', async () => {
    await using world = await World.open({ hosts: 0 })
    const host = world.addHost(['--once'])
    await host.says(/slots/)
    await using pool = world.executor()
    expect(await pool.submit(calls.square, 3)).toBe(9)
    expect(await host.ended()).toBe(0)
  })

  it('a worker serves its counts to Prometheus', async () => {
    await using world = await World.open({ hosts: 0 })
    const host = world.addHost(['--metrics', '127.0.0.1:0'])
    const [, port] = await host.says(/metrics at http:\/\/127\.0\.0\.1:(\d+)\/metrics/)
    await host.says(/has 2 slots/)
    await using pool = world.executor()
    expect(await pool.submit(calls.square, 3)).toBe(9)
    const [response] = await once(get(`http://127.0.0.1:${port}/metrics`), 'response')
    const page = await text(response)
    expect(page).toMatch(/^lanewise_slots\{host="[\w-]+"\} 2$/m)
    expect(page).toMatch(/^lanewise_chunks_done_total\{host="[\w-]+"\} 1$/m)
  })

  it('lanewise pool makes, shows and deletes one', async () => {
    await using world = await World.open({ hosts: 0 })
    const servers = ['--servers', world.url]
    expect(await run('pool', 'info', 'p', ...servers)).toMatchObject({
      code: 1,
      out: expect.stringContaining('there is no pool p'),
    })
    const made = await run('pool', 'create', 'p', '--lease', '5', '--storage', 'file', ...servers)
    expect(made).toMatchObject({
      code: 0,
      out: expect.stringMatching(/storage {3}file, 1 server\nlease {5}5 s, 8 deliveries at most/),
    })
    expect(await run('pool', 'delete', 'p', ...servers)).toMatchObject({ code: 0, out: 'pool p is deleted\n' })
    expect(await run('pool', 'burn', 'p', ...servers)).toMatchObject({ code: 2 })
  })

  it('lanewise doctor --servers counts hosts and slots', async () => {
    await using world = await World.open({ hosts: 1 })
    const { code, out } = await run('doctor', '--servers', world.url, '--json')
    expect(code).toBe(0)
    const found = JSON.parse(out)
    expect(found).toMatchObject({ schema: 1, slots: 2, pool: { name: 'default', exists: true }, problems: [] })
    expect(found.hosts).toHaveLength(1)
  })

  it('hosts run a source that is signed by a key of theirs, and no other', async () => {
    await using world = await World.open({ hosts: 0 })
    const files = [0, 1].map((i) => {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519')
      const [secret, open] = [join(world.folder, `${i}.pem`), join(world.folder, `${i}.pub.pem`)]
      writeFileSync(secret, privateKey.export({ type: 'pkcs8', format: 'pem' }))
      writeFileSync(open, publicKey.export({ type: 'spki', format: 'pem' }))
      return { secret, open }
    })
    const host = world.addHost(['--allow-source', files[0]!.open])
    await host.says(/slots/)
    {
      await using pool = world.executor({ signingKey: files[0]!.secret })
      expect(await pool.map((n: number) => n * 3, [1, 2, 3])).toEqual([3, 6, 9])
    }
    await using pool = world.executor({ signingKey: files[1]!.secret })
    const refused = pool.map((n: number) => n * 4, [1])
    await expect(refused).rejects.toThrow(RefusedByHostsError)
    await expect(refused).rejects.toThrow(/the source is signed by no key that it lists/)
  })

  it('hosts without the module refuse it, and the error says what each of them lacks', async () => {
    await using world = await World.open({
      hosts: 0,
      hostArgs: ['--modules', fileURLToPath(new URL('fixtures', import.meta.url))],
    })
    const host = world.addHost()
    await host.says(/slots/)
    await using pool = world.executor()
    await expect(pool.map(calls.square, [1, 2])).rejects.toThrow(
      /no host of pool default runs it: .*: its --modules folder is not lanewise/,
    )
  })

  it('lanewise cluster --dev prints what makes an executor, and ends all it began', async () => {
    const child = spawn(process.execPath, [command, 'cluster', '--dev', '--slots', '1'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stderr.resume()
    let out = ''
    child.stdout.setEncoding('utf8').on('data', (more: string) => (out += more))
    while (!out.includes('})\n')) await once(child.stdout, 'data')
    const url = /nats:\/\/127\.0\.0\.1:\d+/.exec(out)![0]
    expect((await run('doctor', '--servers', url)).out).toMatch(/hosts {9}2, with 2 slots/)
    child.kill('SIGTERM')
    expect((await once(child, 'exit'))[0]).toBe(0)
    expect((await run('doctor', '--servers', url)).code).toBe(1)
  })
})

describe('nats-server', () => {
  it('is looked for where the variable says, and missed with a way to get it', () => {
    expect(() => findServer({ LANEWISE_NATS_SERVER: '/none' })).toThrow('there is none at /none')
    expect(findServer({ LANEWISE_NATS_SERVER: process.execPath })).toBe(process.execPath)
  })
})
