import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildSync } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { KernelSyntaxError, LanewiseError } from '../../src/errors.ts'
import { InlineExecutor } from '../../src/executors/inline.ts'
import { ThreadPoolExecutor } from '../../src/executors/threads.ts'
import { range } from '../../src/inputs/range.ts'
import { repeat } from '../../src/inputs/repeat.ts'
import { blocksOf } from '../../src/kernel/assembly/entry.ts'
import { choose } from '../../src/kernel/assembly/signature.ts'
import { assemblyKernel } from '../../src/kernel/assembly-kernel.ts'
import { type Kernel, kernel, kernelOf } from '../../src/kernel/kernel.ts'
import { kernelParts } from '../../src/kernel/parts.ts'
import { executors } from '../support/executors.ts'

const LONG = 120_000 // a compile takes seconds, and tens of them on a busy machine

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanewise-assembly-'))
  // The compiler that the files find; it counts its runs.
  const compiler = join(folder, 'node_modules/assemblyscript/dist')
  mkdirSync(compiler, { recursive: true })
  writeFileSync(
    join(compiler, 'asc.js'),
    `import { appendFileSync } from 'node:fs'
     appendFileSync(${JSON.stringify(join(folder, 'runs'))}, '.')
     export { default } from ${JSON.stringify(import.meta.resolve('assemblyscript/asc'))}`,
  )
  writeFileSync(join(folder, 'node_modules/assemblyscript/package.json'), '{ "type": "module" }')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Writes a file of the folder; answers its path. */
function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

function thrown(run: () => unknown): Error & Partial<KernelSyntaxError> {
  try {
    run()
  } catch (error) {
    return error as Error
  }
  return expect.fail('nothing was thrown')
}

describe('a kernel of a file in AssemblyScript', () => {
  let fade: Kernel
  beforeAll(() => {
    write(
      'lanes.ts',
      'export function sum(v: v128): f64 { return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1) }',
    )
    write(
      'fade.ts',
      `import { sum } from './lanes'
       const table: StaticArray<f64> = [0.5, 0.25]
       export const VERSION: i32 = 3
       export function fade(x: f64, by: f64): f64 {
         return sum(f64x2.mul(f64x2.splat(x), f64x2(table[0], table[1]))) - by
       }`,
    )
    fade = assemblyKernel(pathToFileURL(join(folder, 'fade.ts')))
  }, LONG)

  it('is called like a function, and has its name, its parameters and no captures', () => {
    expect([fade(4, 1), fade.fn(-2, 0.5), fade.name, fade.length]).toEqual([2, -2, 'fade', 2])
    const call = fade as (...args: unknown[]) => number
    expect(() => call(4)).toThrow(new TypeError('fade takes numbers, got undefined for by; convert it first'))
    expect(fade.with({})(4, 1)).toBe(2)
    expect(() => fade.with({ gain: 3 })).toThrow(new TypeError('fade captures no gain; it captures nothing'))
    expect(fade.explain()).toContain(`${join(folder, 'fade.ts')}\n  fade(x: f64, by: f64): f64`)
  })

  it.each(executors)('gives on $name, on each engine, the bits of its plain call', async ({ open }) => {
    await using pool = open()
    const xs = Float32Array.from({ length: 5001 }, (_, i) => [Number.NaN, -0, Infinity, 1e-40, i / 7][i % 5]!)
    const ys = Int8Array.from({ length: 5001 }, (_, i) => i)
    const expected = Float64Array.from(xs, (x, i) => fade(x, ys[i]!))
    for (const engine of ['auto', 'js', 'wasm'] as const) {
      const map = pool.map(fade, xs, ys, { engine })
      expect(await map).toEqual(expected)
      expect(map.stats.engine).toBe(engine === 'auto' ? 'wasm' : engine)
      const out = new Uint8ClampedArray(5001)
      expect(await pool.map(fade, range(5001), repeat(-1), { engine, out })).toEqual(
        Uint8ClampedArray.from(out, (_, i) => fade(i, -1)),
      )
      // Enough rows for a fold by the workers.
      expect(await pool.reduce(fade, range(300_000), repeat(-1), { op: 'max', engine })).toBe(fade(299_999, -1))
    }
  })

  it(
    'is compiled again once its file, or what that imports, has changed',
    () => {
      const before = readFileSync(join(folder, 'runs'), 'utf8')
      const again = () => assemblyKernel(join(folder, 'fade.ts'), { name: 'other' })
      expect([again().name, again()(4, 1)]).toEqual(['other', 2])
      expect(readFileSync(join(folder, 'runs'), 'utf8')).toBe(before)
      write('lanes.ts', 'export function sum(v: v128): f64 { return f64x2.extract_lane(v, 0) }')
      expect([again()(4, 1), fade(4, 1)]).toEqual([1, 2])
      expect(readFileSync(join(folder, 'runs'), 'utf8')).toBe(`${before}.`)
    },
    LONG,
  )

  it('is no helper of another, and no single call', async () => {
    const call = () => kernel((x: number) => fade(x, 1), { with: { fade } })
    expect(call).toThrow(
      new TypeError('fade is of a module in AssemblyScript, which kernels cannot call; write it as a kernel'),
    )
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    expect(() => pool.submit(fade, 1, 2)).toThrow('a single call takes no kernel of a file in AssemblyScript, got fade')
  })
})

