import type { Output } from './command.ts'

/** A line is drawn again so often at most. */
const FRAME_MS = 100
/** Where nobody looks, a line in a log does so often. */
const LOG_MS = 10_000
const ERASE_LINE = '\r\u001b[2K'

/** One line of progress: on a terminal it is drawn over itself, elsewhere it is a line of a log now and then. */
export class Progress {
  readonly #output: Output
  readonly #isQuiet: boolean
  readonly #now: () => number
  #toldMs: number
  #isDrawn = false

  constructor(output: Output, isQuiet: boolean, now: () => number = () => performance.now()) {
    this.#output = output
    this.#isQuiet = isQuiet
    this.#now = now
    this.#toldMs = output.isTTY === true ? Number.NEGATIVE_INFINITY : now()
  }

  /** Says how it stands, unless that was said a moment ago. */
  tell(text: string): void {
    const isTerminal = this.#output.isTTY === true
    const now = this.#now()
    if (this.#isQuiet || now - this.#toldMs < (isTerminal ? FRAME_MS : LOG_MS)) return
    this.#toldMs = now
    if (isTerminal) this.#output.write(`${ERASE_LINE}${text.slice(0, (this.#output.columns ?? 80) - 1)}`)
    else this.#output.write(`${text}\n`)
    this.#isDrawn = isTerminal
  }

  /** Takes the line away, so that something else can be written. */
  clear(): void {
    if (this.#isDrawn) this.#output.write(ERASE_LINE)
    this.#isDrawn = false
  }
}
