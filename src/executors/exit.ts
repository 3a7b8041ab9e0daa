import type { ChildProcess } from 'node:child_process'

type Child = Pick<ChildProcess, 'pid' | 'kill'>

/** Children that the exit of this process ends: those that are busy. An idle one sees the end of its owner itself. */
export const endAtExit: Set<Child> = new Set()

let isWatching = false
let isOver = false

/**
 * Has the exit of this process end the children of `endAtExit`; to be called before there is one.
 *
 * It goes before the listeners that the program has by then. What those submit is dealt, if at all, behind the last of them: the children are signalled by
 * then, and a new one would begin a call that nobody waits for. So a pool of processes asks `isExiting`.
 */
export function watchExit(): void {
  if (isWatching) return
  isWatching = true
  process.prependListener('exit', () => {
    isOver = true
    for (const child of endAtExit) killChild(child, 'SIGKILL')
  })
}

/** Whether this process does no more than run what listens to its exit. */
export function isExiting(): boolean {
  return isOver
}

/** A child that could not be spawned has no id; Node 20 would signal process 0 in its place, which is our whole group. */
export function killChild(child: Child, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid !== undefined) child.kill(signal)
}
