import type { Clock } from './clock.ts'
import type { TaskLedger } from './ledger.ts'
import type { BrokerView, SubmitterLink } from './link.ts'
import type { Run } from './run.ts'

/** An audit every so often: what is lost without a sign is found within two of them. */
export const AUDIT_MS = 5000
/** And one that failed is made again: a broker that has just begun takes a moment. */
const LOOK_AGAIN_MS = 500

/** What an audit compares, and what it does about what was lost. */
interface Audited {
  /** Those that are open. */
  readonly runs: ReadonlySet<Run>
  readonly ledger: TaskLedger
  readonly resend: (chunk: number) => void
}

/** Looks at what the broker keeps, one look at a time, while runs are open: what the ledger finds lost is sent again, what is kept for nobody dropped. */
export class Audit {
  readonly #link: SubmitterLink
  readonly #clock: Clock
  readonly #audited: Audited
  #incarnation: string | undefined
  #look: object | undefined // the one that is under way
  #lookedMs = Number.NEGATIVE_INFINITY

  constructor(link: SubmitterLink, clock: Clock, audited: Audited) {
    this.#link = link
    this.#clock = clock
    this.#audited = audited
  }

  /** Looks, unless a look is under way. */
  look(): void {
    if (this.#look !== undefined || this.#audited.runs.size === 0) return
    const look = {}
    this.#look = look
    this.#lookedMs = this.#clock.now()
    const over = (view: BrokerView | undefined): void => {
      if (this.#look !== look) return
      this.#look = undefined
      if (view !== undefined) this.#saw(view)
      else this.#clock.after(LOOK_AGAIN_MS, () => this.look())
    }
    this.#clock.after(AUDIT_MS, () => over(undefined)) // nobody answers
    this.#link.look(over)
  }

  /** Looks if the last time is long ago, as it is where nothing was open for a while. */
  lookIfDue(): void {
    if (this.#clock.now() - this.#lookedMs > AUDIT_MS) this.look()
  }

  /** The connection was lost and is back: looks, whatever is under way. */
  lookAnew(): void {
    this.#look = undefined // what was asked before is not answered any more
    this.look()
  }

  #saw({ incarnation, stored, alive }: BrokerView): void {
    const { runs, ledger, resend } = this.#audited
    const isNew = this.#incarnation !== undefined && this.#incarnation !== incarnation
    this.#incarnation = incarnation
    const open = new Set([...runs].map(({ name }) => name))
    let ours = 0
    for (const [run, count] of stored) {
      if (open.has(run)) ours += count
      else if (count > 0 && alive === 0) this.#link.purge(run) // it is kept for nobody, and nothing else waits
    }
    const lost = ledger.audit({ epoch: ledger.epoch + (isNew ? 1 : 0), stored: ours, alive })
    for (const chunk of lost) resend(chunk)
  }
}
