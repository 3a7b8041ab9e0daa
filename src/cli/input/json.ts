import { show } from '../../show.ts'
import { Complaint } from '../command.ts'

/** The elements of the array that a JSON file holds. Errors: Complaint for what is no JSON, or no array. */
export function readJson(text: string, file: string): unknown[] {
  const value = parseJson(text, file)
  if (Array.isArray(value)) return value
  throw new Complaint(`${file} must hold an array, a row an element, got ${show(value)}; put it in [ ]`)
}

/** The values of a file that has one a line; empty lines are none. Errors: Complaint, with the line. */
export function readJsonLines(text: string, file: string): unknown[] {
  return text
    .split(/\r?\n/)
    .map((line, i) => ({ line, at: `${file}:${i + 1}` }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, at }) => parseJson(line, at))
}

/** `at`: the file, and where in it, for the error. Errors: Complaint. */
export function parseJson(text: string, at: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Complaint(
      `${at} is no JSON: ${(error as Error).message}; write it again with JSON.stringify, or the command that made it`,
    )
  }
}
