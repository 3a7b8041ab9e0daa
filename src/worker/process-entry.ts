import type { FromProcess, ToWorker } from '../wire/protocol.ts'
import { type Initializer, initialize } from './initialize.ts'
import { Loop } from './loop.ts'
import { ProcessLine } from './process-line.ts'
import { watchOwner } from './watch-owner.ts'

/** The first message to a worker process. */
export interface ProcessData {
  readonly initializer: Initializer | undefined
}

export function runProcess(): void {
  watchOwner()
  const send = (message: FromProcess): void => {
    process.send?.(message, () => {}) // the owner may be gone: then so are we
  }
  const line = new ProcessLine(send)
  const loop = new Loop(line)
  process.once('disconnect', () => process.exit(0))
  process.once('message', ({ initializer }: ProcessData) => {
    process.on('message', (message: ToWorker) => {
      if ('stop' in message) process.exit(0)
      if ('leave' in message && message.leave !== undefined) line.leave(message.leave)
      loop.receive(message)
    })
    void initialize(initializer, 'bytes').then((answer) => {
      send({ said: [answer] })
      if ('ready' in answer) loop.open()
    })
  })
}
