import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { freePort, listening } from '../../src/cli/port.ts'

/** A process that does nothing, and ends with its input. */
const idle = () => spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] })

describe('waiting for a server', () => {
  it('is over when something listens', async () => {
    const port = await freePort()
    const child = idle()
    const waited = listening(port, child)
    const server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1')
    await waited
    expect(server.listening).toBe(true)
    server.close()
    child.stdin.end()
    await once(child, 'exit')
  })

  it.each([
    ['by itself', (child: ReturnType<typeof idle>) => child.stdin.end()],
    ['by a signal', (child: ReturnType<typeof idle>) => child.kill('SIGKILL')],
  ])('fails when the server ends %s', async (_how, end) => {
    const port = await freePort()
    const child = idle()
    const waited = listening(port, child)
    end(child)
    await expect(waited).rejects.toThrow('nats-server ended before it was ready')
  })
})
