import { kernel, ThreadPoolExecutor } from 'lanewise'
import { NatsExecutor } from 'lanewise/nats'
import { openBareLoop } from '../cluster/bare-loop.mjs'
import { startNats, startRedis } from '../cluster/broker.mjs'
import { same, waits } from '../cluster/calls.mjs'
import { openProcess } from '../cluster/process.mjs'
import { openWorker } from '../cluster/worker.mjs'
import { expectArray, timed, WORKERS } from '../harness/case.mjs'
import { timesFaster, timesTheCpu } from '../harness/compare.mjs'

/** @import { Case, Sample, Subject } from '../harness/case.mjs' */

const SMALL = { chunks: 2000, doubles: 8, slots: 64 }
// A message of the bare loop is 1 MiB at most, with what says where it belongs.
const LARGE = { chunks: 48, doubles: 2 ** 17 - 128, slots: 8 }
const WAITS = { calls: 40, ms: 100 }
const CHUNKS_A_SLOT = 2 // are out, as with us

const smallRows = Array.from({ length: SMALL.chunks * SMALL.doubles }, (_, i) => i)
const largeRows = Float64Array.from({ length: LARGE.chunks * LARGE.doubles }, (_, i) => i)
const waitRows = new Array(WAITS.calls).fill(WAITS.ms)
const smallChunks = chunksOf(Float64Array.from(smallRows), SMALL.doubles)
const largeChunks = chunksOf(largeRows, LARGE.doubles)

const oursSmall = 'lanewise, 64 B'
const bareSmall = 'bare client, 64 B'
const bullSmall = 'BullMQ, 64 B'
const oursLarge = 'lanewise, 1 MiB'
const bareLarge = 'bare client, 1 MiB'
const bullLarge = 'BullMQ, 1 MiB'
const oursWaits = 'lanewise, 100 ms'
const threadsWaits = 'threads, 100 ms'

