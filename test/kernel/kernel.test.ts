import { execFileSync } from 'node:child_process'
import { buildSync } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { FunctionError } from '../../src/errors.ts'
import { InlineExecutor } from '../../src/executors/inline.ts'
import { ProcessPoolExecutor } from '../../src/executors/processes.ts'
import { ThreadPoolExecutor } from '../../src/executors/threads.ts'
import { type Kernel, kernel } from '../../src/kernel/kernel.ts'
import { kernelParts } from '../../src/kernel/parts.ts'
import { functionOf, rows } from './support/compiled.ts'

describe('a kernel, called', () => {
  it('gives the bits of its function, for exact operations', () => {
    const fn = (x: number, y: number) => {
      let sum = 0
      for (let i = 0; i < 5; i++) sum = sum * x + (y > i ? y : Math.trunc(x) | i)
      return sum % 7
    }
    const made = kernel(fn)
    for (const [x, y] of rows(2) as Iterable<[number, number]>) expect(made(x, y)).toBe(fn(x, y))
  })

  it('gives the bits of its maps, functions of Math among them', async () => {
    const made = kernel((x: number, y: number) => Math.sin(x) * Math.exp(y) + Math.hypot(x, y) ** 0.3)
    const all = [...rows(2)] as [number, number][]
    await using pool = new InlineExecutor()
    for (const engine of ['js', 'wasm'] as const) {
      const results = await pool.starmap(made, all, { engine })
      for (const [i, [x, y]] of all.entries()) expect(made(x, y)).toBe(results[i])
    }
  })

  it('gives 1 or 0 for a truth value, and takes it for a number', () => {
    const isUp = kernel((x: number, wasUp: boolean) => x > 2 || wasUp)
    expect([isUp(3, false), isUp(1, false), isUp(1, true)]).toEqual([1, 0, 1])
  })

  it('takes the default of a missing argument', () => {
    const fade = kernel((x: number, by = -0.5, floor = Math.E) => Math.max(x * by, floor))
    expect([fade(-20), fade(-20, 0.5), fade(1, undefined, -3)]).toEqual([10, Math.E, -0.5])
  })

  it('refuses what is no number', () => {
    const made = kernel((x: number, y = 1) => x + y, { name: 'sum' })
    const call = made as (...args: unknown[]) => number
    expect(() => call('1')).toThrow(new TypeError("sum takes numbers, got '1' for x; convert it first"))
    expect(() => call()).toThrow('sum takes numbers, got undefined for x')
    expect(() => call(1, 2n)).toThrow('sum takes numbers, got 2n for y')
    expect(() => call(1, null)).toThrow('sum takes numbers, got null for y')
  })

  it('ignores further arguments, as functions do', () => {
    const call = kernel((x: number) => x) as (...args: unknown[]) => number
    expect([1, 2].map(call)).toEqual([1, 2])
  })

  it('reads captured arrays as they are', () => {
    const table = Float32Array.of(0.5, 2)
    const at = kernel((i: number) => table[i]! + table.length, { with: { table } })
    expect([at(0), at(1), at(2)]).toEqual([2.5, 4, Number.NaN])
    table[1] = 7
    expect(at(1)).toBe(9)
    structuredClone(table.buffer, { transfer: [table.buffer] })
    expect(at(1)).toBe(Number.NaN)
  })

  it('has the name, the length and the function that it was made of', () => {
    const price = (s: number, k: number, t = 1) => s * k * t
    const made = kernel(price)
    expect([made.name, made.length, made.fn]).toEqual(['price', 2, price])
    expect(kernel((x: number) => x).name).toBe('kernel')
    expect(kernel(price, { name: 'other' }).name).toBe('other')
  })

  it('calls functions of Math where its loop would be too long for V8 to optimise, with the same bits', async () => {
    const lines = Array.from(
      { length: 40 },
      (_, i) => `x = Math.${['sin', 'exp', 'cos', 'log1p'][i % 4]}(x / ${i + 1})`,
    )
    const made = kernel(functionOf(`(x) => { ${lines.join('; ')}; return Math.hypot(x, 1e300, 3) * Math.atan2(x, x) }`))
    const text = kernelParts(made)?.code.js?.(['array']) ?? ''
    expect(text.length).toBeLessThan(30_000)
    expect(text.match(/\bconst sin\w* = \(/g)).toHaveLength(1)
    const xs = [...rows(1)].map(([x]) => x as number)
    await using pool = new InlineExecutor()
    const results = await pool.map(made as Kernel, xs, { engine: 'wasm' })
    for (const [i, x] of xs.entries()) expect(made(x)).toBe(results[i])
  })

  it('runs as scalar WASM where code from strings is forbidden', () => {
    const contents = `
      import { InlineExecutor, kernel, range, ThreadPoolExecutor } from './src/index.ts'
      const table = [1, 2, 4]
      const xs = Float64Array.from({ length: 5000 }, (_, i) => i / 7)
      const fn = (x, by = 2) => { let n = 0; while (x > 1) { x /= by; n++ } return n + table[n % 3] }
      const captures = { table: Int16Array.from(table) }
      const made = kernel(fn, { with: captures })
      const wanted = xs.map((x) => fn(x))
      const isSame = (values) => values.every((value, i) => value === wanted[i])
      const results = [xs.map((x) => made(x))]
      for (const pool of [new InlineExecutor(), new ThreadPoolExecutor({ maxWorkers: 2 })]) {
        for (const engine of ['js', 'wasm', 'auto']) results.push(await pool.map(made, xs, { engine }))
        // Enough rows for a fold by the workers; sums of integers are exact.
        const sum = await pool.reduce(made, range(300_000), { op: 'sum', engine: 'js' })
        console.log(sum === [...range(300_000)].reduce((sum, x) => sum + fn(x), 0))
        await pool.shutdown()
      }
      console.log(results.map(isSame).join())
      try { new Function('0'); console.log('allowed') } catch { console.log('forbidden') }`
    const { outputFiles } = buildSync({
      stdin: { contents, resolveDir: process.cwd(), loader: 'ts' },
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
      target: 'node20',
    })
    const text = execFileSync(
      process.execPath,
      ['--disallow-code-generation-from-strings', '--input-type=module', '-'],
      { input: outputFiles[0]?.text, encoding: 'utf8' },
    )
    expect(text).toBe('true\ntrue\ntrue,true,true,true,true,true,true\nforbidden\n')
  })
})

describe.each([
  ['inline', InlineExecutor],
  ['threads', ThreadPoolExecutor],
  ['processes', ProcessPoolExecutor],
] as const)('a kernel as a single call, %s', (_, Executor) => {
  const made = kernel((x: number, isUp: boolean, by = -0) => (isUp ? Math.exp(x) * gain : 1 / by), {
    name: 'single',
    with: { gain: -0.1 },
  })

  it('gives the bits of its plain call', async () => {
    await using pool = new Executor({ maxWorkers: 1 })
    expect(await pool.submit(made, 3.7, true)).toBe(made(3.7, true))
    expect(await pool.submit(made.with({ gain: 3 }), 3.7, true)).toBe(made.with({ gain: 3 })(3.7, true))
    expect(await pool.submit(made, 1, false)).toBe(Number.NEGATIVE_INFINITY)
    expect(await pool.schedule(made, [1, false, 4], { retries: 1 })).toBe(0.25)
  })

  it('refuses what is no number, and kernels that capture arrays', async () => {
    await using pool = new Executor({ maxWorkers: 1 })
    const submit = (...args: unknown[]) => pool.submit(made as (...args: unknown[]) => number, ...args)
    await expect(submit('1', true)).rejects.toThrow(/^single takes numbers, got .* for x; convert it first$/)
    await expect(submit(1)).rejects.toThrow('single takes numbers, got undefined for isUp; convert it first')
    const table = Float64Array.of(1)
    const reads = kernel((i: number) => table[i]!, { name: 'reads', with: { table } })
    expect(() => pool.submit(reads, 0)).toThrow(
      new FunctionError(
        'a single call takes no kernel that captures arrays, got reads, which reads table; use map with arrays of one item',
      ),
    )
  })
})

describe('a kernel that calls another', () => {
  const table = Float64Array.of(1, 2)
  const inner = kernel((x: number) => (isOn ? table[x]! * gain : 0), { with: { gain: 10, isOn: true, table } })

  it('has the bits of both, with what the other captures', () => {
    const outer = kernel((x: number) => inner(x) + inner(0), { with: { inner } })
    expect([outer(1), outer(0)]).toEqual([30, 20])
    const changed = inner.with({ gain: 3, table: Uint8Array.of(5, 6) })
    expect(kernel((x: number) => changed(x), { with: { changed } })(1)).toBe(18)
  })

  it('may change what the other captures', () => {
    const outer = kernel((x: number) => inner(x), { with: { inner } })
    expect(outer.with({ 'inner.gain': 1 })(1)).toBe(2)
  })
})

describe('with()', () => {
  const table = Float64Array.of(1, 2)
  const made = kernel((x: number) => (isOn ? table[x]! * gain : 0), {
    name: 'f',
    with: { gain: 10, isOn: true, table },
  })

  it('gives the same code with other captures, and leaves the kernel as it is', () => {
    expect([made(1), made.with({ gain: 3 })(1), made.with({ table: Uint8Array.of(5, 6) })(1)]).toEqual([20, 6, 60])
    expect([made.with({ isOn: false })(1), made(1)]).toEqual([0, 20])
    expect(made.with({ gain: 3 }).with({ isOn: true })(0)).toBe(3)
    expect(made.with({}).fn).toBe(made.fn)
  })

  it('refuses names that are not captured, and values of another kind', () => {
    expect(() => made.with({ other: 1 })).toThrow(new TypeError('f captures no other; it captures gain, isOn, table'))
    const refused: [object, string][] = [
      [{ gain: true }, 'f captures a number for gain, got true; give it one, or compile it anew'],
      [{ isOn: 1 }, 'f captures a boolean for isOn, got 1; give it one, or compile it anew'],
      [{ table: [1, 2] }, 'f captures a typed array for table, got [Array]; give it one, or compile it anew'],
      [{ table: new BigInt64Array(2) }, 'f captures a typed array for table, got [BigInt64Array]'],
    ]
    for (const [captures, message] of refused) expect(() => made.with(captures as never)).toThrow(message)
    expect(() => made.with(3 as never)).toThrow('with must be a plain object of what names stand for, got 3')
  })
})

declare const gain: number
declare const isOn: boolean

describe('kernel()', () => {
  const make = kernel as (...args: unknown[]) => unknown
  const fn = (x: number) => x

  it('takes a function, and options that it knows', () => {
    expect(() => make(3)).toThrow(new TypeError('kernel takes a function over numbers, got 3; give it one'))
    expect(() => make(undefined)).toThrow(TypeError)
    expect(() => make(fn, { With: {} })).toThrow("kernel has no option 'With'; did you mean with?")
    expect(() => make(fn, { with: [1] })).toThrow(
      'with must be a plain object of what names stand for, got [Array]; use { name: value }',
    )
    expect(() => make(fn, { name: '' })).toThrow("name must be a text, got ''; leave it out")
    expect(() => make(fn, 'price')).toThrow("options of kernel must be a plain object, got 'price'")
    expect(make(fn, undefined)).toBeTypeOf('function')
  })

  it('takes the names of captures from a function that gives them, which a minifier renames with the kernel', () => {
    const [e, n] = [3, Float64Array.of(1, 2)]
    const t = kernel((x: number) => x * gain, { with: { gain: 5 } })
    const fn = (x: number) => e * n[x]! + t(x) + 7
    const made = kernel(fn, { with: () => ({ gain: e, table: n, helper: t, unused: 1 + 1 }) })
    expect(made(1)).toBe(3 * 2 + 5 + 7)
    expect(made.with({ gain: 10, table: Uint8Array.of(0, 4) })(1)).toBe(10 * 4 + 5 + 7)
    expect(() => made.with({ e: 1 })).toThrow('fn captures no e; it captures gain, helper.gain, unused, table')
    const module = { gain: 2 }
    const imported = functionOf('(x) => module.gain * x', { module })
    const given = () => {
      return { factor: module.gain }
    }
    expect(kernel(imported, { with: given }).with({ factor: 5 })(2)).toBe(10)
    expect(() => make(fn, { with: () => 3 })).toThrow('with() must be a plain object of what names stand for, got 3')
    expect(() => make(fn, { with: Math.random })).toThrow('with() must be a plain object')
  })

  it('refuses at once what is not in the language', () => {
    expect(() => kernel((x: number) => Math.random() * x)).toThrow(
      expect.objectContaining({ name: 'KernelSyntaxError', code: 'ERR_LANEWISE_KERNEL_SYNTAX', line: 1 }),
    )
  })
})
