import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'

/**
 * What a figure depends on beside the code.
 *
 * @typedef {object} Machine
 * @property {string} platform
 * @property {string} cpu
 * @property {number} cores     that this process may use
 * @property {number} memoryGb
 * @property {string} node
 * @property {string} python
 * @property {Record<string, string>} packages ours and the peers'
 * @property {string} commit    with a + where files had changed since
 */

/**
 * @param {string} root
 * @returns {Machine}
 */
export function describeMachine(root) {
  const peers = Object.keys(readJson(join(root, 'bench/peers/package.json')).dependencies)
  return {
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    python: outputOf('python3', ['-c', 'import platform; print(platform.python_version())']) ?? 'none',
    packages: {
      lanewise: readJson(join(root, 'package.json')).version,
      ...Object.fromEntries(
        peers.map((peer) => [peer, readJson(join(root, `bench/peers/node_modules/${peer}/package.json`)).version]),
      ),
    },
    commit: commitOf(root),
  }
}

/** A short name for files, without a host's own name. */
export function machineName() {
  return `${process.platform}-${process.arch}-${availableParallelism()}cpu`
}

/** How many programs wanted a core in the last minute: above the count of cores, somebody else is at work here. */
export function loadOfLastMinute() {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100
}

/** @param {string} root */
function commitOf(root) {
  const commit = outputOf('git', ['-C', root, 'rev-parse', '--short', 'HEAD'])
  if (commit === undefined) return 'unknown'
  return outputOf('git', ['-C', root, 'status', '--porcelain', '--untracked-files=no']) === '' ? commit : `${commit}+`
}

/**
 * What a program prints; undefined where it cannot be run.
 *
 * @param {string} command
 * @param {string[]} args
 */
function outputOf(command, args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}

/** @param {string} path */
function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'))
}
