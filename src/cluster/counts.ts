/** What happened so far, for `stats` and for people. */
export interface SubmitterCounts {
  sent: number
  settled: number
  duplicates: number
  republished: number
  returned: number
  crashed: number
  malformed: number
  /** How often the broker had no room for a chunk: it is asked again, and nothing else is sent meanwhile. */
  full: number
  bytesSent: number
  bytesReceived: number
  /** Milliseconds that this thread spent on reading results. */
  readMs: number
  /** Milliseconds that workers spent in functions. */
  execMs: number
  /** Milliseconds that chunks waited and travelled, both ways: from being sent to their result, without `execMs`. */
  wayMs: number
}

export function newCounts(): SubmitterCounts {
  return {
    sent: 0,
    settled: 0,
    duplicates: 0,
    republished: 0,
    returned: 0,
    crashed: 0,
    malformed: 0,
    full: 0,
    bytesSent: 0,
    bytesReceived: 0,
    readMs: 0,
    execMs: 0,
    wayMs: 0,
  }
}
