import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { pools } from '../support/executors.ts'

/** The globals that Node gives to a module. */
const ofModules: string[] = JSON.parse(
  execFileSync(process.execPath, [fileURLToPath(new URL('./globals.mjs', import.meta.url))], { encoding: 'utf8' }),
)

describe.each(pools)('a worker of a $name', ({ open }) => {
  it('has the globals of a module, and none of its own', async () => {
    await using pool = open({ maxWorkers: 1 })
    const names = await pool.submit(() => Object.getOwnPropertyNames(globalThis))
    expect(names.filter((name) => !ofModules.includes(name))).toEqual([])
    expect(ofModules.filter((name) => !names.includes(name))).toEqual([])
  })

  it('works on, whatever globals a function sets', async () => {
    const initializer = (): void => {
      Object.assign(globalThis, { loaded: 5, registry: {}, imports: [], world: 'ours', compile: undefined })
    }
    await using pool = open({ maxWorkers: 1, initializer })
    const add = (x: number): number => x + Number(Reflect.get(globalThis, 'loaded'))
    expect(await pool.map(add, [1, 2])).toEqual([6, 7])
  })
})
