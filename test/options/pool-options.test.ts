import { afterEach, describe, expect, it, vi } from 'vitest'
import { FunctionError } from '../../src/errors.ts'
import { usableCores } from '../../src/executors/cores.ts'
import { checkShutdownOptions, initializerOf, parsePoolOptions } from '../../src/executors/options.ts'
import { decodeValue } from '../../src/wire/codec.ts'
import { transfer } from '../../src/wire/transfer.ts'
import { type Refusal, refusal } from './refusal.ts'

type Kind = Parameters<typeof parsePoolOptions>[1]

const kinds: Kind[] = ['inline', 'thread', 'process']
const fn = (x: number): number => x

const types = ['5', null, {}, true, 5n, [], () => 1]
const bad: [option: string, values: unknown[], type: Refusal['type'], rule: string][] = [
  ['maxWorkers', types, TypeError, 'maxWorkers must be an integer, got '],
  ['maxWorkers', [1.5, NaN, Infinity, -Infinity], RangeError, 'maxWorkers must be an integer, got '],
  ['maxWorkers', [0, -0, -1, -(2 ** 53)], RangeError, 'maxWorkers must be greater than 0, got '],
  ['maxWorkers', [2 ** 16 + 1, 2 ** 53], RangeError, 'maxWorkers must be <= 65536, got '],
  ['initializer', ['5', null, {}, 7, []], TypeError, 'initializer must be a callable, got '],
  ['initargs', ['5', null, {}, 7, new Set()], TypeError, 'initargs must be an array, got '],
  ['initargs', [[1, transfer(new ArrayBuffer(8))]], TypeError, 'initargs go to every worker, got a transfer()'],
  ['maxTasksPerChild', types, TypeError, 'maxTasksPerChild must be an integer, got '],
  ['maxTasksPerChild', [1.5, NaN, Infinity], TypeError, 'maxTasksPerChild must be an integer, got '],
  ['maxTasksPerChild', [0, -0, -1], RangeError, 'maxTasksPerChild must be >= 1, got '],
  ['threadNamePrefix', [null, {}, 7, true], TypeError, 'threadNamePrefix must be a string, got '],
  ['engine', [null, 7, {}], TypeError, "engine must be 'auto', 'js', 'wasm', 'native', got "],
  ['engine', ['rust', ''], RangeError, "engine must be 'auto', 'js', 'wasm', 'native', got "],
  ['signal', ['5', null, {}, new AbortController()], TypeError, 'signal must be an AbortSignal, got '],
  ['cancelOnError', ['yes', null, 0, 1], TypeError, 'cancelOnError must be true or false, got '],
  ['onWorkerDeath', [null, 7, true], TypeError, "onWorkerDeath must be 'replace', 'break', got "],
  ['onWorkerDeath', ['replaced', ''], RangeError, "onWorkerDeath must be 'replace', 'break', got "],
  ['resourceLimits', ['5', null, 7, []], TypeError, 'options of resourceLimits must be a plain object, got '],
  [
    'resourceLimits',
    [{ stackSizeMb: '4' }, { stackSizeMb: null }],
    TypeError,
    'resourceLimits.stackSizeMb must be meg',
  ],
  [
    'resourceLimits',
    [0, -1, 0.25, NaN, Infinity, 2 ** 53].map((stackSizeMb) => ({ stackSizeMb })),
    RangeError,
    'resourceLimits.stackSizeMb must be megabytes from 0.5 to 1048576, got ',
  ],
  ...['maxOldGenerationSizeMb', 'maxYoungGenerationSizeMb', 'codeRangeSizeMb'].map((key): (typeof bad)[number] => [
    'resourceLimits',
    [0, -1, NaN, Infinity, 2 ** 53].map((size) => ({ [key]: size })),
    RangeError,
    `resourceLimits.${key} must be megabytes above 0, up to 1048576, got `,
  ]),
  [
    'resourceLimits',
    [{ maxOldGenerationSizeMB: 1 }],
    TypeError,
    "resourceLimits has no option 'maxOldGenerationSizeMB'",
  ],
  ['env', ['5', null, 7, []], TypeError, 'env must be an object of strings, got '],
  ['execArgv', ['--a', null, 7, {}, [7]], TypeError, 'execArgv must be an array of strings, got '],
]
const grid = bad.flatMap(([option, values, type, rule]) => values.map((value) => ({ option, value, type, rule })))

