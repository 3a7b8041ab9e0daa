// What exits.test.ts runs: ends, or waits to be ended, while its workers start.
import { type Kind, loop, open } from './open.ts'

const [kind, how] = process.argv.slice(2) as [Kind, string]

const pool = open(kind)
void pool.submit(loop)
void pool.submit(loop)
// Workers are started at the end of this turn.
setImmediate(() => {
  if (how === 'exit') process.exit(5)
  console.log('started')
  for (;;); // its workers hear nothing of it but its end
})
