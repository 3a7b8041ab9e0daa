import { ProcessPoolExecutor, range, ThreadPoolExecutor } from 'lanewise'

// Two maps, for what LANEWISE_CHUNK_LOG writes of them.

/** @param {number} x */
const half = (x) => x / 2

const threads = new ThreadPoolExecutor({ maxWorkers: 2 })
await threads.map(half, range(250), { chunksize: 100 })

const processes = new ProcessPoolExecutor({ maxWorkers: 2 })
await processes.map(half, range(5000))
