import { kernel, ThreadPoolExecutor } from 'lanewise'
import { COUNT, expectClose, plainLoop, prepared, WORKS } from '../bare/kernels.mjs'
import { CannotMeasure, timed } from '../harness/case.mjs'
import { timesFaster } from '../harness/compare.mjs'

/** @import { Case, Measure, Samples, Subject } from '../harness/case.mjs' */

/** Of one worker or thread, against a plain loop, arrays on shared memory. @type {Record<string, Record<string, number>>} */
const BARS = {
  'Black-Scholes': { wasm: 1.6, avx2: 4.2, avx512: 6.5 },
  haversine: { wasm: 1.4, avx2: 3.2, avx512: 5 },
  'mandelbrot 500': { wasm: 1.8, avx2: 3.3, avx512: 6.5 },
  'logistic map × 100': { wasm: 4, avx2: 11, avx512: 15 },
  collatz: { wasm: 4, avx2: 10, avx512: 15 },
  'polynomial of degree 10': { auto: 0.95, avx2: 4, avx512: 4 },
  saxpy: { auto: 0.95 },
}
const names = Object.keys(WORKS)

/** What is timed on two workers too, with so many times the rows that one of them takes 50 ms at least. @type {Record<string, Record<string, number>>} */
const SPREAD = {
  wasm: { 'Black-Scholes': 2, haversine: 2, 'mandelbrot 500': 1, 'logistic map × 100': 3, collatz: 1 },
  native: { 'Black-Scholes': 8, haversine: 8, 'mandelbrot 500': 2, 'logistic map × 100': 8, collatz: 1 },
}

/** Engines on one worker or thread; `isa` for LANEWISE_ISA. @type {Record<string, { engine: 'auto' | 'wasm' | 'native', isa?: string }>} */
const ONE = {
  auto: { engine: 'auto' },
  wasm: { engine: 'wasm' },
  avx2: { engine: 'native', isa: 'avx2' },
  avx512: { engine: 'native', isa: 'avx512' },
}

/** @param {string} name */
const loop = (name) => `${name}: plain loop`
/**
 * @param {string} name
 * @param {string} way
 */
const one = (name, way) => `${name}: ${way}`
/** @param {string} name */
const fresh = (name) => `${name}: auto, plain arrays, fresh result`
/**
 * @param {string} name
 * @param {string} engine
 * @param {number} workers
 */
const many = (name, engine, workers) => `${name}: ${engine}, more rows, ${workers === 1 ? 'one worker' : 'two workers'}`

/** @type {Case} */
export default {
  about: `A kernel over ${COUNT.toLocaleString('en')} rows of doubles on shared memory, its results in an array that is given, on one worker or thread, against a plain loop around the same function: by the engine that auto picks, as WASM, as machine code for AVX2 and for AVX-512. "Fresh" is auto with plain arrays, and an array made for the results. Two workers are timed against one, with so many more rows that one takes 50 ms.`,
  rounds: 11,
  optional: ['avx2', 'avx512', 'native 1', 'native 2'],

  subjects: {
    async bare() {
      return { configurations: Object.assign({}, ...names.map(bare)), close: async () => {} }
    },
    ...Object.fromEntries(Object.keys(ONE).map((way) => [way, () => openOne(way)])),
    ...Object.fromEntries(
      Object.keys(SPREAD).flatMap((engine) =>
        [1, 2].map((workers) => [`${engine} ${workers}`, () => openMany(engine, workers)]),
      ),
    ),
  },

  measures: (samples) =>
    names.flatMap((name) => [
      ...Object.keys(ONE).flatMap((way) => {
        const bar = BARS[name]?.[way]
        return measured(samples, one(name, way), loop(name), bar)
      }),
      ...measured(samples, fresh(name), loop(name)),
      ...Object.keys(SPREAD).flatMap((engine) =>
        measured(samples, many(name, engine, 2), many(name, engine, 1), engine === 'wasm' ? 1.8 : 1.9),
      ),
    ]),
}

/**
 * Nothing for what could not be measured here, or is not.
 *
 * @param {Samples} samples
 * @param {string} ours
 * @param {string} theirs
 * @param {number} [atLeast]
 * @returns {Measure[]}
 */
function measured(samples, ours, theirs, atLeast) {
  if (!(ours in samples) || !(theirs in samples)) return []
  return [timesFaster(samples, ours, ours, theirs, atLeast === undefined ? undefined : { atLeast })]
}

/** @param {string} name */
function bare(name) {
  const { work, inputs, out, expected } = prepared(name)
  const run = plainLoop(work, name)
  return { [loop(name)]: timed(() => run(inputs, out), expectNew(expected, out)) }
}

/**
 * @param {string} way
 * @returns {Promise<Subject>}
 */
async function openOne(way) {
  const { engine, isa } = /** @type {(typeof ONE)[string]} */ (ONE[way])
  if (isa !== undefined) process.env.LANEWISE_ISA = isa
  const pool = await openPool(1, engine)
  const configurations = Object.assign(
    {},
    ...names.map((name) => {
      const { work, inputs, out, expected } = prepared(name)
      const compiled = kernel(work.fn)
      const given = timed(() => pool.map(compiled, ...inputs, { out }), expectNew(expected, out))
      if (way !== 'auto') return { [one(name, way)]: given }
      const plain = inputs.map((column) => Float64Array.from(column))
      return {
        [one(name, way)]: given,
        [fresh(name)]: timed(() => pool.map(compiled, ...plain), expectClose(expected)),
      }
    }),
  )
  return { configurations, close: () => pool.shutdown() }
}

/**
 * @param {string} engine
 * @param {number} workers
 * @returns {Promise<Subject>}
 */
async function openMany(engine, workers) {
  const pool = await openPool(workers, /** @type {'wasm' | 'native'} */ (engine))
  const configurations = Object.fromEntries(
    Object.entries(SPREAD[engine] ?? {}).map(([name, times]) => {
      const { work, inputs, out, expected } = prepared(name, times * COUNT)
      const compiled = kernel(work.fn)
      return [
        many(name, engine, workers),
        timed(() => pool.map(compiled, ...inputs, { out }), expectNew(expected, out)),
      ]
    }),
  )
  return { configurations, close: () => pool.shutdown() }
}

/**
 * A pool that runs an engine, where there is that engine.
 *
 * @param {number} maxWorkers
 * @param {'auto' | 'wasm' | 'native'} engine
 */
async function openPool(maxWorkers, engine) {
  const pool = new ThreadPoolExecutor({ maxWorkers, engine })
  try {
    await pool.map(
      kernel((/** @type {number} */ x) => x + 1),
      [1],
    )
  } catch (error) {
    await pool.shutdown()
    throw new CannotMeasure(/** @type {Error} */ (error).message)
  }
  return pool
}

/**
 * Results that stand in an array which is used again: none may be left over.
 *
 * @param {Float64Array} expected
 * @param {Float64Array} out
 */
function expectNew(expected, out) {
  const check = expectClose(expected)
  return (/** @type {Float64Array} */ results) => {
    check(results)
    out.fill(Number.NaN)
  }
}
