import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type MapOptions, type Place, parseCallOptions, parseMapArguments } from '../../src/map/options.ts'
import { refusal } from './refusal.ts'

const options = (given: object, place?: Place): ReturnType<typeof parseMapArguments>['settings'] =>
  parseMapArguments([[1], given], place).settings

const kernel: Place = { executor: 'thread', isKernel: true }
const resizable = (): Float64Array => new Float64Array(new ArrayBuffer(8, { maxByteLength: 16 }))
const growable = (): Float64Array => new Float64Array(new SharedArrayBuffer(8, { maxByteLength: 16 }))

// Every bad value of every option: its class, and the whole text up to the next step.
const types = ['5', null, {}, true, 5n, [], () => 1]
const bad: [
  option: string,
  values: unknown[],
  type: typeof TypeError | typeof RangeError,
  rule: string,
  place?: Place,
][] = [
  ['chunksize', [null, {}, true, 5n, []], TypeError, "chunksize must be an integer or 'auto', got "],
  ['chunksize', ['5', 'AUTO', ''], TypeError, "chunksize must be an integer or 'auto', got "],
  ['chunksize', [0, -0, -1, -2.5, NaN, -Infinity], RangeError, 'chunksize must be >= 1, got '],
  ['chunksize', [1.5, Infinity], RangeError, 'chunksize must be an integer, got '],
  ['buffersize', types, TypeError, 'buffersize must be an integer, got '],
  ['buffersize', [1.5, NaN, Infinity, -Infinity], TypeError, 'buffersize must be an integer, got '],
  ['buffersize', [0, -0, -1, -(2 ** 53)], RangeError, 'buffersize must be undefined or > 0, got '],
  ['timeout', types, TypeError, 'timeout must be a number of milliseconds, got '],
  ['timeout', [NaN], RangeError, 'timeout must be a number of milliseconds, got NaN'],
  ['unordered', ['5', null, {}, 0, 1], TypeError, 'unordered must be true or false, got '],
  ['errors', [null, {}, 0, true], TypeError, "errors must be 'raise', 'continue', 'settle', got "],
  ['errors', ['', 'Raise', 'throw', 'settled'], RangeError, "errors must be 'raise', 'continue', 'settle', got "],
  ['engine', [null, {}, 0, true], TypeError, "engine must be 'auto', 'js', 'wasm', 'native', got ", kernel],
  ['engine', ['', 'rust', 'WASM'], RangeError, "engine must be 'auto', 'js', 'wasm', 'native', got ", kernel],
  ['out', [null, {}, [1], 5, '5'], TypeError, 'out must be a typed array of numbers, got ', kernel],
  ['out', [new BigInt64Array(1), new DataView(new ArrayBuffer(1))], TypeError, 'out must be a typed array of', kernel],
  ['out', [resizable(), growable()], TypeError, 'out must be on memory of fixed size, got ', kernel],
  ['onProgress', ['5', null, {}, 0], TypeError, 'onProgress must be a function, got '],
  ['signal', ['5', null, {}, 0, true, { aborted: false }], TypeError, 'signal must be an AbortSignal, got '],
  ['signal', [new AbortController(), new EventTarget()], TypeError, 'signal must be an AbortSignal, got '],
  ['itemTimeout', types, TypeError, 'itemTimeout must be a number of milliseconds, got '],
  ['itemTimeout', [0, -0, -1, NaN, -Infinity], RangeError, 'itemTimeout must be > 0 milliseconds, got '],
  ['retries', types, TypeError, 'retries must be an integer, got '],
  ['retries', [0.5, NaN, Infinity, -Infinity], RangeError, 'retries must be an integer, got '],
  ['retries', [-1, -(2 ** 53)], RangeError, 'retries must be >= 0, got '],
]
const grid = bad.flatMap(([option, values, type, rule, place]) =>
  values.map((value) => ({ option, value, type, rule, place })),
)

/** An input that nobody may touch. */
const untouchable = new Proxy([1], {
  get() {
    throw new Error('an input was touched')
  },
})

