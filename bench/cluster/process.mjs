import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/**
 * Starts a process of this folder that does what hosts do, and waits until it says that it is ready.
 *
 * @param {string} script
 * @param {(string | number)[]} args
 * @returns {Promise<{ close: () => Promise<void> }>}
 */
export async function openProcess(script, args) {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args.map(String), { execArgv: [] })
  const gone = once(child, 'exit')
  const isReady = await Promise.race([once(child, 'message').then(() => true), gone.then(() => false)])
  if (!isReady) throw new Error(`${script} ended before it was ready; what is above says why`)
  return {
    async close() {
      child.disconnect()
      await gone
    },
  }
}
