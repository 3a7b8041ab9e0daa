import type { Clock } from './clock.ts'
import { ChunkCrashedError } from './errors.ts'
import type { HeardHosts } from './heard.ts'
import { HOST_SILENT_MS } from './notes.ts'
import type { Out } from './run.ts'

/** What a chunk is judged by, and what becomes of it. */
interface Judged {
  /** How often hosts may die of a chunk before it fails. */
  readonly attempts: number
  readonly hosts: HeardHosts
  readonly isOut: (chunk: number, out: Out) => boolean
  readonly resend: (chunk: number, out: Out) => void
  readonly fail: (chunk: number, out: Out, error: ChunkCrashedError) => void
}

/** Says of a chunk that brought nothing whether hosts died of it. */
export class Deaths {
  readonly #clock: Clock
  readonly #judged: Judged

  constructor(clock: Clock, judged: Judged) {
    this.#clock = clock
    this.#judged = judged
  }

  /**
   * Fails a chunk of which `ended` deliveries brought nothing, if so many hosts died meanwhile that had it; else sends it again. A message that was lost on
   * its way looks the same to the broker, but no host falls silent of it. Whether one did is known a while later.
   */
  judge(chunk: number, out: Out, ended: number, deliveries: number): void {
    const { attempts, isOut, resend, fail } = this.#judged
    if (ended >= attempts && this.#hasKilled(out)) {
      fail(chunk, out, crashed(out, deliveries))
      return
    }
    if (out.isJudged) return
    out.isJudged = true
    this.#clock.after(ended >= attempts ? HOST_SILENT_MS : 0, () => {
      if (!isOut(chunk, out)) return
      out.isJudged = false
      if (ended >= attempts && this.#hasKilled(out)) fail(chunk, out, crashed(out, deliveries))
      else resend(chunk, out)
    })
  }

  /** Whether as many hosts fell silent since the chunk was sent as may die of it. All but the first, which need not tell, are known to have held it. */
  #hasKilled({ sentMs, hosts }: Out): boolean {
    const { attempts } = this.#judged
    const lost = this.#judged.hosts.lostSince(sentMs)
    return lost.length >= attempts && lost.filter((name) => hosts.has(name)).length >= attempts - 1
  }
}

function crashed(out: Out, deliveries: number): ChunkCrashedError {
  const hosts = [...out.hosts].filter((name) => name !== '')
  return new ChunkCrashedError(
    `a chunk of ${out.parcel.items} items was delivered ${deliveries} times and no host lived to answer, seen on ${hosts.join(', ') || 'none'}; ` +
      'run it alone under --isolation process, or raise attempts',
    { hosts, deliveries },
  )
}

/** Of a chunk that living hosts could not run. */
export function failedChunk({ parcel, hosts, failures }: Out): ChunkCrashedError {
  return new ChunkCrashedError(
    `a chunk of ${parcel.items} items was begun ${failures.length} times and could not be run: ${failures.join('; ')}; run it in smaller chunks, or raise attempts`,
    { hosts: [...hosts].filter((name) => name !== ''), deliveries: failures.length },
  )
}
