import type { MessagePort } from 'node:worker_threads'
import type { ToWorker } from '../wire/protocol.ts'
import { EXIT, ring, wordsOn } from '../wire/words.ts'
import { type Initializer, initialize } from './initialize.ts'
import { Loop } from './loop.ts'
import { ThreadLine } from './thread-line.ts'

/** What a worker thread is born with. */
export interface ThreadData {
  readonly lanewise: 1
  readonly port: MessagePort
  readonly memory: SharedArrayBuffer
  readonly bell: Int32Array
  readonly initializer: Initializer | undefined
}

export function runThread({ port, memory, bell, initializer }: ThreadData): void {
  const words = wordsOn(memory)
  // A caller that blocks hears no event: it looks at this word.
  process.on('exit', (code) => {
    Atomics.store(words.ints, EXIT, 1 + code)
    ring(bell)
  })
  const line = new ThreadLine(words, bell, port)
  const loop = new Loop(line)
  port.on('message', (message: ToWorker) => {
    if ('stop' in message) process.exit(0)
    loop.receive(message)
  })
  void initialize(initializer, 'thread').then((answer) => {
    // In the event loop: only from then on can a caller that blocks see this thread's death (ThreadWorker.lookAlive).
    setImmediate(() => {
      port.postMessage(answer)
      ring(bell)
      if ('ready' in answer) loop.open()
    })
  })
}