/** @type {Case} */
export default {
  about: `${SMALL.chunks} chunks of 64 bytes, and ${LARGE.chunks} of 1 MiB, to a process that answers at once and back, through a broker on the same machine, ${CHUNKS_A_SLOT} chunks out for each of ${SMALL.slots} or ${LARGE.slots} slots; CPU is that of the process that sends. Bare: the same client publishes, receives and acknowledges the same bytes, with nothing around it. BullMQ: bytes as base64, which it needs, and events that tell of results. And ${WAITS.calls} calls that wait for ${WAITS.ms} ms, on one host of ${WORKERS} slots or on as many threads.`,
  rounds: 15,
  optional: ['bullmq'],

  subjects: {
    async lanewise() {
      const servers = await Promise.all([startNats(), startNats()])
      const [small, waiting] = servers
      const ends = await Promise.all([
        openProcess('hosts-process.mjs', [small.address, 1, SMALL.slots, 0]),
        openWorker(waiting.address, WORKERS),
      ])
      const pools = servers.map(({ address }) => new NatsExecutor({ servers: address }))
      const [smallPool, waitingPool] = /** @type {[NatsExecutor, NatsExecutor]} */ (pools)
      return {
        configurations: {
          [oursSmall]: connected(
            smallPool,
            timed(
              async () => await smallPool.map(same, smallRows, { chunksize: SMALL.doubles }),
              (results) => expectArray(results, smallRows),
            ),
          ),
          [oursWaits]: connected(
            waitingPool,
            timed(
              async () => await waitingPool.map(waits, waitRows, { chunksize: 1 }),
              (results) => expectArray(results, waitRows),
            ),
          ),
        },
        async close() {
          await Promise.all(pools.map((pool) => pool.shutdown()))
          await Promise.all(ends.map((end) => end.close()))
          await Promise.all(servers.map((server) => server.close()))
        },
      }
    },

    // Apart: what it leaves to the collector would be collected while the small chunks are timed.
    async 'lanewise, large'() {
      const server = await startNats()
      const hosts = await openProcess('hosts-process.mjs', [server.address, 1, LARGE.slots, 0])
      const pool = new NatsExecutor({ servers: server.address })
      const identity = kernel((x) => x)
      return {
        configurations: {
          [oursLarge]: connected(
            pool,
            timed(
              async () => await pool.map(identity, largeRows, { chunksize: LARGE.doubles }),
              (results) => expectBytes([new Uint8Array(results.buffer)], [new Uint8Array(largeRows.buffer)]),
            ),
          ),
        },
        async close() {
          await pool.shutdown()
          await hosts.close()
          await server.close()
        },
      }
    },

    bare: () => openBare(SMALL.slots, bareSmall, smallChunks),
    'bare, large': () => openBare(LARGE.slots, bareLarge, largeChunks),

    async threads() {
      const pool = new ThreadPoolExecutor({ maxWorkers: WORKERS })
      return {
        configurations: {
          [threadsWaits]: timed(
            async () => await pool.map(waits, waitRows, { chunksize: 1 }),
            (results) => expectArray(results, waitRows),
          ),
        },
        close: () => pool.shutdown(),
      }
    },

    async bullmq() {
      const server = await startRedis()
      const { openBullQueue } = await import('../peers/bullmq.mjs')
      const small = await openBullQueue(server.address, 'small', SMALL.slots)
      const large = await openBullQueue(server.address, 'large', LARGE.slots)
      return {
        configurations: {
          [bullSmall]: timed(
            () => small.echo(smallChunks, CHUNKS_A_SLOT * SMALL.slots),
            (results) => expectBytes(results, smallChunks),
          ),
          [bullLarge]: timed(
            () => large.echo(largeChunks, CHUNKS_A_SLOT * LARGE.slots),
            (results) => expectBytes(results, largeChunks),
          ),
        },
        async close() {
          await Promise.all([small.close(), large.close()])
          await server.close()
        },
      }
    },
  },

  measures(samples) {
    return [
      timesTheCpu(samples, 'a chunk of 64 bytes, CPU of who sends', oursSmall, bareSmall, { atMost: 1.5 }),
      timesFaster(samples, 'chunks of 1 MiB', oursLarge, bareLarge, { atLeast: 0.7 }),
      timesFaster(samples, 'calls of 100 ms on 2 slots', oursWaits, threadsWaits, { atLeast: 0.95 }),
      ...(bullSmall in samples
        ? [
            timesTheCpu(samples, 'a chunk of 64 bytes, CPU of who sends', oursSmall, bullSmall),
            timesFaster(samples, 'chunks of 64 bytes', oursSmall, bullSmall),
            timesFaster(samples, 'chunks of 1 MiB', oursLarge, bullLarge),
          ]
        : []),
    ]
  },
}

/**
 * A configuration that begins with a connection, as the bare loop does: an idle executor closes its own.
 *
 * @param {NatsExecutor} pool
 * @param {() => Promise<Sample>} run
 */
function connected(pool, run) {
  return async () => {
    await pool.submit(same, 0)
    return await run()
  }
}

/**
 * @param {number} slots
 * @param {string} name
 * @param {readonly Uint8Array[]} chunks
 * @returns {Promise<Subject>}
 */
async function openBare(slots, name, chunks) {
  const server = await startNats()
  const loop = await openBareLoop(server.address)
  const end = await openProcess('bare-process.mjs', [server.address, slots])
  return {
    configurations: {
      [name]: timed(
        () => loop.echo(chunks, CHUNKS_A_SLOT * slots),
        (results) => expectBytes(results, chunks),
      ),
    },
    async close() {
      await loop.close()
      await end.close()
      await server.close()
    },
  }
}

/**
 * @param {Float64Array<ArrayBuffer>} rows
 * @param {number} size
 */
function chunksOf(rows, size) {
  return Array.from({ length: rows.length / size }, (_, i) => new Uint8Array(rows.buffer, 8 * i * size, 8 * size))
}

/**
 * Throws unless these are the same bytes.
 *
 * @param {readonly Uint8Array[]} actual
 * @param {readonly Uint8Array[]} expected
 */
function expectBytes(actual, expected) {
  if (actual.length !== expected.length) throw new Error(`expected ${expected.length} results, got ${actual.length}`)
  for (const [i, bytes] of expected.entries()) {
    const got = actual[i]
    if (got === undefined || Buffer.compare(got, bytes) !== 0) throw new Error(`chunk ${i} came back as another`)
  }
}
