import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { NatsOptions } from '../../src/cluster/options.ts'
import type { Kind } from '../support/executors.ts'
import { server, World } from './world.ts'

/**
 * A NatsExecutor with two hosts of two slots, as the tests see it that hold for each executor; it runs lambdas too. To be asked for where tests are
 * collected: they open their pools there. None, where there is no server.
 */
export async function natsKinds(): Promise<Kind[]> {
  if (server === undefined) return []
  const world = await World.open({ hosts: 0 })
  afterAll(async () => await world[Symbol.asyncDispose]())
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const [secret, open] = [join(world.folder, 'key.pem'), join(world.folder, 'key.pub.pem')]
  writeFileSync(secret, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  writeFileSync(open, publicKey.export({ type: 'spki', format: 'pem' }))
  const hosts = [0, 1].map(() => world.addHost(['--allow-source', open]))
  await Promise.all(hosts.map((host) => host.says(/slots/)))
  const kind: Kind = {
    name: 'NatsExecutor',
    kind: 'process', // values are bytes, and a call that was sent is running
    open: (options = {}) => {
      const { maxWorkers: _slots, ...others } = options
      return world.executor({ ...(others as NatsOptions), signingKey: secret })
    },
  }
  return [kind]
}