describe('parsePoolOptions', () => {
  afterEach(() => vi.unstubAllGlobals())

  it.each(grid)('refuses $option: $value', ({ option, value, type, rule }) => {
    const got = refusal(() => parsePoolOptions({ [option]: value }, 'thread'))
    expect([got.type, got.text.slice(0, rule.length)]).toEqual([type, rule])
    expect(got.text).toMatch(/^[^\n]+; \S[^\n]+$/) // in one line, with a next step
  })

  it('has a bad row for each option there is', () => {
    expect([...new Set(bad.map(([option]) => option))].sort()).toEqual(
      Object.keys(parsePoolOptions({}, 'thread')).sort(),
    )
  })

  it.each(kinds)('fills in the defaults (%s)', (kind) => {
    for (const given of [undefined, {}, { maxWorkers: undefined, env: undefined }]) {
      const { threadNamePrefix, maxWorkers, ...others } = parsePoolOptions(given, kind)
      expect(others).toEqual({
        initializer: undefined,
        initargs: [],
        maxTasksPerChild: undefined,
        engine: 'auto',
        signal: undefined,
        cancelOnError: false,
        onWorkerDeath: 'replace',
        resourceLimits: undefined,
        env: undefined,
        execArgv: undefined,
      })
      expect(maxWorkers).toBe(kind === 'inline' ? 1 : usableCores())
      expect(threadNamePrefix).toMatch(/^(Inline|ThreadPool|ProcessPool)Executor-\d+$/)
    }
  })

  it('keeps good values', () => {
    const { signal } = new AbortController()
    const given = {
      maxWorkers: 3,
      initializer: fn,
      maxTasksPerChild: 2,
      threadNamePrefix: 'hash',
      engine: 'js',
      signal,
      cancelOnError: true,
      onWorkerDeath: 'break',
      resourceLimits: { maxOldGenerationSizeMb: 64 },
      env: { A: 'b' },
      execArgv: ['--expose-gc'],
    }
    expect(parsePoolOptions({ ...given, initargs: [1] }, 'thread')).toEqual({ ...given, initargs: [1] })
  })

  it('takes initargs as they are at the call', () => {
    const initargs = [1]
    const settings = parsePoolOptions({ initializer: fn, initargs }, 'thread')
    initargs[0] = 2
    expect(settings.initargs).toEqual([1])
  })

  it('numbers executors without a name, each kind for itself', () => {
    const name = (kind: Kind, given?: object): string => parsePoolOptions(given, kind).threadNamePrefix
    const first = name('thread')
    const next = `ThreadPoolExecutor-${Number(first.split('-')[1]) + 1}`
    name('process')
    expect(name('thread', { threadNamePrefix: 'mine' })).toBe('mine')
    expect(name('thread', { threadNamePrefix: '' })).toBe(next)
  })

  it.each([
    ['inline', { maxTasksPerChild: 1 }],
    ['inline', { threadNamePrefix: 'x' }],
    ['inline', { onWorkerDeath: 'break' }],
    ['inline', { resourceLimits: {} }],
    ['inline', { env: {} }],
    ['inline', { execArgv: [] }],
    ['process', { threadNamePrefix: 'x' }],
    ['process', { resourceLimits: {} }],
  ] as const)('refuses by name on the %s executor, which could not keep it: %o', (kind, given) => {
    const [name] = Object.keys(given)
    const { type, text } = refusal(() => parsePoolOptions(given, kind))
    expect(type).toBe(TypeError)
    expect(text).toMatch(new RegExp(`^${name} means nothing to (Inline|ProcessPool)Executor, got .*; `))
  })

  it('takes maxWorkers inline, where one thread runs all calls, and checks it', () => {
    expect(parsePoolOptions({ maxWorkers: 8 }, 'inline').maxWorkers).toBe(1)
    expect(() => parsePoolOptions({ maxWorkers: 0 }, 'inline')).toThrow('maxWorkers must be greater than 0')
  })

  it('takes no more than 61 processes on Windows, as many threads as one likes', () => {
    vi.stubGlobal('process', Object.create(process, { platform: { value: 'win32' } }))
    expect(parsePoolOptions({ maxWorkers: 61 }, 'process').maxWorkers).toBe(61)
    expect(refusal(() => parsePoolOptions({ maxWorkers: 62 }, 'process'))).toMatchObject({
      type: RangeError,
      text: expect.stringMatching(/^maxWorkers must be <= 61, got 62; /),
    })
    expect(parsePoolOptions({}, 'process').maxWorkers).toBeLessThanOrEqual(61)
    expect(parsePoolOptions({ maxWorkers: 62 }, 'thread').maxWorkers).toBe(62)
    vi.stubGlobal('process', Object.create(process, { platform: { value: 'linux' } }))
    expect(parsePoolOptions({ maxWorkers: 62 }, 'process').maxWorkers).toBe(62)
  })

  it.each(kinds)('takes 65,536 workers and no more: each map keeps memory for all of them (%s)', (kind) => {
    expect(parsePoolOptions({ maxWorkers: 2 ** 16 }, kind).maxWorkers).toBeGreaterThan(0)
    expect(refusal(() => parsePoolOptions({ maxWorkers: 2 ** 53 }, kind))).toEqual({
      type: RangeError,
      text: 'maxWorkers must be <= 65536, got 9007199254740992; leave it out for one a core',
    })
  })

  it.each(['thread', 'process'] as const)(
    'takes a variable that is undefined for one that is not there (%s)',
    (kind) => {
      expect(parsePoolOptions({ env: { A: undefined, B: 'b' } }, kind).env).toEqual({ B: 'b' })
      expect(Object.keys(parsePoolOptions({ env: { A: undefined } }, kind).env ?? {})).toEqual([])
    },
  )

  it('names the nearest option for one it does not know', () => {
    for (const kind of kinds) {
      const { type, text } = refusal(() => parsePoolOptions({ max_workers: 2 }, kind))
      expect(type).toBe(TypeError)
      expect(text).toMatch(/^\w+Executor has no option 'max_workers'; did you mean maxWorkers\?$/)
    }
  })

  it.each([[null], [4], ['4'], [[]], [fn], [new Map()]])('refuses %o for options', (given) => {
    const { type, text } = refusal(() => parsePoolOptions(given, 'thread'))
    expect(type).toBe(TypeError)
    expect(text).toMatch(/^options of ThreadPoolExecutor must be a plain object, got /)
  })
})

