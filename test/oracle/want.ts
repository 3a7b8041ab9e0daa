import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import type { Place } from './model/pool.ts'
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

/** A scenario at which hosts of a cluster part from other executors, with the trace that was decided and why. */
export interface DecidedOnHosts {
  readonly id: string
  readonly why: string
  readonly hosts: Trace
}

/** The traces of decided.jsonl. */
export function readDecided(): Decided[] {
  return readLines('decided.jsonl')
}

/** Those of decided-hosts.jsonl. */
export function readDecidedOnHosts(): DecidedOnHosts[] {
  return readLines('decided-hosts.jsonl')
}

function readLines<T>(file: string): T[] {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8')
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]))
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

export function modelTrace(scenario: Scenario, whose: 'CPython' | 'lanewise', place?: Place): Promise<Trace> {
  return play(scenario, new ModelStage(scenario, whose, place))
}

/** The trace that hosts have to show, in Python's words, or why a scenario makes no sense there. The model knows each scenario of ours. */
export async function wantedOfHosts(scenario: Scenario): Promise<{ trace: Trace } | { why: string }> {
  const { max_workers = 1, initializer, behaviours = {} } = scenario
  if (max_workers < 1) return { why: 'how many workers there are is for hosts to say: maxWorkers is refused' }
  if (initializer === 'raise') return { why: 'workers belong to hosts: initializer is refused' }
  if (Object.values(behaviours).some(({ exit }) => exit !== undefined)) {
    return { why: 'a host replaces its workers, so none can break the pool: onWorkerDeath is refused' }
  }
  const trace = await modelTrace(scenario, 'lanewise', 'hosts')
  return waitsForEver(trace)
    ? { why: 'it waits for a call to be cancelled, which was sent and so counts as running' }
    : { trace }
}

/** Whether a step waits for what never comes. */
function waitsForEver({ steps }: Trace): boolean {
  return /"gave_up"|"Hangs"/.test(JSON.stringify(steps))
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
export function kindsOf({ executor, max_workers, steps }: Scenario): Exclude<Kind, 'hosts'>[] {
  if (executor === 'process') return ['processes', 'threads']
  const isForInline = max_workers === 1 && !steps.some(({ op }) => op === 'terminate_workers')
  return isForInline ? ['threads', 'inline'] : ['threads']
}
