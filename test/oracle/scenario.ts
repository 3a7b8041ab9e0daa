import { readFileSync } from 'node:fs'

/** A value as JSON has it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** What the call of one index does: waits for its gate, then sleeps, then ends in the first of the ways that is given. */
export interface Behaviour {
  readonly gate?: string
  readonly sleep_ms?: number
  readonly exit?: number
  readonly raise?: string
  readonly msg?: string
  readonly unserialisable?: boolean
  readonly value?: Json
}

/** Iterable j of a map yields `1000 * j`, `1000 * j + 1` … */
export interface IterableSpec {
  readonly len?: number
  readonly inf?: boolean
  readonly raise_at?: number
  readonly raise?: string
  readonly not_iterable?: boolean
}

export interface MapStep {
  readonly op: 'map'
  readonly as: string
  readonly iterables?: readonly IterableSpec[]
  readonly timeout_s?: Json
  readonly chunksize?: Json
  readonly buffersize?: Json
}

/** Of an iterator: a map's, or that of as_completed. */
type IteratorStep =
  | { readonly op: 'next'; readonly it: string; readonly times?: number }
  | { readonly op: 'rest' | 'pulled' | 'close' | 'drop'; readonly it: string }

/** Of one future. */
type FutureStep =
  | { readonly op: 'result' | 'exception'; readonly f: string; readonly timeout_s?: Json }
  | { readonly op: 'set_result'; readonly f: string; readonly value: Json }
  | { readonly op: 'set_exception'; readonly f: string; readonly raise: string; readonly msg?: string }
  | { readonly op: 'add_done_callback'; readonly f: string; readonly tag: string; readonly raise?: string }
  | { readonly op: 'cancel' | 'set_running_or_notify_cancel' | 'repr' | 'flags'; readonly f: string }

/** Of several futures. */
type FuturesStep =
  | { readonly op: 'wait'; readonly fs: readonly string[]; readonly timeout_s?: Json; readonly return_when?: string }
  | { readonly op: 'as_completed'; readonly as: string; readonly fs: readonly string[]; readonly timeout_s?: Json }
  | { readonly op: 'state' | 'done'; readonly fs: readonly string[] }

export type Step =
  | MapStep
  | IteratorStep
  | FutureStep
  | FuturesStep
  | { readonly op: 'submit'; readonly as: string; readonly index: number }
  | { readonly op: 'future'; readonly as: string }
  | { readonly op: 'cancel_task'; readonly task: number }
  | { readonly op: 'tasks_done'; readonly tasks: readonly number[] }
  | { readonly op: 'open'; readonly gate: string }
  | { readonly op: 'started'; readonly index: number }
  | { readonly op: 'sleep'; readonly ms: number }
  | { readonly op: 'shutdown'; readonly wait?: boolean; readonly cancel_futures?: boolean }
  | { readonly op: 'task_states' | 'calls' | 'drop_executor' | 'terminate_workers' }

export interface Scenario {
  readonly id: string
  readonly about?: string
  readonly executor: 'thread' | 'process'
  readonly max_workers?: number
  readonly initializer?: 'ok' | 'raise'
  readonly semantics?: '3.16'
  readonly node?: string
  readonly behaviours?: { readonly [index: string]: Behaviour }
  readonly steps: readonly Step[]
}

/** An error as a trace tells of it: its class by name, its text, and the class of its cause where it has one. */
export interface Told {
  type: string
  msg?: string
  cause?: string
}

/** What one step reports. */
export interface StepTrace {
  op: string
  [key: string]: unknown
}

/** Everything that could be observed. */
export interface Trace {
  steps: StepTrace[]
  final: {
    /** The state of each task, in the order of submission. */
    tasks?: string[]
    /** Indexes that began, sorted. */
    calls?: number[]
    /** The same in their order, where there was one worker. */
    call_order?: number[]
    /** What each done callback saw: its tag, the name of the future, its state. */
    callbacks?: [tag: string, name: string | null, state: string][]
  }
}

/** A scenario with the trace that CPython gave. */
export interface Recorded {
  readonly scenario: Scenario
  readonly expected: Trace
  readonly reference?: string
}

/** Reads a file of scenarios, one a line. Errors: SyntaxError that names file and line. */
export function readScenarios(file: string): Recorded[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.flatMap((line, i) => {
    if (line.trim() === '') return []
    try {
      return [JSON.parse(withFloats(line)) as Recorded]
    } catch (error) {
      throw new SyntaxError(`${file}:${i + 1} is no scenario: ${String(error)}`, { cause: error })
    }
  })
}

/** Python's 2.0 is no integer; JavaScript's is. So a size that Python was given as a float becomes one that is none here either. */
function withFloats(line: string): string {
  return line.replace(/("(?:buffersize|chunksize)":\s*-?\d+)\.0+(?=\s*[,}])/g, '$1.5')
}

export function hasChunks(scenario: Scenario): boolean {
  return scenario.steps.some((step) => step.op === 'map' && typeof step.chunksize === 'number' && step.chunksize > 1)
}

export function gatesOf(scenario: Scenario): string[] {
  const gates = Object.values(scenario.behaviours ?? {}).flatMap(({ gate }) => gate ?? [])
  return [...new Set(gates)]
}