describe('code of its own', () => {
  let odd: Kernel
  beforeAll(() => {
    const text = `
      let rows: i32 = 0
      /** By its first parameter. */
      export function odd(what: i32, x: u32, isBig: bool, y: f32): f32 {
        if (what == 1) throw new Error('no')
        if (what == 2) return load<f32>(0xfffffff0)
        if (what == 3) while (true) rows++
        if (what == 4 && rows++ % 1000 == 0) memory.grow(1)
        if (what == 5) return <f32>new Array<f64>(100).length
        return <f32>x + <f32>isBig + y
      }`
    odd = assemblyKernel(write('odd.ts', text))
  }, LONG)

  it('takes numbers as JavaScript converts them', () => {
    expect(odd(2 ** 33, 2 ** 32 + 3.9, 0, 0)).toBe(3)
    expect(odd(0, -1, 0, 0)).toBe(2 ** 32)
    expect([odd(0, Number.NaN, Number.NaN, 0), odd(0, Infinity, -0.1, 0)]).toEqual([0, 1])
    expect(odd(0, 0, 0, 0.1)).toBe(Math.fround(0.1))
  })

  it.each([1, 2])('that traps fails the call, and the map, and leaves the worker as it was (%i)', async (what) => {
    expect(() => odd(what, 0, 0, 0)).toThrow(WebAssembly.RuntimeError)
    expect(odd(0, 1, 1, 1)).toBe(3)
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    const kinds = Int32Array.from({ length: 3000 }, (_, i) => (i === 2000 ? what : 0))
    const zeros = new Uint8Array(3000)
    for (const engine of ['js', 'wasm'] as const) {
      await expect(pool.map(odd, kinds, zeros, zeros, zeros, { engine })).rejects.toMatchObject({
        name: 'RuntimeError',
      })
      expect(await pool.map(odd, zeros, zeros, zeros, zeros, { engine })).toEqual(new Float64Array(3000))
    }
    await expect(new InlineExecutor().map(odd, kinds, zeros, zeros, zeros)).rejects.toMatchObject({
      name: 'RuntimeError',
    })
  })

  it('that never ends is stopped by the deadline', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    const threes = Uint8Array.of(3)
    await expect(pool.map(odd, threes, threes, threes, threes, { timeout: 100 })).rejects.toThrow(/^$/)
    expect(await pool.map(odd, [0], [1], [1], [1])).toEqual(Float64Array.of(3))
  })

  it('may have its memory grow, and have objects', async () => {
    await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
    const rows = Array.from({ length: 20_000 }, (_, i) => i)
    const zeros = new Uint8Array(20_000)
    for (const what of [4, 5]) {
      const results = await pool.map(odd, zeros.slice().fill(what), rows, zeros, zeros, { engine: 'wasm' })
      expect(results).toEqual(Float64Array.from(rows, (row) => (what === 4 ? row : 100)))
    }
  })

  it('that traps when it begins fails every map, and hangs none', async () => {
    // Imports env.memory, exports run and row, and its start function is `unreachable`.
    const bytes = Buffer.from(
      '0061736d01000000010401600000020f0103656e76066d656d6f727902000103020100070d0203726f7700000372756e00000801000a05010300000b',
      'hex',
    )
    const wasm = { module: new WebAssembly.Module(bytes), layout: { ...blocksOf(1), pages: 1 } }
    const code = { ...kernelParts(odd)!.code, inputs: [{ name: 'x' }], wasm }
    const broken = kernelOf((x: number) => x, {
      parts: { code, uniforms: new Float64Array(), tables: [] },
      booleans: new Set(),
      explain: String,
    })
    await using pool = new ThreadPoolExecutor({ maxWorkers: 2 })
    for (const engine of ['wasm', 'js', 'wasm'] as const) {
      await expect(pool.map(broken, [1, 2, 3], { engine })).rejects.toMatchObject({ name: 'RuntimeError' })
    }
    expect(() => broken(1)).toThrow(WebAssembly.RuntimeError)
  })
})

