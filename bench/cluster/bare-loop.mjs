import { AckPolicy, jetstream, jetstreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'

/** What the bare loop and its worker agree on. */
export const BARE = { stream: 'BARE', consumer: 'w', tasks: 'bare.t', results: 'bare.r' }

const TEN_SECONDS = 10e9

/**
 * The least that one would write with the client alone: publishes chunks to a work queue, takes what comes back, and acknowledges; so many are out at once.
 *
 * @param {string} servers
 */
export async function openBareLoop(servers) {
  const connection = await connect({ servers })
  const manager = await jetstreamManager(connection)
  const { stream, consumer, tasks, results } = BARE
  await manager.streams.add({
    name: stream,
    subjects: [tasks],
    retention: RetentionPolicy.Workqueue,
    storage: StorageType.Memory,
  })
  const ack = { ack_policy: AckPolicy.Explicit, ack_wait: TEN_SECONDS, max_ack_pending: 4096 }
  await manager.consumers.add(stream, { durable_name: consumer, ...ack })
  const broker = jetstream(connection)
  /** @type {(chunk: number, bytes: Uint8Array, token: string) => void} */
  let came = () => {}
  connection.subscribe(results, { callback: (_, { data }) => came(...read(data)) })

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
        /** @type {Uint8Array[]} */
        const answers = new Array(chunks.length)
        let [next, left] = [0, chunks.length]
        const send = () => {
          const chunk = next++
          broker.publish(tasks, framed(chunk, /** @type {Uint8Array} */ (chunks[chunk]))).catch(reject)
        }
        came = (chunk, bytes, token) => {
          connection.publish(token, '+ACK')
          if (answers[chunk] !== undefined) return
          answers[chunk] = bytes
          if (--left === 0) resolve(answers)
          else if (next < chunks.length) send()
        }
        while (next < Math.min(window, chunks.length)) send()
      })
    },
    close: () => connection.close(),
  }
}

/**
 * Which chunk it is, and its bytes.
 *
 * @param {number} chunk
 * @param {Uint8Array} bytes
 */
function framed(chunk, bytes) {
  const frame = new Uint8Array(4 + bytes.length)
  new DataView(frame.buffer).setUint32(0, chunk)
  frame.set(bytes, 4)
  return frame
}

/**
 * What came back of a chunk: u32 chunk, u32 length of the token, the token, the bytes.
 *
 * @param {Uint8Array} data
 * @returns {[chunk: number, bytes: Uint8Array, token: string]}
 */
function read(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  const end = 8 + view.getUint32(4)
  return [view.getUint32(0), data.slice(end), new TextDecoder().decode(data.subarray(8, end))]
}
