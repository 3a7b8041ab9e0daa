/**
 * What is wrong in a list of 3,201 movies? Each record is checked by a process of its own pool. Records that cannot be right are errors, of a
 * class that arrives as itself; a check that never ends is ended by `itemTimeout`, with its process; and all others have their results.
 *
 *   node build/examples/movies.js          all records
 *   node build/examples/movies.js 320      the first so many
 */
import { readFileSync } from 'node:fs'
import { ProcessPoolExecutor, TimeoutError } from 'lanewise'
import { audit, DataError, type Movie } from './audit.ts'
import { dataFile } from './csv.ts'

const list: Movie[] = JSON.parse(readFileSync(dataFile('movies.json'), 'utf8'))
const movies = list.slice(0, Number(process.argv[2] ?? list.length))

const pool = new ProcessPoolExecutor()
const outcomes = await pool.map(audit, movies, { errors: 'settle', itemTimeout: 1_000 })

let well = 0
const mended: string[] = []
const wrong = new Map<string, string[]>()
for (const [i, outcome] of outcomes.entries()) {
  const title = movies[i]!.Title
  if (outcome.status === 'fulfilled') {
    well++
    if (outcome.value !== title) mended.push(`${title}  →  ${outcome.value}`)
    continue
  }
  const { reason } = outcome
  if (reason instanceof DataError) note(reason.field, reason.message)
  else if (reason instanceof TimeoutError) note('the check did not end', String(title))
  else throw reason // nothing that this program knows of
}

console.log(`${well} of ${movies.length} records are well.`)
show('mended', mended)
for (const [what, examples] of wrong) show(what, examples)

function note(what: string, example: string): void {
  const examples = wrong.get(what)
  if (examples === undefined) wrong.set(what, [example])
  else examples.push(example)
}

function show(what: string, examples: readonly string[]): void {
  if (examples.length === 0) return
  console.log(`\n${what}: ${examples.length}`)
  for (const example of examples.slice(0, 4)) console.log(`  ${example}`)
  if (examples.length > 4) console.log('  …')
}
