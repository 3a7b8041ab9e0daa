import { describe, expect, expectTypeOf, it } from 'vitest'
import { FunctionError } from '../../src/errors.ts'
import { describeFunction } from '../../src/functions/describe.ts'
import { markOf, type Tasks, task, tasks, tasksOf } from '../../src/functions/task.ts'

/** An import.meta as another module would have it. */
function metaOf(url: string): ImportMeta {
  return { url } as ImportMeta
}

describe('task', () => {
  it('gives the function back as it is, and numbers it in its module', () => {
    const meta = metaOf('file:///numbers.js')
    const fns = [(x: number) => x, (x: number) => x, (x: number) => x + 1] as const
    expect(fns.map((fn) => task(meta, fn))).toEqual(fns)
    expect(fns.map((fn) => markOf(fn))).toEqual([0, 1, 2].map((ordinal) => ({ url: 'file:///numbers.js', ordinal })))
    expect(tasksOf('file:///numbers.js')).toEqual(fns)
    expectTypeOf(task(meta, fns[0])).toEqualTypeOf<(x: number) => number>()
  })

  it('keeps the first mark of a function that is registered twice', () => {
    const meta = metaOf('file:///twice.js')
    const fn = (): number => 1
    task(meta, fn)
    task(meta, fn)
    expect(markOf(fn)).toEqual({ url: 'file:///twice.js', ordinal: 0 })
    expect(tasksOf('file:///twice.js')).toEqual([fn, fn])
  })

  it('begins to count anew when its module is evaluated anew', () => {
    const [before, after] = [() => 1, () => 1]
    task(metaOf('file:///reloaded.js'), before)
    task(metaOf('file:///reloaded.js'), after)
    expect(markOf(after)).toEqual({ url: 'file:///reloaded.js', ordinal: 0 })
    expect(tasksOf('file:///reloaded.js')).toEqual([after])
  })

  it('shares its register with every other copy of this package in the thread', async () => {
    const again = new URL('../../src/functions/task.ts?copy', import.meta.url).href
    const copy = (await import(/* @vite-ignore */ again)) as { markOf: typeof markOf; task: typeof task }
    expect(copy.task).not.toBe(task)
    const fn = copy.task(import.meta, () => 1)
    expect(markOf(fn)).toEqual({ url: import.meta.url, ordinal: 0 })
  })

  it.each([undefined, null, 5, 'file:///a.js', { url: 5 }, { url: null }])('refuses %o as import.meta', (meta) => {
    expect(() => task(meta as never, () => 1)).toThrow(
      new TypeError('meta must be the import.meta of the module; write task(import.meta, fn)'),
    )
  })

  describe('with an import.meta that has no URL, as bundles to CommonJS have it', () => {
    const bundled = {} as ImportMeta
    const outside = new Map([[1, 2]])

    it('gives the function back, and a self-contained one still travels', () => {
      const fn = (x: number): number => x + 1
      expect(task(bundled, fn)).toBe(fn)
      expect(describeFunction(fn)).toMatchObject({ kind: 'source' })
    })

    it('leaves another one to be refused when it is sent, with the reason and the ways that are sure', () => {
      const fn = task(bundled, (x: number) => outside.get(x))
      expect(() => describeFunction(fn)).toThrow(FunctionError)
      expect(() => describeFunction(fn)).toThrow(
        /its mark is lost: its import\.meta has no URL.* tasks\(new URL\(.*\)\), or write it self-contained/,
      )
    })

    it('keeps a mark that the function had before', () => {
      const fn = task(metaOf('file:///before.js'), () => 1)
      task(bundled, fn)
      expect(markOf(fn)).toEqual({ url: 'file:///before.js', ordinal: 0 })
    })
  })

  it.each([undefined, null, 5, {}])('refuses %o as the function', (fn) => {
    expect(() => task(import.meta, fn as never)).toThrow(
      /^fn must be a function, got .*; write task\(import\.meta, fn\)$/,
    )
  })

  it('knows no mark of a function that nobody marked', () => {
    expect(markOf(() => 1)).toBeUndefined()
    expect(tasksOf('file:///nobody.js')).toEqual([])
  })
})

describe('tasks', () => {
  const url = `data:text/javascript,${encodeURIComponent(
    'export const half = (x) => { if (x < 0) throw new RangeError("below 0"); return x / 2 }; export default async (x) => -x; export const k = 3',
  )}`
  type Module = { half: (x: number) => number; default: (x: number) => Promise<number>; k: number }

  it('gives the same handle for the same export, and knows where it leads', () => {
    const { half, default: negate } = tasks<Module>(url)
    expect(tasks<Module>(new URL(url)).half).not.toBe(half)
    const again = tasks<Module>(url)
    expect(again.half).toBe(again.half)
    expect(half.name).toBe('half')
    expect(markOf(half)).toEqual({ url, export: 'half' })
    expect(markOf(negate)).toEqual({ url, export: 'default' })
  })

  it('imports the module and calls the function when a handle is called here', async () => {
    const { half, default: negate } = tasks<Module>(url)
    expect(await half(5)).toBe(2.5)
    expect(await negate(5)).toBe(-5)
    await expect(half(-1)).rejects.toThrow(new RangeError('below 0'))
  })

  it('rejects a call of what the module does not export', async () => {
    const { gone, k } = tasks<Record<string, () => number>>(url) as Record<string, () => Promise<number>>
    await expect(gone?.()).rejects.toThrow(/exports no function gone$/)
    await expect(k?.()).rejects.toThrow(/exports no function k$/)
  })

  it('can be returned from an async function, and looked at', async () => {
    const handles = await (async () => tasks<Module>(url))()
    expect(handles.half).toBeTypeOf('function')
    expect(String(Object.prototype.toString.call(handles))).toBe('[object Object]')
  })

  it.each(['./geo.js', '/geo.js', 'geo', 'C:\\\\geo.js', 'https://host/geo.js', ''])('refuses %o', (path) => {
    expect(() => tasks(path)).toThrow(
      new TypeError(
        `url must be a file:, data: or node: URL, got '${path}'; write new URL('./file.js', import.meta.url)`,
      ),
    )
  })

  it('has the functions of the module in its type, asynchronous, and nothing else', () => {
    expectTypeOf<Tasks<Module>>().toEqualTypeOf<{
      readonly half: (x: number) => Promise<number>
      readonly default: (x: number) => Promise<number>
    }>()
  })
})
