/**
 * Hosts that do no work: they answer a chunk with its own first input, at once or after a while. All else is as in `lanewise worker`; each has a connection.
 * They end with their parent.
 *
 *   hosts-process.mjs <server> <hosts> <slots of each> <ms a chunk>
 */
import { connect } from '@nats-io/transport-node'
import { loadSource } from '../../scripts/load-source.mjs'

/** @import { Runner } from '../../src/cluster/runner.ts' */

/** @type {typeof import('../../src/cluster/host.ts')} */
const { Host } = await loadSource('src/cluster/host.ts')
/** @type {typeof import('../../src/cluster/nats-host.ts')} */
const { NatsHostLink } = await loadSource('src/cluster/nats-host.ts')
/** @type {typeof import('../../src/cluster/names.ts')} */
const { Names } = await loadSource('src/cluster/names.ts')
/** @type {typeof import('../../src/cluster/blobs.ts')} */
const { Served } = await loadSource('src/cluster/blobs.ts')
/** @type {typeof import('../../src/cluster/payload.ts')} */
const { payloadOf, sectionsOf, sizeOf } = await loadSource('src/cluster/payload.ts')
/** @type {typeof import('../../src/cluster/kept.ts')} */
const { KeptResults } = await loadSource('src/cluster/kept.ts')
/** @type {typeof import('../../src/cluster/clock.ts')} */
const { machineClock } = await loadSource('src/cluster/clock.ts')

const [servers = '', hosts, slots, ms] = process.argv.slice(2)
const LEASE_MS = 10_000

process.once('disconnect', () => process.exit())
for (let i = 0; i < Number(hosts); i++) await startHost(`bench-${process.pid}-${i}`)
process.send?.('ready')

/** @param {string} name */
async function startHost(name) {
  const served = new Served()
  const kept = new KeptResults(machineClock, 2 * Number(slots))
  const connection = await connect({ servers, name, maxReconnectAttempts: -1 })
  const link = new NatsHostLink(connection, new Names('default', 'lw'), name, served, `_INBOX.${name}`)
  /** @type {Runner} */
  const runner = {
    begin({ frame }, done) {
      const execMs = Number(ms)
      const answer = async () => {
        const rows = (await sectionsOf(frame, link.fetch)).slice(0, 1)
        const payload = payloadOf(rows, name, served)
        if (payload.flags !== 0) kept.add(payload, sizeOf(rows))
        const result = () => done({ kind: 'result', items: frame.items, execMs, ...payload })
        if (execMs > 0) setTimeout(result, execMs)
        else result()
      }
      void answer()
      return { cancel() {}, kill() {} }
    },
  }
  new Host(link, machineClock, runner, { name, slots: Number(slots), leaseMs: LEASE_MS, lanewise: 'bench' })
}
