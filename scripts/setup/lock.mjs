import { mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

// A waiting set-up looks this often. Larger: it stands idle for longer after the other has ended. Smaller: it wakes for nothing.
const POLL_MS = 100

// A lock without an owner, or a takeover, older than this was left by a process that died between two system calls. Larger:
// the next set-up waits for nothing. Smaller: a process that the system paused in between could lose its lock.
const ABANDONED_MS = 10_000

/**
 * Runs `work` while this process alone holds the lock `folder`, and gives the lock back however `work` ends.
 *
 * A lock is a folder, since exactly one `mkdir` of it succeeds; the file `owner` in it has the process id. A lock whose owner
 * is dead changes hands in place: deleting it could delete the lock of whoever came first. Those who find such a lock compete
 * for the folder `takeover` inside it, and the winner looks at the owner once more before it writes itself down.
 *
 * @template T
 * @param {string} folder its parent must exist
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
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** @param {string} folder */
function take(folder) {
  if (!makeFolder(folder, 'EEXIST')) return false
  writeFileSync(join(folder, 'owner'), String(process.pid))
  return true
}

/** @param {string} folder */
function takeOver(folder) {
  if (!isAbandoned(folder)) return false
  const takeover = join(folder, 'takeover')
  // ENOENT: the lock has just been given back.
  if (!makeFolder(takeover, 'EEXIST', 'ENOENT')) {
    if (ageOf(takeover) > ABANDONED_MS) removeFolder(takeover)
    return false
  }
  const stillAbandoned = isAbandoned(folder)
  if (stillAbandoned) writeFileSync(join(folder, 'owner'), String(process.pid))
  removeFolder(takeover)
  return stillAbandoned
}

/** @param {string} folder */
function isAbandoned(folder) {
  const owner = ownerOf(folder)
  return owner === undefined ? ageOf(folder) > ABANDONED_MS : !isAlive(owner)
}

/**
 * @param {string} folder
 * @returns {number | undefined}
 */
function ownerOf(folder) {
  try {
    return Number.parseInt(readFileSync(join(folder, 'owner'), 'utf8'), 10) || undefined
  } catch {
    return undefined // the owner has not written it yet, or has just gone
  }
}

/** @param {number} pid */
function isAlive(pid) {
  if (pid === process.pid) return false // in a new container the number of the dead one can be ours
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM' // alive, and somebody else's
  }
}

/**
 * Milliseconds since `path` was changed; 0 where there is none, since then there is nothing to take over.
 *
 * @param {string} path
 */
function ageOf(path) {
  const entry = statSync(path, { throwIfNoEntry: false })
  return entry ? Date.now() - entry.mtimeMs : 0
}

/**
 * Whether this very call made the folder; false means that something else stands in the way, by one of the `expected` codes.
 *
 * @param {string} path
 * @param {string[]} expected
 */
function makeFolder(path, ...expected) {
  try {
    mkdirSync(path)
    return true
  } catch (error) {
    if (expected.includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? '')) return false
    throw error
  }
}

/** @param {string} path */
function removeFolder(path) {
  try {
    rmdirSync(path)
  } catch {
    // Whoever held the lock has removed it together with the lock.
  }
}
