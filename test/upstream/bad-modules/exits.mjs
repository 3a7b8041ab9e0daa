/** A module whose import ends its worker. */
import { isMainThread } from 'node:worker_threads'

if (!isMainThread || process.send !== undefined) process.exit(1)

export function never() {}
