import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const program = fileURLToPath(new URL('fixtures/orphans-program.mjs', import.meta.url))

it('servers and hosts of a test end with its process, though that is killed', async () => {
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  child.stdout.resume()
  child.kill('SIGKILL')
  await once(child.stdout, 'end') // nobody has it any more
  expect(child.signalCode).toBe('SIGKILL')
})
