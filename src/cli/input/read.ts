import { extname } from 'node:path'
import { range } from '../../inputs/range.ts'
import type { Input } from '../../inputs/rows.ts'
import { show } from '../../show.ts'
import { Complaint, UsageError } from '../command.ts'
import { readBytes } from '../files.ts'
import { readColumn } from './csv.ts'
import { readFloat64 } from './float64.ts'
import { readJson, readJsonLines } from './json.ts'
import { readNpy } from './npy.ts'

export const INPUT_FORMS: string =
  'range:START,STOP,STEP, export:NAME, or a file: .json, .jsonl, .csv:COLUMN, .npy, .f64 or .bin'

/**
 * What `--input` names: `range:1e5`, `export:rows` of the user's own module, or a file by its ending.
 *
 * Errors: UsageError for a form that there is none of; Complaint for a file that is not there or holds something else.
 */
export async function readInput(text: string, module: Readonly<Record<string, unknown>>): Promise<Input<unknown>> {
  if (text.startsWith('range:')) return rangeOf(text)
  if (text.startsWith('export:')) return await exportedInput(text.slice('export:'.length), module)
  const { file, column } = parts(text)
  switch (extname(file).toLowerCase()) {
    case '.json':
      return readJson(textOf(file), file)
    case '.jsonl':
    case '.ndjson':
      return readJsonLines(textOf(file), file)
    case '.csv':
      return await readColumn(textOf(file), file, column)
    case '.npy':
      return readNpy(readBytes(file), file)
    case '.f64':
    case '.bin':
      return readFloat64(readBytes(file), file)
    default:
      throw new UsageError(`--input must be ${INPUT_FORMS}, got ${show(text)}`)
  }
}

/** A column stands behind the ending: a path may have colons of its own. */
function parts(text: string): { file: string; column: string | undefined } {
  const [, file, column] = /^(.*\.csv):(.+)$/is.exec(text) ?? []
  return { file: file ?? text, column }
}

function rangeOf(text: string): Input<number> {
  const numbers = text.slice('range:'.length).split(',')
  const values = numbers.map((each) => (each.trim() === '' ? Number.NaN : Number(each)))
  const next = 'write range:100000, or range:START,STOP,STEP'
  if (values.length > 3 || values.some(Number.isNaN)) {
    throw new UsageError(`--input range: takes one to three numbers, got ${show(text)}; ${next}`)
  }
  try {
    const [first = 0, second, step] = values
    return second === undefined ? range(first) : range(first, second, step)
  } catch (error) {
    throw new UsageError(`--input ${text}: ${(error as Error).message}`)
  }
}

/** Called, where it is a function: it gives the rows, sooner or later. */
async function exportedInput(name: string, module: Readonly<Record<string, unknown>>): Promise<Input<unknown>> {
  if (!Object.hasOwn(module, name)) {
    throw new Complaint(
      `--input export:${name}: the module exports no ${name}; it exports ${Object.keys(module).join(', ')}`,
    )
  }
  const value = module[name]
  const input: unknown = typeof value === 'function' ? await value() : value
  if (isIterable(input)) return input
  throw new Complaint(
    `--input export:${name} must be iterable, or a function that gives something iterable, got ${show(input)}`,
  )
}

function isIterable(value: unknown): value is Input<unknown> {
  if (value === null || value === undefined) return false
  const { [Symbol.iterator]: sync, [Symbol.asyncIterator]: later } = Object(value) as {
    [Symbol.iterator]?: unknown
    [Symbol.asyncIterator]?: unknown
  }
  return typeof sync === 'function' || typeof later === 'function'
}

function textOf(file: string): string {
  const bytes = readBytes(file)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes) // and without a byte order mark
  } catch {
    throw new Complaint(`${file} must be UTF-8, and has bytes that are not; convert it`)
  }
}