describe('a file that is no kernel', () => {
  it(
    'is refused with what asc says, by its own path, line and column',
    () => {
      const path = write('wrong.ts', `export function f(x: f64): f64 {\n  const wide: i32 = x\n  return 'x'\n}\n`)
      const error = thrown(() => assemblyKernel(path))
      expect(error).toBeInstanceOf(KernelSyntaxError)
      expect(error).toMatchObject({ line: 2, column: 21 })
      expect(error.message).toContain(
        `${path}:2:21: AS200: Conversion from type 'f64' to 'i32' requires an explicit cast.\n\nERROR AS200: `,
      )
      expect(error.frame).toContain(`\n 2 │ const wide: i32 = x\n`)
      expect(error.frame).toContain(`└─ in ${path}(3,10)`)
    },
    LONG,
  )

  it(
    'is refused with its functions where none is meant, and where one is that cannot be',
    () => {
      const path = write(
        'several.ts',
        `export function price(s: f64): f64 { return s }
       export function name(x: f64): string { return x.toString() }
       export function each(xs: StaticArray<f64>): f64 { return xs[0] }
       export function roll(x: f64): f64 { return Math.random() + x }
       export function drop(x: f64): void {}`,
      )
      const refused = (options?: { export: string }) => thrown(() => assemblyKernel(path, options)).message
      expect(refused({ export: 'roll' })).toBe(
        `${path}: roll needs env.seed; a kernel gets nothing from outside, so compute it, or take it as a parameter`,
      )
      expect(refused()).toBe(`${path}: it exports price, name, each, roll, drop; say which: { export: 'price' }`)
      expect(refused({ export: 'Prise' })).toBe(`${path}: it exports no function Prise; did you mean price?`)
      const takes = 'a kernel takes and gives f64, f32, i32, u32 or bool'
      expect(refused({ export: 'name' })).toBe(`${path}: name gives ~lib/string/String; ${takes}`)
      expect(refused({ export: 'drop' })).toBe(`${path}: drop gives void; ${takes}`)
      expect(refused({ export: 'each' })).toBe(`${path}: each takes ~lib/staticarray/StaticArray<f64> for xs; ${takes}`)
    },
    LONG,
  )

  it('is refused where there is none, or nothing in it', () => {
    const path = join(folder, 'none.ts')
    const error = thrown(() => assemblyKernel(path))
    expect(error).toBeInstanceOf(LanewiseError)
    expect(error).toMatchObject({
      code: 'ERR_LANEWISE_ASSEMBLY',
      message: `${path}: there is no such file; check its path`,
    })
    expect(choose([], undefined)).toMatch(/^it exports no function; write export/)
  })

  it('is refused where the options or the URL make no sense', () => {
    const make = assemblyKernel as (...args: unknown[]) => Kernel
    expect(() => make('x.ts', { exports: 'f' })).toThrow(
      new TypeError("assemblyKernel has no option 'exports'; did you mean export?"),
    )
    expect(() => make('x.ts', { export: 3 })).toThrow('export must be a text, got 3')
    expect(() => make(3)).toThrow("url must be a file's URL or path, got 3; use new URL('./file.ts', import.meta.url)")
    expect(() => make('https://a.b/c.ts')).toThrow("url must be a file's, got 'https://a.b/c.ts'")
    expect(() => make('x.js')).toThrow('which ends in .ts')
  })
})

it('says how to get the compiler where it is not installed', () => {
  const place = mkdtempSync(join(tmpdir(), 'lanewise-bare-'))
  onTestFinished(() => rmSync(place, { recursive: true }))
  writeFileSync(join(place, 'f.ts'), 'export function f(x: f64): f64 { return x }')
  const contents = `
    import { assemblyKernel } from './src/index.ts'
    try { assemblyKernel('f.ts') } catch ({ code, message }) { console.log(code, message) }`
  const bundle = { bundle: true, write: false, platform: 'node', format: 'esm', target: 'node20' } as const
  const { outputFiles } = buildSync({ stdin: { contents, resolveDir: process.cwd(), loader: 'ts' }, ...bundle })
  writeFileSync(join(place, 'program.mjs'), outputFiles[0]!.text)
  const said = execFileSync(process.execPath, ['program.mjs'], { cwd: place, encoding: 'utf8' })
  const path = join(place, 'f.ts')
  expect(said).toBe(
    `ERR_LANEWISE_NO_COMPILER ${path} needs AssemblyScript's own compiler, which is not installed; run npm install --save-dev assemblyscript\n`,
  )
})
