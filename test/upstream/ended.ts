import { Future } from '../../src/index.ts'

// Futures that ended before a test, one of each kind; upstream's modules have the same ones.

/** Cancelled, and a worker has seen it. */
export const noticed = new Future<never>()
noticed.cancel()
noticed.setRunningOrNotifyCancel()

export const failed = new Future<never>()
failed.setException(new Error('failed before'))

export const successful = new Future<number>()
successful.setResult(42)
