import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

// A waiting set-up looks this often. Larger: it stands idle for longer after the other has ended. Smaller: it wakes for nothing.
const POLL_MS = 100

// A takeover is three system calls; one that is older was left by a process that died among them. Larger: the next set-up
// waits for nothing. Smaller: a process that the system paused there could be overtaken.
const TAKEOVER_MS = 10_000

// How a rename onto a folder that is not empty fails.
const TAKEN = process.platform === 'win32' ? ['EPERM', 'EACCES', 'EEXIST'] : ['ENOTEMPTY', 'EEXIST']

/**
 * Runs `work` while this process alone holds the lock `folder`, and gives the lock back however `work` ends.
 *
 *   free      there is no folder; whoever renames one of his own to this name has it
 *   held      the file `owner` in it has a living process's number; the owner renames it away to give it back
 *   abandoned its owner is dead; those who see it compete for the folder `takeover` in it, and the winner looks at the owner
 *             once more before he writes himself down
 *
 * An abandoned lock changes hands in place, since deleting it could delete the lock of whoever came first.
 *
 * @template T
 * @param {string} folder
 * @param {() => Promise<T>} work
 * @param {(owner: number | undefined) => void} onWait called once, if another process holds the lock
 * @returns {Promise<T>}
 */
export async function withLock(folder, work, onWait) {
  let waited = false
  while (!(take(folder) || takeOver(folder))) {
    if (!waited) onWait(ownerOf(folder))
    waited = true
    await sleep(POLL_MS)
  }
  try {
    return await work()
  } finally {
    renameSync(folder, ownFolder(folder))
    rmSync(ownFolder(folder), { recursive: true })
  }
}

/** @param {string} folder */
function take(folder) {
  const own = ownFolder(folder)
  mkdirSync(own, { recursive: true })
  sign(own)
  const taken = attempt(() => renameSync(own, folder), TAKEN)
  if (!taken) rmSync(own, { recursive: true })
  return taken
}

/** @param {string} folder */
function takeOver(folder) {
  if (!isAbandoned(folder)) return false
  const takeover = join(folder, 'takeover')
  if (!attempt(() => mkdirSync(takeover), ['EEXIST', 'ENOENT'])) {
    const since = statSync(takeover, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY
    if (Date.now() - since > TAKEOVER_MS) attempt(() => rmdirSync(takeover), ['ENOENT'])
    return false
  }
  const stillAbandoned = isAbandoned(folder)
  if (stillAbandoned) sign(folder)
  attempt(() => rmdirSync(takeover), ['ENOENT']) // the lock may have been given back, and this with it
  return stillAbandoned
}

/** @param {string} folder */
function isAbandoned(folder) {
  const owner = ownerOf(folder)
  return owner !== undefined && !isAlive(owner)
}

/**
 * Nobody, where there is no lock.
 *
 * @param {string} folder
 * @returns {number | undefined}
 */
function ownerOf(folder) {
  try {
    return Number.parseInt(readFileSync(join(folder, 'owner'), 'utf8'), 10)
  } catch {
    return undefined
  }
}

/** @param {string} folder */
function sign(folder) {
  writeFileSync(join(folder, 'owner'), String(process.pid))
}

/** @param {string} folder */
function ownFolder(folder) {
  return `${folder}-${process.pid}`
}

/** @param {number} pid */
function isAlive(pid) {
  if (pid === process.pid) return false // in a new container the number of the dead one can be ours
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM' // alive, and somebody else's
  }
}

/**
 * Whether the call succeeded; false means that it failed by one of the `expected` codes.
 *
 * @param {() => void} call
 * @param {string[]} expected
 */
function attempt(call, expected) {
  try {
    call()
    return true
  } catch (error) {
    if (expected.includes(codeOf(error) ?? '')) return false
    throw error
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code
}
