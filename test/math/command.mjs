/**
 * Measures every function of src/math, and those that V8 has too, against references of 100 bits; prints each range, then the table of docs/accuracy.md.
 * Exits 1 where one of ours is beyond its bound. It takes 40 minutes of one core for all.
 *
 *   npm run test:ulp -- [--points 2000000] [name …]     points of each function, over all its ranges; names of functions, default all
 */
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { ThreadPoolExecutor, tasks } from 'lanewise'

/** @import { Tasks } from 'lanewise' */
/** @import { MeasuredRange } from './support/measure-program.ts' */

const { values, positionals } = parseArgs({
  options: { points: { type: 'string', default: '2000000' } },
  allowPositionals: true,
})
const points = Number(values.points)

const file = new URL('../../build/measure-program.mjs', import.meta.url)
await build({
  entryPoints: ['test/math/support/measure-program.ts'],
  outfile: 'build/measure-program.mjs',
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'warning',
})
/** @type {typeof import('./support/measure-program.ts')} */
const { NAMES } = await import(file.href)
/** @type {Tasks<typeof import('./support/measure-program.ts')>} */
const { measureRange } = tasks(file)

const indices = [...NAMES.keys()].filter((i) => positionals.length === 0 || positionals.includes(NAMES[i] ?? ''))
const counts = indices.map((i) => Math.ceil(points / NAMES.filter((name) => name === NAMES[i]).length))

/** @type {MeasuredRange[]} */
const found = []
const pool = new ThreadPoolExecutor()
for await (const measured of pool.map(measureRange, indices, counts, { chunksize: 1 })) {
  found.push(measured)
  const { name, range, ours, theirs } = measured
  console.log(
    `${name}, ${range}: ${figure(ours.max)} at ${ours.worst.join(', ')}; V8: ${theirs ? figure(theirs.max) : 'none'}`,
  )
}

console.log(`\nNode ${process.version}, V8 ${process.versions.v8}, ${points} points a function\n`)
console.log('| function | worst, ULP | nearest | V8, worst | V8, nearest |\n|---|---|---|---|---|')
for (const name of new Set(found.map((each) => each.name))) {
  const ranges = found.filter((each) => each.name === name)
  const ours = summary(ranges.map((each) => each.ours))
  const theirs = summary(ranges.flatMap((each) => each.theirs ?? []))
  console.log(`| ${name} | ${ours.max} | ${ours.nearest} | ${theirs.max} | ${theirs.nearest} |`)
}
for (const { name, range, bound, ours } of found.filter((each) => each.ours.max >= each.bound)) {
  console.log(
    `${name} is ${figure(ours.max)} ULP off at ${ours.worst.join(', ')} (${range}), beyond its bound of ${bound}`,
  )
  process.exitCode = 1
}
await pool.shutdown()

/** @param {MeasuredRange['ours'][]} ranges */
function summary(ranges) {
  if (ranges.length === 0) return { max: '–', nearest: '–' }
  const all = ranges.reduce((sum, { points }) => sum + points, 0)
  const nearest = ranges.reduce((sum, { nearest, points }) => sum + nearest * points, 0) / all
  return { max: figure(Math.max(...ranges.map(({ max }) => max))), nearest: `${(100 * nearest).toFixed(1)} %` }
}

/** @param {number} ulp */
function figure(ulp) {
  return ulp < 100 ? ulp.toFixed(3) : ulp.toExponential(1)
}