describe('initializerOf', () => {
  it('is nothing without an initializer', () => {
    expect(initializerOf(parsePoolOptions({ initargs: [1] }, 'thread'), 'thread')).toBeUndefined()
  })

  it('packs the function and its arguments', () => {
    const initargs = [1, { deep: ['x'] }]
    const packed = initializerOf(parsePoolOptions({ initializer: Math.max, initargs }, 'thread'), 'thread')
    expect(packed?.ref.kind).toBe('builtin')
    expect(packed?.args.map(decodeValue)).toEqual(initargs)
  })

  it('refuses a function that no worker can be given', () => {
    const settings = parsePoolOptions({ initializer: fn.bind(null) }, 'thread')
    expect(() => initializerOf(settings, 'thread')).toThrow(FunctionError)
  })
})

describe('checkShutdownOptions', () => {
  it('fills in the defaults and keeps good values', () => {
    expect(checkShutdownOptions(undefined)).toEqual({ wait: true, cancelFutures: false, timeout: undefined })
    expect(checkShutdownOptions({ wait: false, cancelFutures: true, timeout: 5 })).toEqual({
      wait: false,
      cancelFutures: true,
      timeout: 5,
    })
    expect(checkShutdownOptions({ timeout: Infinity }).timeout).toBeUndefined()
  })

  it.each([
    [{ wait: 1 }, TypeError, 'wait must be true or false, got 1; leave it out for true'],
    [{ cancelFutures: null }, TypeError, 'cancelFutures must be true or false, got null; leave it out for false'],
    [{ timeout: '5' }, TypeError, "timeout must be a number of milliseconds, got '5'; leave it out to wait for ever"],
    [{ timeout: NaN }, RangeError, 'timeout must be a number of milliseconds, got NaN; leave it out to wait for ever'],
    [{ cancel_futures: true }, TypeError, "shutdown has no option 'cancel_futures'; did you mean cancelFutures?"],
    [true, TypeError, 'options of shutdown must be a plain object, got true; use { name: value }'],
  ])('refuses %o', (given, type, text) => {
    expect(refusal(() => checkShutdownOptions(given))).toEqual({ type, text })
  })
})
