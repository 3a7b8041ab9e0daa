import type { FromStand, StandEngine, ToStand } from './protocol.ts'
import { StandWork } from './serve.ts'

// The program of a stand: it answers its parent, one question at a time, and ends with it.

let work: StandWork | undefined

process.once('disconnect', () => process.exit()) // also where a worker would keep it alive
process.on('message', (question: ToStand) => {
  void answer(question).then((said) => process.send?.(said))
})
process.on('SIGINT', () => {}) // Ctrl-C goes to all of a terminal's programs: the parent closes this one, in order

async function answer(question: ToStand): Promise<FromStand> {
  try {
    if ('open' in question) {
      work = new StandWork(question.open.workload, question.open.engine as StandEngine)
      return { done: true }
    }
    if (work === undefined) throw new Error('a stand is opened first')
    return await work.answer(question)
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error)
    return { failed, cannotMeasure: false }
  }
}
