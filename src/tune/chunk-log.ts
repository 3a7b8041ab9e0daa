import { LanewiseError } from '../errors.ts'
import type { ChunkLine } from '../observe/chunk-line.ts'
import { show } from '../show.ts'

/** The chunks of one map, as they began. */
export interface LoggedMap {
  /** Its number in its process. */
  readonly map: number
  readonly fn: string
  readonly engine: string
  readonly chunks: readonly ChunkLine[]
  /** The numbers of the workers that had a chunk, ascending. */
  readonly workers: readonly number[]
  /** From the call of `map` until the last answer. */
  readonly makespanMs: number
  /** The log does not tell when chunks began, as that of schema 1: then it is taken from the answers. */
  readonly isReckoned: boolean
}

export interface ChunkLog {
  readonly maps: readonly LoggedMap[]
  /** What is odd about the file and does no harm, a sentence each. */
  readonly notes: readonly string[]
}

type Line = ChunkLine & { readonly isReckoned: boolean }

/**
 * Reads a chunk log, of `LANEWISE_CHUNK_LOG`: schema 1 and 2. `name` is the file's, for errors.
 *
 * A log that several runs of a program were appended to has several maps of one number: they are told apart by rows that are done again. A last line that
 * the program had no time to finish is left out, with a note.
 * Errors: LanewiseError (`ERR_LANEWISE_FILE`) for a line of something else, with its number, and for a log without chunks.
 */
export function readChunkLog(text: string, name: string): ChunkLog {
  const notes: string[] = []
  const groups: Line[][] = []
  const open = new Map<number, { lines: Line[]; starts: Set<number> }>()
  const lines = text.split('\n')
  lines.forEach((source, i) => {
    if (source.trim() === '') return
    const value = parse(source)
    if (value === undefined && i === lines.length - 1) {
      notes.push(`line ${i + 1} of ${name} is cut off, as by a program that was ended: it is left out`)
      return
    }
    const line = lineOf(value, source, `${name}:${i + 1}`)
    let group = open.get(line.map)
    const first = group?.lines[0]
    const isOther =
      first !== undefined && (first.fn !== line.fn || first.engine !== line.engine || first.schema !== line.schema)
    if (group === undefined || isOther || (line.done > 0 && group.starts.has(line.start))) {
      group = { lines: [], starts: new Set() }
      open.set(line.map, group)
      groups.push(group.lines)
    }
    group.lines.push(line)
    if (line.done > 0) group.starts.add(line.start)
  })
  if (groups.length === 0) {
    throw badFile(`${name} has no chunks; a program writes them when it runs with LANEWISE_CHUNK_LOG=${name}`)
  }
  return { maps: groups.map(mapOf), notes }
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    return undefined
  }
}

function badFile(message: string): LanewiseError {
  return new LanewiseError(message, { code: 'ERR_LANEWISE_FILE' })
}

/** The fields of a line: what each must be, and whether it is. */
const FIELDS: readonly (readonly [name: string, rule: string, isFit: (value: unknown) => boolean])[] = [
  ['map', 'an integer from 0', isIndex],
  ['fn', 'a string', (value) => typeof value === 'string'],
  ['engine', 'a string', (value) => typeof value === 'string'],
  ['worker', 'an integer from 0', isIndex],
  ['start', 'an integer from 0', isIndex],
  ['end', 'an integer from 0', isIndex],
  ['done', 'an integer from 0', isIndex],
  ['execMs', 'a time of 0 or more', isTime],
  ['atMs', 'a time of 0 or more', isTime],
  ['stopMs', 'a time, or null', (value) => value === null || isTime(value)],
]

function isIndex(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function lineOf(value: unknown, source: string, where: string): Line {
  const foreign = (rule: string, got: unknown): LanewiseError =>
    badFile(`${where} is no line of a chunk log: ${rule}, got ${show(got)}; take out what is not lanewise's`)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw foreign('a line is a JSON object', value === undefined ? source : value)
  }
  const fields = value as Record<string, unknown>
  const { schema } = fields
  if (schema !== 1 && schema !== 2) {
    const newer =
      typeof schema === 'number' && schema > 2
        ? 'schema is 1 or 2 for this version of lanewise'
        : 'schema must be 1 or 2'
    throw foreign(newer, schema)
  }
  for (const [name, rule, isFit] of FIELDS) {
    if (!isFit(fields[name])) throw foreign(`${name} must be ${rule}`, fields[name])
  }
  if (schema === 2 && !Number.isFinite(fields.beginMs)) throw foreign('beginMs must be a time', fields.beginMs)
  const line = value as ChunkLine
  if (line.end < line.start || line.done > line.end - line.start) {
    throw foreign('start, end and done must be in order, 0 <= done <= end - start', line.done)
  }
  // A worker's clock may be a little behind the caller's.
  const beginMs = Math.max(0, schema === 2 ? line.beginMs : line.atMs - line.execMs)
  return { ...line, beginMs, isReckoned: schema === 1 }
}

function mapOf(lines: readonly Line[]): LoggedMap {
  const { map, fn, engine, isReckoned } = lines[0]!
  const workers = [...new Set(lines.map(({ worker }) => worker))].sort((a, b) => a - b)
  const lanes = workers.flatMap((worker) => {
    const own = lines.filter((line) => line.worker === worker)
    return isReckoned ? packed(own) : own
  })
  return {
    map,
    fn,
    engine,
    chunks: lanes.sort((a, b) => a.beginMs - b.beginMs || a.start - b.start),
    workers,
    makespanMs: lines.reduce((most, { atMs, beginMs, execMs }) => Math.max(most, atMs, beginMs + execMs), 0),
    isReckoned,
  }
}

/**
 * Begins of a worker's chunks, from answers alone: each ended before its answer and before the next began, so they are set as late as that allows. (Two answers
 * that a busy thread reads at once seem to come from chunks that ran together.)
 */
function packed(lines: readonly Line[]): Line[] {
  let limit = Number.POSITIVE_INFINITY
  return lines
    .map((line, i) => ({ line, i }))
    .sort((a, b) => b.line.atMs - a.line.atMs || b.i - a.i)
    .map(({ line }) => {
      const endMs = Math.min(line.atMs, limit)
      const beginMs = Math.max(0, endMs - line.execMs)
      limit = beginMs
      return { ...line, beginMs }
    })
}
