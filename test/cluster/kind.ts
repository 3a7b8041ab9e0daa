import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { NatsOptions } from '../../src/cluster/options.ts'
import type { Kind } from '../support/executors.ts'
import { poolOf, server, World } from './world.ts'

/** The tests of all executors ask for so many workers at most. */
const MOST_WORKERS = 3

/**
 * A NatsExecutor on two hosts, as the tests see it that hold for each executor; it runs lambdas too. It has as many slots as a test asks workers for: one
 * of them on one host, more on two; each number is a pool of its own, since hosts say how many there are. To be asked for where tests are collected: they
 * open their pools there. None, where there is no server.
 */
export async function natsKinds(): Promise<Kind[]> {
  if (server === undefined) return []
  const world = await World.open({ hosts: 0 })
  afterAll(async () => await world[Symbol.asyncDispose]())
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const [secret, open] = [join(world.folder, 'key.pem'), join(world.folder, 'key.pub.pem')]
  writeFileSync(secret, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  writeFileSync(open, publicKey.export({ type: 'spki', format: 'pem' }))
  const more = ['--allow-source', open]
  await Promise.all(Array.from({ length: MOST_WORKERS }, (_, i) => world.openPool(i + 1, more)))
  const kind: Kind = {
    name: 'NatsExecutor',
    kind: 'process', // values are bytes, and a call that was sent is running
    ahead: (workers) => Math.max(4, 2 * workers) - workers,
    cannot: {
      blocking: 'its connection needs the event loop',
      recall: 'a call that was sent counts as running',
      initializer: 'workers belong to hosts',
      preparation: 'workers belong to hosts',
      earshot: 'word travels to a host no faster than a file is written for it',
      'letting be': 'its host ends it after 2 s',
    },
    open: (options = {}) => {
      const { maxWorkers = 2, ...others } = options
      return world.executor({ ...(others as NatsOptions), signingKey: secret, pool: poolOf(maxWorkers) })
    },
  }
  for (const [ability, why] of Object.entries(kind.cannot)) {
    console.log(`skipped on a NatsExecutor, what is about ${ability}: ${why}`)
  }
  return [kind]
}
