/**
 * The other end of the bare loop: takes a chunk for each of its slots, and sends it back with what acknowledges it. It ends with its parent.
 *
 *   bare-process.mjs <server> <slots>
 */
import { connect } from '@nats-io/transport-node'
import { BARE } from './bare-loop.mjs'

const [servers = '', slots] = process.argv.slice(2)
const { stream, consumer, results, tasks } = BARE
const INBOX = '_INBOX.bare'
const FIVE_SECONDS = 5e9

process.once('disconnect', () => process.exit())
const connection = await connect({ servers, name: 'bare' })
connection.subscribe(INBOX, {
  callback(_, { subject, reply, data }) {
    pull(1) // what was asked for came, or will not
    if (subject === tasks && reply !== undefined) connection.publish(results, answer(data, reply))
  },
})
await connection.flush()
pull(Number(slots))
process.send?.('ready')

/** @param {number} batch */
function pull(batch) {
  for (let i = 0; i < batch; i++) {
    const request = JSON.stringify({ batch: 1, expires: FIVE_SECONDS })
    connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, request, { reply: INBOX })
  }
}

/**
 * @param {Uint8Array} task
 * @param {string} token
 */
function answer(task, token) {
  const said = new TextEncoder().encode(token)
  const bytes = new Uint8Array(4 + said.length + task.length)
  bytes.set(task.subarray(0, 4))
  new DataView(bytes.buffer).setUint32(4, said.length)
  bytes.set(said, 8)
  bytes.set(task.subarray(4), 8 + said.length)
  return bytes
}
