import type { FetchPiece } from './blobs.ts'
import type { SubmitterCounts } from './counts.ts'
import type { Frame, Section } from './frame.ts'
import { sectionsOf } from './payload.ts'
import type { Out } from './run.ts'

/** What is needed to read results, and who takes them. */
interface Reading {
  readonly fetch: FetchPiece
  readonly counts: Pick<SubmitterCounts, 'malformed'>
  readonly isOut: (chunk: number, out: Out) => boolean
  readonly take: (out: Out, frame: Frame, sections: readonly Section[]) => void
}

/** Has the sections of results: those in the frame at once, others when they are fetched. */
export class Results {
  readonly #reading: Reading

  constructor(reading: Reading) {
    this.#reading = reading
  }

  /** Has a result taken, if its chunk is out still when it is all here. One that cannot be read is counted: its lease lapses, and another host runs the chunk. */
  read(frame: Frame, out: Out): void {
    if (out.isReading) return // it is being fetched from another host, or from this one
    const { fetch, counts, isOut, take } = this.#reading
    try {
      const sections = sectionsOf(frame, fetch)
      if (!('then' in sections)) {
        take(out, frame, sections)
        return
      }
      out.isReading = true
      void sections.then(
        (fetched) => {
          out.isReading = false
          if (isOut(frame.chunk, out)) take(out, frame, fetched)
        },
        () => {
          out.isReading = false
          counts.malformed++
        },
      )
    } catch {
      counts.malformed++
    }
  }
}
