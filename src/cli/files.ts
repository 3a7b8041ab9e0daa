import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { LanewiseError } from '../errors.ts'
import { UsageError } from './command.ts'

/** The only argument that is no option. Errors: UsageError where there is none, or another one. */
export function onlyFile(positionals: readonly string[], what: string): string {
  const [file, next] = positionals
  if (file === undefined) throw new UsageError(`${what} is missing`)
  if (next !== undefined) throw new UsageError(`one ${what} is read at a time, got ${next} too`)
  return file
}

/** Why the system refused, in words. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be opened',
  EPERM: 'it may not be opened',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is no folder',
  EROFS: 'the disk is read-only',
}

/** Errors: LanewiseError (`ERR_LANEWISE_FILE`) that says which file and why. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw refusal('read', file, error)
  }
}

/** Errors: LanewiseError (`ERR_LANEWISE_FILE`) that says which file and why. */
export function readBytes(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw refusal('read', file, error)
  }
}

/** Makes a folder, and those that it lies in, unless it is there. Errors: LanewiseError (`ERR_LANEWISE_FILE`). */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw refusal('made', folder, error)
  }
}

/** Errors: LanewiseError (`ERR_LANEWISE_FILE`) that says which file and why. */
export function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw refusal('written', file, error)
  }
}

function refusal(verb: string, file: string, cause: unknown): LanewiseError {
  const { code = '', message } = cause as NodeJS.ErrnoException
  const reason = REASONS[code] ?? message
  return new LanewiseError(`${file} cannot be ${verb}: ${reason}`, { code: 'ERR_LANEWISE_FILE', cause })
}
