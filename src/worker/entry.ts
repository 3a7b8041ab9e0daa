import { workerData } from 'node:worker_threads'
import { removeTextGlobals } from './globals.ts'
import { runProcess } from './process-entry.ts'
import { runThread, type ThreadData } from './thread-entry.ts'

// The first file of the embedded worker source: what a thread or a child process of ours runs.
removeTextGlobals()
if (isThreadData(workerData)) runThread(workerData)
else runProcess()

function isThreadData(data: unknown): data is ThreadData {
  return data !== null && typeof data === 'object' && 'lanewise' in data
}
