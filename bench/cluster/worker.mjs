import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Starts `lanewise worker` with this package's functions, and waits until it takes chunks.
 *
 * @param {string} servers
 * @param {number} slots
 * @returns {Promise<{ close: () => Promise<void> }>}
 */
export async function openWorker(servers, slots) {
  const args = [
    'dist/cli/main.js',
    'worker',
    '--insecure',
    '--servers',
    servers,
    '--modules',
    '.',
    '--slots',
    `${slots}`,
  ]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
  process.once('exit', () => child.kill('SIGKILL'))
  const gone = once(child, 'exit')
  let said = ''
  /** @type {Promise<boolean>} */
  const hasBegun = new Promise((tell) => {
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text
      if (/ has \d+ slots/.test(said)) tell(true)
    })
  })
  if (!(await Promise.race([hasBegun, gone.then(() => false)]))) throw new Error(`lanewise worker ended: ${said}`)
  return {
    async close() {
      child.kill('SIGTERM')
      await gone
    },
  }
}
