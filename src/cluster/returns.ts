import { RETURNED } from './answer.ts'
import type { SubmitterCounts } from './counts.ts'
import { failedChunk } from './deaths.ts'
import { type ChunkCrashedError, RefusedByHostsError } from './errors.ts'
import { EXTENSION, type Frame, textOf } from './frame.ts'
import type { HeardHosts } from './heard.ts'
import type { SubmitterLink } from './link.ts'
import type { Out } from './run.ts'

/** What a chunk is judged by that came back, and what becomes of it. */
interface Judged {
  /** How often hosts may fail to run it. */
  readonly attempts: number
  readonly pool: string
  readonly hosts: HeardHosts
  readonly counts: Pick<SubmitterCounts, 'returned' | 'crashed'>
  readonly fail: (chunk: number, out: Out, error: RefusedByHostsError | ChunkCrashedError) => void
}

/** Says of a chunk that living hosts gave back whether there is one left that may run it. */
export class Returns {
  readonly #link: SubmitterLink
  readonly #judged: Judged

  constructor(link: SubmitterLink, judged: Judged) {
    this.#link = link
    this.#judged = judged
  }

  /** A host gave a chunk back: since it leaves, will never run it, or failed to. */
  judge(frame: Frame, out: Out): void {
    out.returned++
    this.#judged.counts.returned++
    const host = textOf(frame, EXTENSION.host) ?? ''
    out.hosts.add(host)
    if (frame.items === RETURNED.leaving) return // nothing is wrong with the chunk
    const reason = textOf(frame, EXTENSION.reason) ?? 'without a reason'
    if (frame.items === RETURNED.failed) this.#failed(frame, out, `${host}: ${reason}`)
    else {
      out.refusals.set(host, reason)
      this.failIfRefused(frame.chunk, out)
    }
  }

  /** Fails a chunk that no host runs. One that speaks a later version may not be able to read what is sent, nor to say so: its beacons do. */
  failIfRefused(chunk: number, out: Out): void {
    const { hosts, pool, fail } = this.#judged
    const refusals = new Map([...hosts.strangers, ...out.refusals])
    if (!hosts.names.every((each) => refusals.has(each))) return
    const reasons = Array.from(refusals, ([name, reason]) => `${name}: ${reason}`)
    fail(chunk, out, new RefusedByHostsError(`no host of pool ${pool} runs it: ${reasons.join('; ')}`, { reasons }))
  }

  /** A host lives that could not run it: not its death, nor that of a worker, which is an outcome of its row. */
  #failed(frame: Frame, out: Out, how: string): void {
    const { attempts, counts, fail } = this.#judged
    out.failures.push(how)
    if (out.failures.length < attempts) return
    if (frame.token.length > 0) this.#link.settle(frame.token)
    counts.crashed++
    fail(frame.chunk, out, failedChunk(out))
  }
}
