import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

// A thread that takes long to start: its calls must not be forgotten, nor the process end before it.
it('waits for a worker whose start takes longer than a start should', async () => {
  const program = fileURLToPath(new URL('fixtures/late-start-program.mjs', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 60_000, killSignal: 'SIGKILL' })
  expect(stdout).toBe('[ 0, 1, 4, 9 ]\n')
})
