import type { Clock } from './clock.ts'
import { CLIENT_SILENT_MS } from './notes.ts'

/** Runs that are over, and submitters that fell silent: a task of one may still come. More costs memory; fewer, and a late task runs for nobody. */
const MOST_NAMES = 10_000

/** The submitters that a host hears, by name, those that fell silent, and the runs that nobody wants any more. */
export class Clients {
  readonly #clock: Clock
  readonly #heardMs = new Map<string, number>()
  readonly #gone = new Set<string>()
  readonly #dead = new Set<string>() // runs, as `client/run`: only their own submitter says so

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A submitter spoke; whether it is new here. */
  hear(client: string): boolean {
    const isNew = !this.#heardMs.has(client)
    this.#heardMs.set(client, this.#clock.now())
    this.#gone.delete(client)
    return isNew
  }

  /** A task came of a submitter: one that was not heard has time to speak from now on. A task is no word of it: it may have waited for long. */
  expect(client: string): void {
    if (!this.#heardMs.has(client)) this.#heardMs.set(client, this.#clock.now())
  }

  /** Whether nobody wants what a task is of. */
  isOver(client: string, run: string): boolean {
    return this.#dead.has(`${client}/${run}`) || this.#gone.has(client)
  }

  /** A submitter says that nobody wants its run any more; false: that was known. */
  leave(client: string, run: string): boolean {
    const name = `${client}/${run}`
    if (this.#dead.has(name)) return false
    remember(this.#dead, name)
    return true
  }

  /** Forgets those that have been silent for too long, and answers with them. Their runs are over, unless they are heard again, and send them again. */
  forgetSilent(): string[] {
    const now = this.#clock.now()
    const silent = [...this.#heardMs].flatMap(([name, heardMs]) => (now - heardMs > CLIENT_SILENT_MS ? [name] : []))
    for (const name of silent) {
      this.#heardMs.delete(name)
      remember(this.#gone, name)
    }
    return silent
  }
}

/** Adds a name, and forgets the oldest of too many. */
function remember(names: Set<string>, name: string): void {
  names.add(name)
  const [oldest] = names
  if (names.size > MOST_NAMES && oldest !== undefined) names.delete(oldest)
}
