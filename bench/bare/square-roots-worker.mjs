import { parentPort } from 'node:worker_threads'

parentPort?.on('message', ({ start, chunk }) => {
  for (let i = 0; i < chunk.length; i++) chunk[i] = Math.sqrt(chunk[i])
  parentPort?.postMessage({ start, chunk }, [chunk.buffer])
})
