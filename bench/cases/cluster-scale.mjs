import { NatsExecutor } from 'lanewise/nats'
import { startNats } from '../cluster/broker.mjs'
import { same } from '../cluster/calls.mjs'
import { openProcess } from '../cluster/process.mjs'
import { expectArray, timed } from '../harness/case.mjs'
import { eachRound } from '../harness/rounds.mjs'
import { estimateMedian } from '../harness/statistics.mjs'

/** @import { Case, Measure, Samples, Subject } from '../harness/case.mjs' */

/** So many chunks a slot: the start and the end of a map, when not all slots are busy, are in the figure. */
const CHUNKS_A_SLOT = 5
const HOSTS = 125

const SIZES = [
  { slots: 1000, ms: 2000, atLeast: 85, mostMiB: 100 },
  { slots: 2000, ms: 4000, atLeast: 80, mostMiB: undefined },
]

/** @type {Case} */
export default {
  about: `Slots that wait instead of working, on ${HOSTS} hosts with a connection each, in one process; one NATS server, one map, ${CHUNKS_A_SLOT} chunks a slot. Efficiency is the time that this takes at best, by the time that it took. Memory is the server's largest.`,
  rounds: 3,
  // A round takes half a minute, most of which is waiting.
  plan: (names, rounds) => ({ ...eachRound(names, rounds), warmUp: [] }),

  subjects: Object.fromEntries(SIZES.map((size) => [nameOf(size), () => openSize(size)])),

  measures: (samples) => SIZES.flatMap((size) => measuresOf(samples, size)),
}

/** @param {{ slots: number, ms: number }} size */
function nameOf({ slots, ms }) {
  return `${slots.toLocaleString('en')} slots, ${ms / 1000} s`
}

/**
 * @param {{ slots: number, ms: number }} size
 * @returns {Promise<Subject>}
 */
async function openSize(size) {
  const { slots, ms } = size
  const server = await startNats()
  const pool = new NatsExecutor({ servers: server.address })
  const hosts = await openProcess('hosts-process.mjs', [server.address, HOSTS, slots / HOSTS, ms])
  const rows = Array.from({ length: CHUNKS_A_SLOT * slots }, (_, i) => i)
  const map = timed(
    async () => await pool.map(same, rows, { chunksize: 1 }),
    (results) => expectArray(results, rows),
  )
  return {
    configurations: {
      async [nameOf(size)]() {
        const before = server.cpuMs
        const sample = await map()
        const [cpuMs, mib] = [server.cpuMs, server.mostMemory]
        return before === undefined || cpuMs === undefined || mib === undefined
          ? sample
          : { ...sample, server: { cpuMs: cpuMs - before, mib } }
      },
    },
    async close() {
      await pool.shutdown()
      await hosts.close()
      await server.close()
    },
  }
}

/**
 * @param {Samples} samples
 * @param {(typeof SIZES)[number]} size
 * @returns {Measure[]}
 */
function measuresOf(samples, size) {
  const name = nameOf(size)
  const { ms = [], cpuMs = [], server = [] } = samples[name] ?? {}
  const chunks = CHUNKS_A_SLOT * size.slots
  const atBest = CHUNKS_A_SLOT * size.ms
  /** @type {Measure[]} */
  const measures = [
    {
      measure: `${name}: efficiency`,
      figure: estimateMedian(ms.map((each) => (100 * atBest) / each)),
      unit: '%',
      bar: { atLeast: size.atLeast },
    },
    {
      measure: `${name}: CPU of the submitter, a chunk`,
      figure: estimateMedian(cpuMs.map((each) => (1000 * each) / chunks)),
      unit: 'µs',
    },
  ]
  if (server.length === 0) return measures
  return [
    ...measures,
    {
      measure: `${name}: CPU of the server, a chunk`,
      figure: estimateMedian(server.map((each) => (1000 * each.cpuMs) / chunks)),
      unit: 'µs',
    },
    {
      measure: `${name}: memory of the server`,
      figure: estimateMedian(server.map(({ mib }) => mib)),
      unit: 'MiB',
      ...(size.mostMiB !== undefined && { bar: { atMost: size.mostMiB } }),
    },
  ]
}