describe('parseMapArguments', () => {
  afterEach(() => vi.unstubAllEnvs())

  it.each(grid)('refuses $option: $value before it touches an input', ({ option, value, type, rule, place }) => {
    const { type: got, text } = refusal(() => parseMapArguments([untouchable, { [option]: value }], place))
    expect(got).toBe(type)
    expect(text.startsWith(rule)).toBe(true)
    expect(text).toMatch(/^[^\n]+; \S[^\n]+$/) // in one line, with a next step
  })

  it('has a bad row for each option there is', () => {
    expect([...new Set(bad.map(([option]) => option))].sort()).toEqual(
      Object.keys(options({}))
        .filter((name) => name !== 'spread')
        .sort(),
    )
  })

  it('fills in the defaults, for none, undefined, and a trailing undefined', () => {
    const defaults = {
      chunksize: 'auto',
      buffersize: undefined,
      timeout: undefined,
      unordered: false,
      errors: 'raise',
      engine: undefined,
      out: undefined,
      onProgress: undefined,
      signal: undefined,
      itemTimeout: undefined,
      retries: 0,
      spread: false,
    }
    const nothing = Object.fromEntries(Object.keys(defaults).filter((name) => name !== 'spread').map((name) => [name, undefined])) // biome-ignore format: one line
    expect(parseMapArguments([[1]]).settings).toEqual(defaults)
    for (const last of [undefined, {}, nothing, Object.create(null)]) {
      expect(parseMapArguments([[1], last])).toEqual({ inputs: [[1]], settings: defaults })
    }
    expect(parseMapArguments([])).toEqual({ inputs: [], settings: defaults })
  })

  it('keeps good values as they are', () => {
    const { signal } = new AbortController()
    const onProgress = (): void => {}
    const given = { chunksize: 8, buffersize: 64, timeout: -5, unordered: true, errors: 'settle', onProgress, signal }
    expect(options({ ...given, itemTimeout: 0.5, retries: 3 })).toMatchObject({
      ...given,
      itemTimeout: 0.5,
      retries: 3,
    })
    const out = new Float32Array(new SharedArrayBuffer(8))
    const kept = options({ engine: 'wasm', out }, kernel)
    expect([kept.engine, kept.out === out]).toEqual(['wasm', true])
    expect(options({ chunksize: 2 ** 53, timeout: 2 ** 53 })).toMatchObject({ chunksize: 2 ** 53, timeout: 2 ** 53 })
    expect(options({ buffersize: 2 ** 53, retries: 2 ** 53 })).toMatchObject({ buffersize: 2 ** 53, retries: 2 ** 53 })
  })

  it('reads Infinity as no limit, -Infinity and 0 as one that is over, and -0 as 0', () => {
    expect(options({ timeout: Infinity, itemTimeout: Infinity })).toMatchObject({
      timeout: undefined,
      itemTimeout: undefined,
    })
    expect(options({ timeout: -Infinity }).timeout).toBe(-Infinity)
    expect(options({ timeout: 0 }).timeout).toBe(0)
    expect(options({ retries: -0 }).retries).toBe(0)
  })

  it('takes a plain object at the end for the options, of another realm or without a prototype too', () => {
    const cases: unknown[] = [{ retries: 1 }, runInNewContext('({ retries: 1 })'), Object.assign(Object.create(null), { retries: 1 })] // biome-ignore format: one line
    for (const last of cases) {
      expect(parseMapArguments(['a', 'b', last])).toMatchObject({ inputs: ['a', 'b'], settings: { retries: 1 } })
    }
  })

  it('takes anything else at the end for an input', () => {
    class Options {
      retries = 1
    }
    const inputs: unknown[] = [
      new Options(),
      [1],
      'a',
      7,
      null,
      () => 1,
      new Map(),
      Promise.resolve(),
      { *[Symbol.iterator]() {} },
      { async *[Symbol.asyncIterator]() {} },
      Object.create({ retries: 1 }),
    ]
    for (const last of inputs) {
      const parsed = parseMapArguments([[1], last])
      expect(parsed.inputs[1]).toBe(last)
      expect(parsed.settings.retries).toBe(0)
    }
  })

  it('takes undefined for an input where nothing stands before it: data that is missing is no empty map', () => {
    expect(parseMapArguments([undefined]).inputs).toEqual([undefined])
    expect(parseMapArguments([undefined, undefined]).inputs).toEqual([undefined])
    expect(parseMapArguments([[1], undefined, undefined]).inputs).toEqual([[1], undefined])
  })

  it('suggests the nearest option for one it does not know', () => {
    expect(refusal(() => options({ chunkSize: 1 }))).toEqual({
      type: TypeError,
      text: "map has no option 'chunkSize'; did you mean chunksize?",
    })
    expect(refusal(() => options({ concurrency: 1 })).text).toMatch(
      /^map has no option 'concurrency'; its options are chunksize, buffersize, timeout, /,
    )
    expect(refusal(() => options({ timeoutt: undefined })).type).toBe(TypeError)
    expect(refusal(() => options(JSON.parse('{ "__proto__": 1 }'))).text).toMatch(/^map has no option '__proto__'/)
    expect(refusal(() => options({ spread: true })).text).toMatch(/^map has no option 'spread'/)
    expect(refusal(() => options({ toString: 1 })).text).toMatch(/^map has no option 'toString'/)
  })

  it('reads each option once, and passes on what a getter throws', () => {
    let reads = 0
    const counted = {
      get retries(): number {
        return ++reads
      },
    }
    expect([options(counted).retries, reads]).toEqual([1, 1])
    const error = new Error('from a getter')
    const failing = {
      get timeout(): number {
        throw error
      },
    }
    expect(() => options(failing)).toThrow(error)
  })

  it('takes nothing from a prototype that was tampered with', () => {
    const tampered = Object.prototype as { retries?: number }
    tampered.retries = 3
    try {
      expect(options({}).retries).toBe(0)
    } finally {
      delete tampered.retries
    }
  })

  it("checks in CPython's order: chunksize, buffersize, timeout", () => {
    const all = { timeout: 'x', buffersize: 0, chunksize: 0 }
    expect(refusal(() => options(all)).text).toMatch(/^chunksize/)
    expect(refusal(() => options({ ...all, chunksize: 1 })).text).toMatch(/^buffersize/)
    expect(refusal(() => options({ ...all, chunksize: 1, buffersize: 1 })).text).toMatch(/^timeout/)
  })

  it('refuses a buffersize below a chunksize that was given as a number, and says what would do', () => {
    expect(refusal(() => options({ buffersize: 8, chunksize: 100 }))).toEqual({
      type: RangeError,
      text: 'buffersize counts items, got 8 for chunks of 100; use 800 for 8 chunks',
    })
    expect(refusal(() => options({ buffersize: 1, chunksize: 2 })).text).toMatch(/use 2 for 1 chunk$/)
    expect(options({ buffersize: 8, chunksize: 8 })).toMatchObject({ buffersize: 8, chunksize: 8 })
    expect(options({ buffersize: 8, chunksize: 'auto' })).toMatchObject({ buffersize: 8, chunksize: 'auto' })
  })

  it('takes a signal of any make', () => {
    const signal = { aborted: true, addEventListener() {}, removeEventListener() {} }
    expect(options({ signal }).signal).toBe(signal)
  })

  it('refuses itemTimeout inline, where nothing could stop the call', () => {
    const { type, text } = refusal(() => options({ itemTimeout: 5 }, { executor: 'inline' }))
    expect([type, text.split(';')[0]]).toEqual([
      TypeError,
      'itemTimeout cannot be kept on an InlineExecutor, got 5: nothing could stop the call',
    ])
    for (const executor of ['thread', 'process'] as const)
      expect(options({ itemTimeout: 5 }, { executor }).itemTimeout).toBe(5)
    expect(options({ itemTimeout: Infinity }, { executor: 'inline' }).itemTimeout).toBeUndefined()
  })

  it.each([{ engine: 'js' }, { engine: 'auto' }, { out: new Float64Array(1) }])(
    'refuses %o for a plain function',
    (given) => {
      const { type, text } = refusal(() => options(given))
      expect(type).toBe(TypeError)
      expect(text).toContain('is for kernels, and fn is a plain function; leave it out, or wrap fn in kernel()')
    },
  )

  it.each([{ errors: 'settle' }, { itemTimeout: 5 }, { retries: 1 }])('refuses %o for a kernel', (given) => {
    const { type, text } = refusal(() => options(given, kernel))
    expect(type).toBe(TypeError)
    expect(text).toMatch(/^a kernel takes no (errors: 'settle'|itemTimeout|retries): /)
  })

  it('takes what does nothing to a kernel', () => {
    expect(options({ errors: 'continue', retries: 0, itemTimeout: Infinity }, kernel).errors).toBe('continue')
  })

  it.each([
    ['7', 7],
    ['auto', 'auto'],
    ['1', 1],
    ['', 3],
  ])('lets LANEWISE_CHUNKSIZE=%s override the option: %s', (text, chunksize) => {
    vi.stubEnv('LANEWISE_CHUNKSIZE', text)
    expect(options({ chunksize: 3 }).chunksize).toBe(chunksize)
  })

  it('caps LANEWISE_CHUNKSIZE at buffersize', () => {
    vi.stubEnv('LANEWISE_CHUNKSIZE', '100')
    expect(options({ buffersize: 8 })).toMatchObject({ chunksize: 8, buffersize: 8 })
    expect(options({ buffersize: 800 }).chunksize).toBe(100)
    expect(refusal(() => options({ buffersize: 8, chunksize: 9 })).type).toBe(RangeError)
  })

  it.each([['0'], ['-1'], ['1.5'], ['1e3'], ['0x10'], [' 7'], ['abc'], ['NaN'], ['Infinity']])(
    'refuses LANEWISE_CHUNKSIZE=%s by name',
    (text) => {
      vi.stubEnv('LANEWISE_CHUNKSIZE', text)
      const got = refusal(() => options({}))
      expect(got.type).toBe(RangeError)
      expect(got.text).toBe(`LANEWISE_CHUNKSIZE must be an integer >= 1 or 'auto', got '${text}'; set or unset it`)
    },
  )
})

