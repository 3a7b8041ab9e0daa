import { LanewiseError } from '../errors.ts'
import { show } from '../show.ts'
import type { TuneResult } from './result.ts'

/** What a value must be, in words, and whether it is; or what its parts must be. */
type Shape =
  | { readonly rule: string; readonly isFit: (value: unknown) => boolean }
  | { readonly each: Shape }
  | { readonly fields: Readonly<Record<string, Shape>> }

const rule = (words: string, isFit: (value: unknown) => boolean): Shape => ({ rule: words, isFit })
const oneOf = (...values: readonly unknown[]): Shape =>
  rule(values.map((value) => show(value)).join(', '), (value) => values.includes(value))
const orNull = (shape: { rule: string; isFit: (value: unknown) => boolean }): Shape =>
  rule(`${shape.rule}, or null`, (value) => value === null || shape.isFit(value))

const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value)
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

const text = { rule: 'a string', isFit: (value: unknown): boolean => typeof value === 'string' }
const index = { rule: 'an integer from 0', isFit: isCount }
const number = rule('a finite number', isNumber)
const time = rule('a number of 0 or more', (value) => isNumber(value) && (value as number) >= 0)
const positive = rule('a positive integer', (value) => isCount(value) && value !== 0)

const engine = oneOf('threads', 'processes', 'inline', 'js', 'wasm', 'native')
const interval: Shape = { fields: { median: number, low: number, high: number } }

const chunk: Shape = {
  fields: {
    worker: index,
    start: index,
    end: index,
    done: index,
    beginMs: number, // a clock may be a little behind another
    execMs: time,
    atMs: time,
    stopMs: rule(
      'a number of 0 or more, or null',
      (value) => value === null || (isNumber(value) && (value as number) >= 0),
    ),
  },
}

const RESULT: Shape = {
  fields: {
    schema: oneOf(1),
    kind: oneOf('tune'),
    at: text,
    argv: { each: text },
    environment: {
      fields: {
        lanewise: text,
        node: text,
        platform: text,
        cpu: text,
        cores: index,
        workers: index,
        loadBefore: time,
        loadAfter: time,
      },
    },
    subject: { fields: { name: text, kind: oneOf('function', 'kernel'), input: text, items: index } },
    objective: oneOf('makespan', 'first', 'p95stall'),
    plainMs: { each: time },
    configurations: {
      each: {
        fields: {
          engine,
          workers: positive,
          chunksize: rule(
            "a positive integer, or 'auto'",
            (value) => value === 'auto' || (isCount(value) && value !== 0),
          ),
          items: index,
          label: text,
        },
      },
    },
    runs: {
      each: {
        fields: {
          round: index,
          configuration: index,
          makespanMs: time,
          firstMs: time,
          p95stallMs: time,
          heldBack: index,
          chunks: index,
          givenBack: index,
          utilisation: time,
        },
      },
    },
    traces: {
      each: {
        fields: {
          configuration: index,
          chunks: { each: chunk },
          delivered: {
            each: rule(
              'a pair of a time and a count',
              (value) => Array.isArray(value) && value.length === 2 && value.every(isNumber),
            ),
          },
        },
      },
    },
    verdict: {
      fields: {
        sentence: text,
        advice: oneOf('auto', 'chunksize', 'plain', 'engine', 'noisy'),
        option: orNull(text),
        best: index,
        auto: orNull(index),
        noiseFloor: rule('a number, or null', (value) => typeof value === 'number' || value === null),
        boundBy: oneOf('compute', 'transfer', 'memory', 'handing out', null),
      },
    },
  },
}

/**
 * Reads a tune.json. `name` is the file's, for errors.
 *
 * Errors: LanewiseError, `ERR_LANEWISE_FILE` for what is no JSON, and as `checkResult`.
 */
export function readResult(source: string, name: string): TuneResult {
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch (cause) {
    throw new LanewiseError(`${name} is no JSON: ${(cause as Error).message}; lanewise tune --out makes a tune.json`, {
      code: 'ERR_LANEWISE_FILE',
      cause,
    })
  }
  const result = checkResult(value, name)
  // JSON has no Infinity, the noise of what ran once.
  const { verdict } = result
  const noiseFloor = verdict.noiseFloor ?? Number.POSITIVE_INFINITY
  return { ...result, verdict: { ...verdict, noiseFloor } }
}

/**
 * The value, if it is a result. `name`: what to call it in errors.
 *
 * Errors: LanewiseError (`ERR_LANEWISE_RESULT`) for what is no result of this schema: the first field that is not as it must be, and what it is.
 */
export function checkResult(value: unknown, name: string): TuneResult {
  checkShape(value, RESULT, '', name)
  const result = value as TuneResult
  if (result.verdict.regret !== null) checkShape(result.verdict.regret, interval, 'verdict.regret', name)
  const { length } = result.configurations
  const used = [...result.runs, ...result.traces].map(({ configuration }) => configuration)
  const wrong = [...used, result.verdict.best, result.verdict.auto ?? 0].find((place) => place >= length)
  if (wrong !== undefined) throw refusal(name, `it has ${length} configurations, and speaks of number ${wrong}`)
  return result
}

function checkShape(value: unknown, shape: Shape, path: string, name: string): void {
  if ('isFit' in shape) {
    if (!shape.isFit(value)) throw refusal(name, `${path} must be ${shape.rule}, got ${show(value)}`)
    return
  }
  if ('each' in shape) {
    if (!Array.isArray(value)) throw refusal(name, `${path} must be a list, got ${show(value)}`)
    for (const [i, item] of value.entries()) checkShape(item, shape.each, `${path}[${i}]`, name)
    return
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refusal(name, `${path === '' ? 'it' : path} must be an object, got ${show(value)}`)
  }
  for (const [key, part] of Object.entries(shape.fields)) {
    checkShape((value as Record<string, unknown>)[key], part, path === '' ? key : `${path}.${key}`, name)
  }
}

function refusal(name: string, what: string): LanewiseError {
  return new LanewiseError(`${name} is no result of lanewise tune: ${what}; make it again with lanewise tune --out`, {
    code: 'ERR_LANEWISE_RESULT',
  })
}
