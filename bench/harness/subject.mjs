/**
 * The process of one subject of one case. It runs what it is told to, one configuration at a time, and ends with its parent.
 *
 *   subject.mjs <case> <subject> <timer>
 */
import { timerNamed } from '../engines/timer.mjs'
import { CannotMeasure, useTimer } from './case.mjs'

/** @import { Case, Sample, Subject } from './case.mjs' */

/**
 * @typedef {{ run: string } | { close: true }} ToSubject
 * @typedef {{ names: string[] } | { cannotMeasure: string } | { sample: Sample } | { closed: true }} FromSubject
 */

const [caseName, subjectName, timerName] = /** @type {[string, string, string]} */ (process.argv.slice(2))
useTimer(await timerNamed(timerName))
/** @type {{ default: Case }} */
const { default: opened } = await import(`../cases/${caseName}.mjs`)
/** @type {Subject} */
let subject

process.once('disconnect', () => process.exit()) // also where a worker of the subject would keep it alive
process.on('message', (/** @type {ToSubject} */ message) => {
  void doAsTold(message) // what it throws ends this process, and that is told
})

try {
  subject = await open()
  answer({ names: Object.keys(subject.configurations) })
} catch (error) {
  if (!(error instanceof CannotMeasure)) throw error
  answer({ cannotMeasure: error.message })
}

function open() {
  const open = opened.subjects[subjectName]
  if (open === undefined) throw new RangeError(`${caseName} has no subject ${subjectName}`)
  return open()
}

/** @param {ToSubject} message */
async function doAsTold(message) {
  if ('run' in message) answer({ sample: await run(message.run) })
  else {
    await subject.close()
    answer({ closed: true })
  }
}

/** @param {string} name */
function run(name) {
  const run = subject.configurations[name]
  if (run === undefined) throw new RangeError(`${subjectName} has no configuration ${name}`)
  return run()
}

/** @param {FromSubject} message */
function answer(message) {
  process.send?.(message, () => {}) // nobody is there to hear it where the case was stopped
}
