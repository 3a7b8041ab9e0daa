import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Queue, QueueEvents } from 'bullmq'

/**
 * A queue of BullMQ whose worker, in a process of its own, sends back what it gets. Jobs are JSON, so bytes travel as base64.
 *
 * @param {string} address of a Redis server
 * @param {string} name
 * @param {number} slots
 */
export async function openBullQueue(address, name, slots) {
  const connection = { url: address }
  const queue = new Queue(name, { connection, defaultJobOptions: { removeOnComplete: true } })
  const events = new QueueEvents(name, { connection })
  await Promise.all([queue.waitUntilReady(), events.waitUntilReady()])
  const script = fileURLToPath(new URL('bullmq-worker.mjs', import.meta.url))
  const worker = fork(script, [address, name, String(slots)], { execArgv: [] })
  await once(worker, 'message')
  let runs = 0

  return {
    /**
     * Sends each of these there and back.
     *
     * @param {readonly Uint8Array[]} chunks
     * @param {number} window so many are out at once
     * @returns {Promise<Uint8Array[]>}
     */
    echo(chunks, window) {
      return new Promise((resolve, reject) => {
        const run = `r${runs++}`
        /** @type {Uint8Array[]} */
        const answers = new Array(chunks.length)
        let [next, left] = [0, chunks.length]
        const send = () => {
          const chunk = next++
          const bytes = Buffer.from(/** @type {Uint8Array} */ (chunks[chunk]))
          queue.add('echo', bytes.toString('base64'), { jobId: `${run}-${chunk}` }).catch(reject)
        }
        /** @param {{ jobId: string, returnvalue: unknown }} event */
        const came = ({ jobId, returnvalue }) => {
          const [of, chunk] = jobId.split('-')
          if (of !== run) return
          answers[Number(chunk)] = Buffer.from(String(returnvalue), 'base64')
          if (next < chunks.length) send()
          if (--left > 0) return
          events.off('completed', came)
          resolve(answers)
        }
        events.on('completed', came)
        while (next < Math.min(window, chunks.length)) send()
      })
    },
    async close() {
      const gone = once(worker, 'exit')
      worker.disconnect()
      await gone
      await Promise.all([queue.close(), events.close()])
    },
  }
}
