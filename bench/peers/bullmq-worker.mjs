/**
 * The other end of a queue of BullMQ: sends back what it gets. It ends with its parent.
 *
 *   bullmq-worker.mjs <server> <queue> <slots>
 */
import { Worker } from 'bullmq'

const [url = '', name = '', slots] = process.argv.slice(2)
process.once('disconnect', () => process.exit())
const worker = new Worker(name, async ({ data }) => data, { connection: { url }, concurrency: Number(slots) })
await worker.waitUntilReady()
process.send?.('ready')
