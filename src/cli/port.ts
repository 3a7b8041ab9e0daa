import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as later } from 'node:timers/promises'
import { Complaint } from './command.ts'

/** A port of this machine that nobody listens at; somebody may, by the time it is used. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}

/** A server that has begun says so to nobody: it is tried, until it answers or ends. Errors: Complaint, if it ends. */
export async function listening(port: number, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null || server.signalCode !== null)
      throw new Complaint('nats-server ended before it was ready')
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      return
    } catch {
      await later(TRY_MS)
    } finally {
      socket.destroy()
    }
  }
}

const TRY_MS = 20
