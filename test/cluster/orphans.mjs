import { spawn } from 'node:child_process'

// Holds the other end of a pipe, in a group of its own: what ends this process, a signal to its group too, leaves it to read the end of that.
const source = `
  const pids = new Set()
  let rest = ''
  process.stdin.setEncoding('utf8')
  process.stdin.on('data', (text) => {
    const lines = (rest + text).split('\\n')
    rest = lines.pop()
    for (const line of lines) pids[line[0] === '+' ? 'add' : 'delete'](Number(line.slice(1)))
  })
  process.stdin.on('end', () => {
    for (const pid of pids) try { process.kill(pid, 'SIGKILL') } catch {}
  })
`

/** @type {import('node:child_process').ChildProcess | undefined} */
let watch

/** Has a child end with this process, however that ends. @param {import('node:child_process').ChildProcess} child */
export function endWithMe(child) {
  if (watch === undefined) {
    watch = spawn(process.execPath, ['-e', source], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
    watch.unref()
    const pipe = /** @type {import('node:net').Socket} */ (watch.stdin)
    pipe.unref()
    pipe.on('error', () => {}) // it was ended by somebody
  }
  const { stdin } = watch
  if (child.pid === undefined) return // it never began
  stdin?.write(`+${child.pid}\n`)
  child.once('exit', () => stdin?.write(`-${child.pid}\n`))
}
