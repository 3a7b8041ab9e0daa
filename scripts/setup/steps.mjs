import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * One thing to build: `command` makes `outputs` out of `inputs`. A path is a file or a whole folder, relative to the root.
 *
 * @typedef {object} Step
 * @property {string} name      what is made, for people; also its key in the state
 * @property {string[]} command arguments for this Node
 * @property {string[]} inputs
 * @property {string[]} outputs
 */

/**
 * Which steps are done: after a step succeeded, the hash of what it read and of what it wrote. Contents and not dates, since
 * a checkout gives every file a new date and a change of branch may give old contents back.
 */
export class StepRecord {
  #root
  #file
  /** @type {Record<string, { inputs: string, outputs: string }>} */
  #done

  /**
   * @param {string} root
   * @param {string} file where the record is kept
   */
  constructor(root, file) {
    this.#root = root
    this.#file = file
    this.#done = readRecord(file)
  }

  /** @param {Step} step */
  isCurrent(step) {
    const done = this.#done[step.name]
    return done !== undefined && done.inputs === this.#inputs(step) && done.outputs === this.#outputs(step)
  }

  /**
   * Runs the step. Folders that it writes are emptied first, or what an older source left there would stay.
   *
   * @param {Step} step
   * @returns {{ ok: boolean, output: string }}
   */
  run(step) {
    this.#forget(step) // one that is interrupted is not done
    const inputs = this.#inputs(step)
    for (const path of step.outputs) {
      const absolute = join(this.#root, path)
      if (statSync(absolute, { throwIfNoEntry: false })?.isDirectory()) rmSync(absolute, { recursive: true })
    }
    const { status, error, stdout, stderr } = spawnSync(process.execPath, step.command, {
      cwd: this.#root,
      encoding: 'utf8',
      maxBuffer: 64 << 20, // a compiler that finds the same mistake everywhere can say a lot
    })
    if (status !== 0) return { ok: false, output: error ? error.message : stdout + stderr }
    const missing = step.outputs.find((path) => !statSync(join(this.#root, path), { throwIfNoEntry: false }))
    if (missing) return { ok: false, output: `it ended well and yet there is no ${missing}\n` }
    this.#done[step.name] = { inputs, outputs: this.#outputs(step) }
    this.#save()
    return { ok: true, output: stdout + stderr }
  }

  /**
   * Removes what an earlier run of the step made, since it can't be made anew and what is left would be out of date. Outputs
   * that came from elsewhere stay.
   *
   * @param {Step} step
   */
  discard(step) {
    if (this.#done[step.name] === undefined) return
    this.#forget(step)
    for (const path of step.outputs) rmSync(join(this.#root, path), { recursive: true, force: true })
  }

  /** @param {Step} step */
  #forget(step) {
    delete this.#done[step.name]
    this.#save()
  }

  /** @param {Step} step */
  #inputs(step) {
    // What one step writes into the folder that another reads, and what it writes into its own, is in `outputs`.
    return hashOf(this.#root, step.inputs, step.outputs, JSON.stringify(step.command))
  }

  /** @param {Step} step */
  #outputs(step) {
    return hashOf(this.#root, step.outputs, [], '')
  }

  #save() {
    const draft = `${this.#file}.${process.pid}`
    writeFileSync(draft, `${JSON.stringify(this.#done, null, 2)}\n`)
    renameSync(draft, this.#file)
  }
}

/**
 * One hash over the names and contents of all files in `paths`, leaving out `except`, and over `more`. A path that is not there
 * counts as such.
 *
 * @param {string} root
 * @param {string[]} paths
 * @param {string[]} except
 * @param {string} more
 */
function hashOf(root, paths, except, more) {
  const hash = createHash('sha256').update(more)
  /** @param {string} path */
  const add = (path) => {
    if (except.includes(path)) return
    const absolute = join(root, path)
    const entry = statSync(absolute, { throwIfNoEntry: false })
    if (entry?.isDirectory()) {
      for (const name of readdirSync(absolute).sort()) add(`${path}/${name}`)
      return
    }
    // The lengths keep a file's end apart from the next one's name.
    const content = entry ? readFileSync(absolute) : undefined
    hash.update(`\0${path}\0${content?.length ?? 'missing'}\0`)
    if (content) hash.update(content)
  }
  for (const path of paths) add(path)
  return hash.digest('hex')
}

/** @param {string} file */
function readRecord(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return {} // the first set-up, or a record cut short: every step runs
  }
}