describe('parseCallOptions', () => {
  it('fills in the defaults', () => {
    for (const given of [undefined, {}, { retries: undefined }]) {
      expect(parseCallOptions(given)).toEqual({ signal: undefined, itemTimeout: undefined, retries: 0 })
    }
  })

  it.each([[null], [7], ['x'], [[]], [() => 1], [new AbortController().signal], [new Map()]])(
    'refuses %o for options',
    (given) => {
      const { type, text } = refusal(() => parseCallOptions(given))
      expect(type).toBe(TypeError)
      expect(text).toMatch(/^options of schedule must be a plain object, got /)
    },
  )

  it("refuses a map's option", () => {
    expect(refusal(() => parseCallOptions({ timeout: 5 } satisfies MapOptions))).toEqual({
      type: TypeError,
      text: "schedule has no option 'timeout'; its options are signal, itemTimeout, retries",
    })
  })

  it.each(grid.filter(({ option }) => ['signal', 'itemTimeout', 'retries'].includes(option)))(
    'refuses $option: $value',
    ({ option, value, type, rule }) => {
      const got = refusal(() => parseCallOptions({ [option]: value }))
      expect([got.type, got.text.startsWith(rule)]).toEqual([type, true])
    },
  )

  it('refuses itemTimeout inline', () => {
    expect(() => parseCallOptions({ itemTimeout: 5 }, { executor: 'inline' })).toThrow(TypeError)
    expect(parseCallOptions({ itemTimeout: 5 }, { executor: 'process' }).itemTimeout).toBe(5)
  })
})
