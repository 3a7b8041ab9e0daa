import { execFile } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { blocksOfPage, comparable, withPrints } from '../docs/blocks.ts'
import { read, root } from '../docs/site.ts'
import { server, World } from './world.ts'

const blocks = blocksOfPage('docs/cluster.md', read('docs/cluster.md')).filter(({ language }) => language === 'js')

describe.skipIf(server === undefined)('docs/cluster.md', { timeout: 60_000 }, () => {
  it('has a program that prints what stands there, and ends by itself', async () => {
    await using world = await World.open({ hosts: 0 })
    const app = join(world.folder, 'app')
    mkdirSync(join(app, 'node_modules'), { recursive: true })
    symlinkSync(root, join(app, 'node_modules/lanewise'), 'junction')
    writeFileSync(join(app, 'package.json'), '{ "name": "app", "version": "1.0.0", "type": "module" }')
    for (const { code } of blocks) {
      const name = /^\/\/ (\S+)/.exec(code)![1]!
      writeFileSync(join(app, name), withPrints(code, 'console.log').replaceAll('nats://127.0.0.1:4222', world.url))
    }
    const hosts = [0, 1].map(() => world.addHost(['--modules', app]))
    await Promise.all(hosts.map((host) => host.says(/slots/)))
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(app, 'first.mjs')], {
      cwd: app,
      timeout: 50_000,
    })
    expect(stderr).toBe('')
    expect(comparable(stdout)).toBe(comparable(blocks.at(-1)?.output ?? ''))
  })
})
