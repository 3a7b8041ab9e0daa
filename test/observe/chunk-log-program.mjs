import { readFileSync } from 'node:fs'
import { InlineExecutor, kernel, ProcessPoolExecutor, range, ThreadPoolExecutor } from 'lanewise'

// Four maps, for what LANEWISE_CHUNK_LOG writes of them; prints how many lines the log has behind each.

/** @param {number} x */
const half = (x) => x / 2

function tell() {
  try {
    console.log(readFileSync(process.env.LANEWISE_CHUNK_LOG ?? '', 'utf8').split('\n').length - 1)
  } catch {
    console.log('no log')
  }
}

const threads = new ThreadPoolExecutor({ maxWorkers: 2 })
await threads.map(half, range(250), { chunksize: 100 })
tell()

const processes = new ProcessPoolExecutor({ maxWorkers: 2 })
await processes.map(half, range(5000))
tell()

const inline = new InlineExecutor()
await inline.map(half, range(4), { chunksize: 2 })
tell()

await threads.map(kernel(half), range(1e6), { engine: 'wasm', chunksize: 4e5 })
tell()
