import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { ModelStage } from './model/stage.ts'
import { play } from './play.ts'
import type { Kind } from './run.ts'
import type { Recorded, Scenario, Trace } from './scenario.ts'

/** A scenario at which lanewise parts from CPython, with the trace that was decided and why. */
export interface Decided {
  readonly id: string
  readonly why: string
  readonly cpython: Trace
  readonly lanewise: Trace
}

/** The traces of decided.jsonl. */
export function readDecided(): Decided[] {
  const text = readFileSync(new URL('./decided.jsonl', import.meta.url), 'utf8')
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Decided]))
}

/**
 * The trace that lanewise has to show, in Python's words, and where it is from:
 *
 *   decided   decided.jsonl holds this very scenario
 *   rules     the model knows the scenario, since as CPython it gives the recorded trace: so what it gives as lanewise
 *   CPython   the model does not know it: the recorded trace as it stands
 */
export async function wantedTrace({ scenario, expected }: Recorded): Promise<{ trace: Trace; from: string }> {
  const decided = readDecided().find(({ id, cpython }) => id === scenario.id && isSameTrace(cpython, expected))
  if (decided !== undefined) return { trace: decided.lanewise, from: 'decided' }
  try {
    if (isSameTrace(await modelTrace(scenario, 'CPython'), expected)) {
      return { trace: await modelTrace(scenario, 'lanewise'), from: 'rules' }
    }
  } catch {
    // A step or an argument that the model has no idea of.
  }
  return { trace: expected, from: 'CPython' }
}

export function modelTrace(scenario: Scenario, whose: 'CPython' | 'lanewise'): Promise<Trace> {
  return play(scenario, new ModelStage(scenario, whose))
}

export function isSameTrace(one: Trace, other: Trace): boolean {
  return isDeepStrictEqual(plain(one), plain(other))
}

/** A recorded trace has an id besides, and one that was made has undefined fields. */
export function plain({ steps, final }: Trace): Trace {
  return JSON.parse(JSON.stringify({ steps, final }))
}

/** What makes no sense outside Python: errors that are no Exception, and bools that are integers. */
export function isPythonOnly({ node = '', steps }: Scenario): boolean {
  const isBool = steps.some((step) => step.op === 'map' && typeof step.buffersize === 'boolean')
  return node.startsWith('python only') || isBool
}

/** The executors that a scenario is played on. */
export function kindsOf({ executor, max_workers, steps }: Scenario): Kind[] {
  if (executor === 'process') return ['processes', 'threads']
  const isForInline = max_workers === 1 && !steps.some(({ op }) => op === 'terminate_workers')
  return isForInline ? ['threads', 'inline'] : ['threads']
}
