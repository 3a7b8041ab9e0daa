import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { CannotMeasure } from './case.mjs'

/** @import { Sample } from './case.mjs' */
/** @import { FromSubject, ToSubject } from './subject.mjs' */

const script = fileURLToPath(new URL('subject.mjs', import.meta.url))

/** A subject in a process of its own, asked one thing at a time. */
export class SubjectProcess {
  /** Of the subject. */
  name
  #child
  /** @type {FromSubject[]} */
  #answers = []
  #hasEnded = false
  #tell = () => {}

  /**
   * @param {string} caseName
   * @param {string} subjectName
   * @param {string} timer a name of bench/engines
   */
  constructor(caseName, subjectName, timer) {
    this.name = subjectName
    this.#child = fork(script, [caseName, subjectName, timer])
    this.#child.on('message', (message) => {
      this.#answers.push(/** @type {FromSubject} */ (message))
      this.#tell()
    })
    // Not at `exit`: its last answer may come behind that.
    this.#child.once('close', () => {
      this.#hasEnded = true
      this.#tell()
    })
  }

  /** The names of its configurations, once it is open. Errors: CannotMeasure. */
  async opened() {
    const answer = await this.#answer()
    if ('cannotMeasure' in answer) throw new CannotMeasure(answer.cannotMeasure)
    return 'names' in answer ? answer.names : []
  }

  /**
   * @param {string} name of a configuration
   * @returns {Promise<Sample>}
   */
  async run(name) {
    const answer = await this.#ask({ run: name })
    if ('sample' in answer) return answer.sample
    throw new Error(`${this.name} answered ${JSON.stringify(answer)} instead of a sample`)
  }

  async close() {
    await this.#ask({ close: true })
  }

  /** It ends when nobody is at the other end; whoever still waits for an answer is told that it has. */
  leave() {
    this.#hasEnded = true // a `close` is not told of a channel that this side has left
    this.#tell()
    if (this.#child.connected) this.#child.disconnect()
  }

  /** @param {ToSubject} message */
  #ask(message) {
    this.#child.send(message, () => {}) // where the process has ended, the answer says so
    return this.#answer()
  }

  async #answer() {
    while (this.#answers.length === 0 && !this.#hasEnded) await this.#news()
    const answer = this.#answers.shift()
    if (answer === undefined) throw new Error(`the process of ${this.name} ended; what is above says why`)
    return answer
  }

  /** @returns {Promise<void>} */
  #news() {
    return new Promise((resolve) => {
      this.#tell = resolve
    })
  }
}
