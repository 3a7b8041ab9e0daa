import { Worker } from 'node:worker_threads'

/**
 * Worker threads with nothing around them, as one would write them by hand for one job.
 *
 * @param {number} count
 */
export function openWorkers(count) {
  const script = new URL('square-roots-worker.mjs', import.meta.url)
  const workers = Array.from({ length: count }, () => new Worker(script))

  return {
    /**
     * One call at a time.
     *
     * @param {Float64Array} numbers
     * @param {number} chunks
     * @returns {Promise<number[]>}
     */
    squareRoots(numbers, chunks) {
      return new Promise((resolve) => {
        /** @type {number[]} */
        const results = []
        results.length = numbers.length // at once: an array that grows costs four times as much
        const length = Math.ceil(numbers.length / chunks)
        let missing = chunks

        /** @param {{ start: number, chunk: Float64Array }} answer */
        const receive = ({ start, chunk }) => {
          for (let i = 0; i < chunk.length; i++) results[start + i] = /** @type {number} */ (chunk[i])
          missing -= 1
          if (missing > 0) return
          for (const worker of workers) worker.off('message', receive)
          resolve(results)
        }
        for (const worker of workers) worker.on('message', receive)
        for (let i = 0; i < chunks; i++) {
          const chunk = numbers.slice(i * length, (i + 1) * length)
          workers[i % count]?.postMessage({ start: i * length, chunk }, [chunk.buffer])
        }
      })
    },

    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
