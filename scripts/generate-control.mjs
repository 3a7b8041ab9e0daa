// Writes what the chunk loops in AssemblyScript and in Rust share with TypeScript: the words of the control block
// (src/memory/control.ts) and the constants of the chunk rule (src/chunks/auto.ts).
// With --check it writes nothing and exits 1 if one of the files is stale.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadSource } from './load-source.mjs'

/** @import { Word } from '../src/memory/control.ts' */

const COMMAND = 'node scripts/generate-control.mjs'
const root = new URL('../', import.meta.url)

/** @type {typeof import('../src/memory/control.ts')} */
const words = await loadSource('src/memory/control.ts')
const rules = await loadSource('src/chunks/auto.ts', [
  'ENGINE_COSTS',
  'HANDOUT_SHARE',
  'LEAST_MEAN_MS',
  'MEMORY',
  'OVERRUN',
  'PARTS_LEFT',
  'ROOT_FACTOR',
  'SHORTEST',
  'SHORTEST_OVERRUN',
  'SPEED_GAIN',
  'SPEED_RANGE',
])
const control = controlConstants(words)

const twins = {
  'assembly/generated/control.ts': assemblyScript(control),
  'assembly/generated/rule.ts': assemblyScript(ruleConstants('pull')),
  'crates/pool/src/generated/control.rs': rust(control),
  'crates/pool/src/generated/rule.rs': rust(ruleConstants('native')),
}

const check = process.argv.includes('--check')
for (const [path, text] of Object.entries(twins)) {
  const file = fileURLToPath(new URL(path, root))
  if (read(file) === text) continue
  if (check) {
    console.error(`${path} is older than src/memory/control.ts; run ${COMMAND}`)
    process.exitCode = 1
    continue
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  console.log(`wrote ${path}`)
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/**
 * One constant: its name, its type as Rust names it, its value, and what to say of it.
 * @typedef {[name: string, type: string, value: number, says: string]} Constant
 */

/**
 * @param {typeof words} words
 * @returns {Constant[]}
 */
function controlConstants({ SLOTS, WORKERS, SLOT, WORKER, RANGE, STOP, NO_CHUNK, ...sizes }) {
  const layout = /** @type {const} */ (['WORKERS_AT', 'WORKER_BYTES', 'RANGES_AT', 'RANGE_BYTES', 'SLOT_BYTES'])
  return [
    ['SLOTS', 'usize', SLOTS, 'Slots of the control block.'],
    ['WORKERS', 'usize', WORKERS, 'Workers of one map, at most.'],
    ...layout.map((name) => constant(name, 'usize', sizes[name], 'In bytes.')),
    ...wordOffsets('SLOT', SLOT),
    ...wordOffsets('WORKER', WORKER),
    ...wordOffsets('RANGE', RANGE),
    ...Object.entries(STOP).map(([name, value]) =>
      constant(`STOP_${constantCase(name)}`, 'i32', value, 'A value of `SLOT_STOP`.'),
    ),
    ['NO_CHUNK', 'i64', NO_CHUNK, '`WORKER_START` of a worker without a chunk.'],
  ]
}

/**
 * @param {string} part
 * @param {Record<string, Word>} table
 */
function wordOffsets(part, table) {
  return Object.entries(table).map(([name, { at, type, says }]) =>
    constant(`${part}_${constantCase(name)}`, 'usize', at, `${type}: ${says}.`),
  )
}

/**
 * @param {'pull' | 'native'} engine
 * @returns {Constant[]}
 */
function ruleConstants(engine) {
  const { ENGINE_COSTS, MEMORY, SPEED_GAIN, SPEED_RANGE } = rules
  const { HANDOUT_SHARE, LEAST_MEAN_MS, OVERRUN, PARTS_LEFT, ROOT_FACTOR, SHORTEST, SHORTEST_OVERRUN } = rules
  const single = { HANDOUT_SHARE, LEAST_MEAN_MS, OVERRUN, PARTS_LEFT, ROOT_FACTOR, SHORTEST, SHORTEST_OVERRUN }
  const { BLOCK_MS, LARGEST_BLOCK } = words
  /** @type {(prefix: string, table: Record<string, number>, file?: string) => Constant[]} */
  const of = (prefix, table, file = 'src/chunks/auto.ts') =>
    Object.entries(table).map(([name, value]) => [prefix + constantCase(name), 'f64', value, `See ${file}.`])
  return [
    ...of('', ENGINE_COSTS[engine]),
    ...of('MEMORY_', MEMORY),
    ...of('SPEED_', SPEED_GAIN),
    ...of('SPEED_', SPEED_RANGE),
    ...of('', single),
    ...of('', { BLOCK_MS, LARGEST_BLOCK }, 'src/memory/control.ts'),
  ]
}

/**
 * Names the array a constant, which JavaScript's inference would widen.
 *
 * @param {Constant} constant
 */
function constant(...constant) {
  return constant
}

/**
 * overheadMs as OVERHEAD_MS; what is in capitals stays.
 *
 * @param {string} name
 */
function constantCase(name) {
  return name.replace(/(?<=[a-z])[A-Z]/g, '_$&').toUpperCase()
}

/** @param {Constant[]} constants */
function assemblyScript(constants) {
  const lines = constants.map(
    ([name, type, value, says]) => `/** ${says} */\nexport const ${name}: ${type} = ${literal(type, value)}`,
  )
  return `// Made by: ${COMMAND}\n\n${lines.join('\n')}\n`
}

/** @param {Constant[]} constants */
function rust(constants) {
  const lines = constants.map(
    ([name, type, value, says]) => `/// ${says}\npub const ${name}: ${type} = ${grouped(literal(type, value))};`,
  )
  return `// Made by: ${COMMAND}\n\n${lines.join('\n')}\n`
}

/**
 * @param {string} type
 * @param {number} value
 */
function literal(type, value) {
  return type === 'f64' && Number.isInteger(value) ? `${value}.0` : String(value)
}

/**
 * 20736 as 20_736, as clippy wants it.
 *
 * @param {string} digits
 */
function grouped(digits) {
  return digits.replace(/^\d{5,}/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, '_'))
}
